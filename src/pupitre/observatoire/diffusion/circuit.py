"""From the draft to the readers: visa of the president, then diffusion to the list."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from contextlib import contextmanager

from django.db import transaction
from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.acces.models import Habilitation, LienActe
from pupitre.observatoire.diffusion import envois, fichiers
from pupitre.observatoire.diffusion.editions import VISA, EditionRefusee, etat_de, noter
from pupitre.observatoire.diffusion.listes import poster_au_nom, reglage
from pupitre.observatoire.etats import EtatBulletin
from pupitre.observatoire.models import Bulletin, Destinataire
from pupitre.socle import horloge
from pupitre.socle.courriel import Bouton, Lettre
from pupitre.socle.courriel.envoi import adresse_complete, deja_poste
from pupitre.socle.texte import date_longue
from pupitre.territoires.models import Conseil

JOURS_VISA = 21


def viseurs(conseil: Conseil) -> list[tuple[str, str]]:
    """(name, address) of those who give the president's visa: the list, then the accounts with that role."""
    trouves = {
        d.email.lower(): d.nom for d in Destinataire.objects.filter(conseil=conseil, viseur=True, actif=True)
    }
    presidents = Habilitation.objects.actives().filter(conseil=conseil, role=Role.PRESIDENT)
    for h in presidents.select_related("utilisateur"):
        trouves.setdefault(h.utilisateur.email.lower(), str(h.utilisateur))
    return [(nom, email) for email, nom in trouves.items()]


def _verrou(bulletin: Bulletin) -> Bulletin:
    return Bulletin.objects.select_for_update(of=("self",)).select_related("conseil").get(pk=bulletin.pk)


@transaction.atomic
def soumettre(*, bulletin: Bulletin, auteur=None) -> int:
    """Ask for the visa, by a letter to each who may give it. Gives how many letters leave.

    Raises:
        EditionRefusee: nobody can give it, or the edition is not a draft.
    """
    verrou = _verrou(bulletin)
    _attendu(verrou, EtatBulletin.BROUILLON, EtatBulletin.RENVOYE)
    qui = viseurs(verrou.conseil)
    if not qui:
        raise EditionRefusee(
            "Personne ne peut donner le visa.",
            "Aucun compte n’a le rôle de la présidence, et aucun destinataire n’est désigné pour viser.",
            "Cochez «\u202fdonne le visa de la présidence\u202f» pour une personne de la liste de diffusion.",
        )
    noter(verrou, EtatBulletin.SOUMIS, auteur=auteur)
    rang = verrou.evenements.filter(etat=EtatBulletin.SOUMIS).count()
    for nom, email in qui:
        _demander_visa(verrou, nom, email, f"visa:{verrou.pk}:{rang}", auteur)
    return len(qui)


def _demander_visa(bulletin: Bulletin, nom: str, email: str, cle: str, auteur=None) -> bool:
    """Whether a letter was written: the same reason never writes twice."""
    if deja_poste(cle, email):
        return False
    lien = actes.creer(
        acte=VISA,
        objet=bulletin.pk,
        conseil=bulletin.conseil,
        nom=nom,
        email=email,
        jours=JOURS_VISA,
        auteur=auteur,
    )
    lettre = Lettre(
        objet=f"Votre visa\u202f: {bulletin.titre}",
        paragraphes=(
            f"{bulletin.titre} est prêt. Il partira à ses destinataires quand vous aurez donné votre visa.",
            "Le bouton ouvre une page où lire le document, donner le visa, ou le renvoyer avec une remarque. "
            "Aucun mot de passe n’est demandé\u202f: ce lien vous est personnel, ne le transférez pas.",
        ),
        bouton=Bouton("Lire et viser", adresse_complete(reverse("visa", args=[actes.jeton(lien)]))),
        pied="Vous recevez ce message parce que la diffusion se fait sous l’autorité de la présidence du conseil.",
    )
    poster_au_nom(bulletin.conseil, lettre, cle=cle, nom=nom, email=email, categorie="visa")
    return True


def relancer_visa(*, bulletin: Bulletin, cle: str) -> int:
    """A reminder to those who have not answered; the former links stay good."""
    return sum(_demander_visa(bulletin, nom, email, cle) for nom, email in viseurs(bulletin.conseil))


@transaction.atomic
def viser(*, bulletin: Bulletin, nom: str, auteur=None, lien: LienActe | None = None) -> None:
    """Give the visa, from an account or from a personal link.

    Raises:
        EditionRefusee: it is no longer asked for. LienRefuse: the link has served.
    """
    verrou = _verrou(bulletin)
    _attendu(verrou, EtatBulletin.SOUMIS)
    if lien is not None:
        actes.accomplir(lien, "visa donné")
    noter(verrou, EtatBulletin.VISE, auteur=auteur, nom=nom)
    actes.retirer_tous(acte=VISA, objet=verrou.pk)


@transaction.atomic
def renvoyer(
    *, bulletin: Bulletin, remarque: str, nom: str, auteur=None, lien: LienActe | None = None
) -> None:
    """Send the draft back with what should change.

    Raises:
        EditionRefusee: no remark, or no longer asked for. LienRefuse: the link has served.
    """
    if not remarque.strip():
        raise EditionRefusee(
            "Le document n’est pas renvoyé.",
            "La remarque manque\u202f: l’équipe ne saurait pas quoi reprendre.",
            "Écrivez en une phrase ce qui doit changer.",
        )
    verrou = _verrou(bulletin)
    _attendu(verrou, EtatBulletin.SOUMIS)
    if lien is not None:
        actes.accomplir(lien, "renvoyé avec une remarque")
    noter(verrou, EtatBulletin.RENVOYE, auteur=auteur, nom=nom, raison=remarque.strip())
    actes.retirer_tous(acte=VISA, objet=verrou.pk)


@transaction.atomic
def reprendre(*, bulletin: Bulletin, auteur=None) -> None:
    """Take a draft back from the visa."""
    verrou = _verrou(bulletin)
    _attendu(verrou, EtatBulletin.SOUMIS)
    noter(verrou, EtatBulletin.BROUILLON, auteur=auteur, raison="Retiré du visa par l’équipe.")
    actes.retirer_tous(acte=VISA, objet=verrou.pk)


def _attendu(bulletin: Bulletin, *etats: EtatBulletin) -> None:
    etat = etat_de(bulletin)
    if etat not in etats:
        raise EditionRefusee(
            f"Cette édition est «\u202f{etat.label}\u202f».",
            "Quelqu’un l’a peut-être fait avancer pendant ce temps.",
            "Ouvrez-la pour voir où elle en est.",
        )


def diffuser(*, bulletin: Bulletin, auteur=None) -> int:
    """Freeze the documents and write to each of the list. Gives how many letters leave.

    Raises:
        EditionRefusee: the visa is missing, the text has just changed, or the edition has already left.
    """
    etat = etat_de(bulletin)
    _peut_partir(bulletin, etat)
    liste = envois.destinataires(bulletin)
    codes = tuple(sorted({d.commune_id for d in liste if d.commune_id}))
    with _depart(bulletin, etat, codes, auteur) as fige:
        for destinataire in liste:
            envois.envoyer(fige, destinataire)
    bulletin.refresh_from_db()
    return len(liste)


def publier(*, bulletin: Bulletin, auteur=None) -> Bulletin:
    """Freeze an edition without writing to anybody: an installation without a diffusion list, a test.

    Raises:
        EditionRefusee: already sent.
    """
    with _depart(bulletin, etat_de(bulletin), (), auteur):
        pass
    bulletin.refresh_from_db()
    return bulletin


def _peut_partir(bulletin: Bulletin, etat: EtatBulletin) -> None:
    sans_visa = not reglage(bulletin.conseil).visa_requis
    permis = {EtatBulletin.VISE} | ({EtatBulletin.BROUILLON, EtatBulletin.RENVOYE} if sans_visa else set())
    if etat not in permis:
        raise EditionRefusee(
            "Cette édition ne peut pas partir.",
            f"Elle est «\u202f{etat.label}\u202f», et rien ne part sans le visa de la présidence."
            if not sans_visa
            else f"Elle est «\u202f{etat.label}\u202f».",
            "Soumettez-la au visa, ou attendez qu’il soit donné.",
        )


@contextmanager
def _depart(
    bulletin: Bulletin, etat: EtatBulletin, codes: tuple[str, ...], auteur
) -> Generator[Bulletin, None, None]:
    """Render first, without holding the database; then keep the files and the event together."""
    if bulletin.publie_le is not None:
        raise EditionRefusee(
            "Cette édition est déjà publiée.",
            f"Elle l’a été le {date_longue(bulletin.publie_le)} et ne change plus.",
            "Écrivez une nouvelle édition pour la corriger.",
        )
    rendus = fichiers.rendus(bulletin, codes)
    with transaction.atomic():
        verrou = _verrou(bulletin)
        _attendu(verrou, etat)
        if verrou.textes != bulletin.textes or verrou.fichier_termine != bulletin.fichier_termine:
            raise EditionRefusee(
                "Le texte vient de changer.",
                "Quelqu’un l’a relu pendant que l’édition était préparée.",
                "Relisez-la, puis diffusez-la à nouveau.",
            )
        noter(verrou, EtatBulletin.DIFFUSE, auteur=auteur)
        fichiers.garder(verrou, rendus)
        verrou.publie_le, verrou.publie_par = horloge.maintenant(), auteur
        verrou.pdf_sha256 = hashlib.sha256(rendus["pdf", ""]).hexdigest()
        verrou.save(update_fields=["publie_le", "publie_par", "pdf_sha256"])
        yield verrou


@transaction.atomic
def retirer(*, bulletin: Bulletin, raison: str, auteur=None) -> int:
    """Tell its readers not to use an edition any more; it stays readable, with that warning.

    Raises:
        EditionRefusee: no reason, not sent, or already withdrawn.
    """
    if not raison.strip():
        raise EditionRefusee(
            "L’édition n’est pas retirée.",
            "La raison manque\u202f: tous ceux qui l’ont reçue la liront.",
            "Écrivez en une phrase ce qui est faux.",
        )
    verrou = _verrou(bulletin)
    _attendu(verrou, EtatBulletin.DIFFUSE)
    noter(verrou, EtatBulletin.RETIRE, auteur=auteur, raison=raison.strip())
    verrou.retire_le = horloge.maintenant()
    verrou.save(update_fields=["retire_le"])
    bulletin.refresh_from_db()
    return envois.prevenir_du_retrait(verrou, raison.strip())
