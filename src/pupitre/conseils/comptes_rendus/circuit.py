"""From the draft to the lock: the president validates, members read and remark, the number is given."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from pupitre.acces import actes
from pupitre.acces.models import LienActe
from pupitre.annuaire.models import Personne
from pupitre.conseils.comptes_rendus import papiers
from pupitre.conseils.comptes_rendus.redaction import a_regler, etat_de, passer, verrou
from pupitre.conseils.etats import EtatCompteRendu
from pupitre.conseils.models import CompteRendu, Convocation, Remarque
from pupitre.conseils.seances import reglages
from pupitre.conseils.seances.erreurs import GesteRefuse
from pupitre.conseils.seances.pieces import ecrire
from pupitre.observatoire.diffusion.circuit import viseurs
from pupitre.socle import horloge
from pupitre.socle.courriel import Bouton, Lettre, Piece
from pupitre.socle.courriel.envoi import adresse_complete, poster
from pupitre.socle.texte import date_longue, pluriel
from pupitre.territoires.models import Conseil

VALIDATION, REMARQUE = "validation-compte-rendu", "remarque"
JOURS_DE_VALIDATION, FENETRE = 30, 15


def _exiger(compte_rendu: CompteRendu, *attendus: str) -> None:
    etat = etat_de(compte_rendu)
    if etat not in attendus:
        raise GesteRefuse(
            "Ce geste n’est pas possible.",
            f"Le compte rendu est {EtatCompteRendu(etat).label}.",
            "Rechargez la page pour voir où il en est.",
        )


@transaction.atomic
def soumettre(*, compte_rendu: CompteRendu, auteur=None) -> int:
    """Ask the president to validate. How many letters leave.

    Raises:
        GesteRefuse: words that look like a personal case, not a draft, or nobody who may validate.
    """
    tenu = verrou(compte_rendu)
    _exiger(tenu, EtatCompteRendu.BROUILLON)
    reste = a_regler(tenu)
    if reste:
        raise GesteRefuse(
            "Le compte rendu n’est pas soumis.",
            f"{pluriel(len(reste), 'passage semble', 'passages semblent')} désigner une personne, ce qu’une "
            "formation plénière ou restreinte n’évoque pas.",
            "Corrigez le texte, ou dites pour chacun pourquoi il peut rester.",
        )
    conseil = tenu.seance.formation.conseil
    qui = viseurs(conseil)
    if not qui:
        raise GesteRefuse(
            "Le compte rendu n’est pas soumis.",
            "Personne ne peut le valider au nom de la présidence.",
            "Donnez à la présidence un compte, ou une adresse dans la liste de diffusion.",
        )
    passer(tenu, EtatCompteRendu.SOUMIS, auteur=auteur)
    rang = tenu.evenements.count()
    for nom, email in qui:
        lien = actes.creer(
            acte=VALIDATION, objet=tenu.pk, conseil=conseil, nom=nom, email=email, jours=JOURS_DE_VALIDATION,
            auteur=auteur,
        )  # fmt: skip
        _poster(
            tenu,
            Lettre(
                objet=f"À valider\u202f: compte rendu, {tenu.seance}",
                paragraphes=(
                    f"Le compte rendu de la séance «\u202f{tenu.seance}\u202f» est prêt. Il partira aux membres quand "
                    "vous l’aurez validé.",
                ),
                bouton=Bouton(
                    "Lire et valider",
                    adresse_complete(reverse("compte-rendu-valider", args=[actes.jeton(lien)])),
                ),
                pied="Ce lien vous est personnel et ne sert qu’une fois.",
            ),
            f"validation-cr:{tenu.pk}:{rang}",
            nom,
            email,
        )
    return len(qui)


def _poster(compte_rendu: CompteRendu, lettre: Lettre, cle: str, nom: str, email: str) -> bool:
    conseil = compte_rendu.seance.formation.conseil
    _, nouveau = poster(
        lettre,
        cle=cle,
        destinataire=email,
        nom=nom,
        categorie="compte-rendu",
        perimetre=conseil.slug,
        expediteur=str(conseil),
        repondre_a=reglages.reglage(conseil).repondre_a,
    )
    return nouveau


@transaction.atomic
def valider(*, compte_rendu: CompteRendu, nom: str, lien: LienActe | None = None, auteur=None) -> None:
    """Raises GesteRefuse when nobody waits for it any more."""
    tenu = verrou(compte_rendu)
    _exiger(tenu, EtatCompteRendu.SOUMIS)
    if lien is not None:
        actes.accomplir(lien, "validé")
    passer(tenu, EtatCompteRendu.VALIDE, auteur=auteur, nom=nom)
    actes.retirer_tous(acte=VALIDATION, objet=tenu.pk)


@transaction.atomic
def renvoyer(
    *, compte_rendu: CompteRendu, remarque: str, nom: str, lien: LienActe | None = None, auteur=None
) -> None:
    """Back to the team, with what must change."""
    tenu = verrou(compte_rendu)
    _exiger(tenu, EtatCompteRendu.SOUMIS)
    if not remarque.strip():
        raise GesteRefuse(
            "Le compte rendu n’est pas renvoyé.",
            "Il manque ce qui doit changer.",
            "Écrivez-le en une phrase.",
        )
    if lien is not None:
        actes.accomplir(lien, "renvoyé")
    passer(tenu, EtatCompteRendu.BROUILLON, auteur=auteur, nom=nom, raison=remarque.strip())
    actes.retirer_tous(acte=VALIDATION, objet=tenu.pk)


@transaction.atomic
def reprendre(*, compte_rendu: CompteRendu, auteur=None) -> None:
    """The team takes it back before it leaves: what is sent is what is validated."""
    tenu = verrou(compte_rendu)
    _exiger(tenu, EtatCompteRendu.SOUMIS, EtatCompteRendu.VALIDE)
    passer(tenu, EtatCompteRendu.BROUILLON, auteur=auteur, raison="Repris par l’équipe.")
    actes.retirer_tous(acte=VALIDATION, objet=tenu.pk)


@transaction.atomic
def diffuser(*, compte_rendu: CompteRendu, auteur=None) -> int:
    """To all who were called: the document, and a link for their remarks. How many letters."""
    tenu = verrou(compte_rendu)
    _exiger(tenu, EtatCompteRendu.VALIDE)
    passer(tenu, EtatCompteRendu.DIFFUSE, auteur=auteur)
    tenu.remarques_jusqu_au = horloge.aujourdhui() + timedelta(days=FENETRE)
    tenu.save(update_fields=["remarques_jusqu_au"])
    relatif = f"seances/{tenu.seance_id}/compte-rendu-{tenu.version}.pdf"
    ecrire(relatif, papiers.document(tenu, EtatCompteRendu.DIFFUSE, "pdf"))
    appels = (
        Convocation.objects.filter(seance=tenu.seance).exclude(personne__email="").select_related("personne")
    )
    return sum(_envoyer(tenu, c.personne, relatif, auteur) for c in appels)


def _envoyer(compte_rendu: CompteRendu, personne: Personne, relatif: str, auteur) -> bool:
    conseil = compte_rendu.seance.formation.conseil
    lien = actes.creer(
        acte=REMARQUE,
        objet=f"{compte_rendu.pk}:{personne.pk}",
        conseil=conseil,
        nom=str(personne),
        email=personne.email,
        jours=FENETRE + 1,
        gestes_max=0,
        auteur=auteur,
    )
    limite = date_longue(compte_rendu.remarques_jusqu_au)
    return _poster(
        compte_rendu,
        Lettre(
            objet=f"Compte rendu\u202f: {compte_rendu.seance}",
            paragraphes=(
                f"Le compte rendu de la séance «\u202f{compte_rendu.seance}\u202f» est joint.",
                f"Si quelque chose n’y est pas juste, dites-le avant le {limite}\u202f: votre remarque y sera jointe, "
                "avec la réponse qui lui est faite.",
            ),
            bouton=Bouton(
                "Faire une remarque", adresse_complete(reverse("remarque", args=[actes.jeton(lien)]))
            ),
            pied="Sans remarque d’ici là, il sera considéré comme approuvé. Ce lien vous est personnel.",
            pieces=(Piece("compte-rendu.pdf", relatif),),
        ),
        f"compte-rendu:{compte_rendu.pk}:{personne.pk}",
        str(personne),
        personne.email,
    )


@transaction.atomic
def remarquer(*, lien: LienActe, texte: str) -> Remarque:
    """What a member asks to change. Raises GesteRefuse once the window is closed."""
    compte_rendu, personne = du_lien(lien)
    tenu = verrou(compte_rendu)
    if etat_de(tenu) != EtatCompteRendu.DIFFUSE:
        raise GesteRefuse(
            "Votre remarque n’est pas enregistrée.",
            "Le compte rendu n’en reçoit plus.",
            "Écrivez à la coordination, qui peut en faire une nouvelle version.",
        )
    if not texte.strip():
        raise GesteRefuse(
            "Votre remarque n’est pas enregistrée.", "Elle est vide.", "Écrivez ce qui doit changer."
        )
    actes.accomplir(lien, "remarque")
    return Remarque.objects.create(compte_rendu=tenu, personne=personne, texte=texte.strip()[:4000])


def du_lien(lien: LienActe) -> tuple[CompteRendu, Personne]:
    """Raises CompteRendu.DoesNotExist, Personne.DoesNotExist."""
    cle, _, personne = lien.objet.partition(":")
    return (
        CompteRendu.objects.select_related("seance__formation__conseil").get(
            pk=cle, seance__formation__conseil=lien.conseil_id
        ),
        Personne.objects.get(pk=personne, conseil=lien.conseil_id),
    )


@transaction.atomic
def repondre(*, remarque: Remarque, retenue: bool, reponse: str, auteur=None) -> None:
    """A remark that is not kept is answered with a reason."""
    _exiger(verrou(remarque.compte_rendu), EtatCompteRendu.DIFFUSE)
    if not retenue and not reponse.strip():
        raise GesteRefuse(
            "La réponse n’est pas enregistrée.",
            "Une remarque écartée a droit à une raison.",
            "Écrivez-la en une phrase.",
        )
    remarque.retenue, remarque.reponse = retenue, reponse.strip() or "Retenue."
    remarque.save(update_fields=["retenue", "reponse"])


@transaction.atomic
def verrouiller(*, compte_rendu: CompteRendu, auteur=None) -> CompteRendu:
    """Number it, archive the document with its fingerprint, close the links. Nothing changes it afterwards.

    Raises:
        GesteRefuse: not sent yet, or a remark has no answer.
    """
    tenu = verrou(compte_rendu)
    _exiger(tenu, EtatCompteRendu.DIFFUSE)
    sans_reponse = tenu.remarques.filter(retenue__isnull=True).count()
    if sans_reponse:
        raise GesteRefuse(
            "Le compte rendu n’est pas verrouillé.",
            f"{pluriel(sans_reponse, 'remarque attend', 'remarques attendent')} une réponse.",
            "Répondez-y, puis verrouillez-le.",
        )
    precedente = tenu.seance.comptes_rendus.filter(version__lt=tenu.version).order_by("-version").first()
    tenu.numero = precedente.numero if precedente and precedente.numero else _numero(tenu)
    contenu = papiers.document(tenu, EtatCompteRendu.VERROUILLE, "pdf")
    tenu.sha256 = hashlib.sha256(contenu).hexdigest()
    tenu.chemin = f"seances/{tenu.seance_id}/compte-rendu-{tenu.numero}-v{tenu.version}.pdf"
    ecrire(tenu.chemin, contenu)
    tenu.save(update_fields=["numero", "chemin", "sha256"])
    passer(tenu, EtatCompteRendu.VERROUILLE, auteur=auteur)
    if precedente and etat_de(precedente) == EtatCompteRendu.VERROUILLE:
        passer(
            precedente,
            EtatCompteRendu.REMPLACE,
            auteur=auteur,
            raison=f"Remplacé par la version {tenu.version}.",
        )
    for lien in LienActe.objects.filter(
        acte=REMARQUE, objet__startswith=f"{tenu.pk}:", revoque_le__isnull=True
    ):
        actes.retirer(lien)
    return tenu


def _numero(compte_rendu: CompteRendu) -> str:
    """The next one of the council in the year of the séance: no gap, whoever locks at the same time."""
    conseil = compte_rendu.seance.formation.conseil_id
    Conseil.objects.select_for_update(of=("self",)).get(pk=conseil)
    debut = compte_rendu.seance.debut
    annee = (timezone.localdate(debut) if debut else horloge.aujourdhui()).year
    pris = (
        CompteRendu.objects.filter(seance__formation__conseil=conseil, numero__startswith=f"{annee}-")
        .values_list("numero", flat=True)
        .distinct()
    )
    return f"{annee}-{1 + max((int(n.partition('-')[2]) for n in pris), default=0):03}"


def verrouiller_les_echus(jour: date) -> int:
    """Those whose window is past and whose remarks are all answered."""
    echus = [
        c
        for c in CompteRendu.objects.filter(remarques_jusqu_au__lt=jour, sha256="")
        if etat_de(c) == EtatCompteRendu.DIFFUSE and not c.remarques.filter(retenue__isnull=True).exists()
    ]
    for compte_rendu in echus:
        verrouiller(compte_rendu=compte_rendu)
    return len(echus)
