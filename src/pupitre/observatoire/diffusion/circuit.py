"""From the draft to the readers: visa of the president, then diffusion to the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.acces.models import Habilitation, LienActe
from pupitre.observatoire.diffusion import communes, editions
from pupitre.observatoire.diffusion.editions import EditionRefusee, etat_de, noter
from pupitre.observatoire.etats import EtatBulletin
from pupitre.observatoire.models import Bulletin, Destinataire, Envoi, ReglageDiffusion
from pupitre.socle.courriel import Bouton, Lettre, Piece
from pupitre.socle.courriel.envoi import adresse_complete, deja_poste, poster
from pupitre.socle.courriel.modele import Courriel
from pupitre.socle.texte import de, pluriel
from pupitre.territoires.models import Conseil

VISA, LECTURE = "visa", "lecture"
JOURS_VISA, JOURS_LECTURE = 21, 400


def reglage(conseil: Conseil) -> ReglageDiffusion:
    """The council's setting, or the prudent default: nothing leaves without the visa."""
    return ReglageDiffusion.objects.filter(conseil=conseil).first() or ReglageDiffusion(conseil=conseil)


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
    _poster(bulletin.conseil, lettre, cle=cle, nom=nom, email=email, categorie="visa")
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


def destinataires(bulletin: Bulletin) -> list[Destinataire | Envoi]:
    """Who will receive it: the list for that kind, and for a correction all who had the former edition."""
    liste = [
        d
        for d in Destinataire.objects.filter(conseil=bulletin.conseil, actif=True).select_related("commune")
        if bulletin.periodicite in d.periodicites
    ]
    demandeur = bulletin.parametres.get("email", "")
    if demandeur and all(d.email.lower() != demandeur.lower() for d in liste):
        nom = bulletin.parametres.get("demandeur", demandeur)
        liste.append(Destinataire(conseil=bulletin.conseil, nom=nom, email=demandeur))
    deja = {d.email.lower() for d in liste}
    anciens = Envoi.objects.filter(
        bulletin__conseil=bulletin.conseil,
        bulletin__periodicite=bulletin.periodicite,
        bulletin__debut=bulletin.debut,
        bulletin__sujet=bulletin.sujet,
        bulletin__edition__lt=bulletin.edition,
    ).select_related("commune")
    for envoi in anciens:
        if envoi.email.lower() not in deja:
            deja.add(envoi.email.lower())
            liste.append(envoi)
    return liste


def diffuser(*, bulletin: Bulletin, auteur=None) -> int:
    """Freeze the documents and write to each of the list. Gives how many letters leave.

    Raises:
        EditionRefusee: the visa is missing, or the edition has already left.
    """
    etat = etat_de(bulletin)
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
    liste = destinataires(bulletin)
    codes = tuple(sorted({d.commune_id for d in liste if d.commune_id}))
    with transaction.atomic():
        verrou = _verrou(bulletin)
        if etat_de(verrou) is not etat:
            _attendu(verrou, etat)
        noter(verrou, EtatBulletin.DIFFUSE, auteur=auteur)
        fige = editions.figer(verrou, auteur=auteur, codes=codes)
        for destinataire in liste:
            _envoyer(fige, destinataire)
    bulletin.refresh_from_db()
    return len(liste)


def _de_la_liste(qui: Destinataire | Envoi) -> Destinataire | None:
    """The line of the list, if there is one: who asked for a diagnosis may not be on it."""
    trouve = qui if isinstance(qui, Destinataire) else qui.destinataire
    return trouve if trouve is not None and trouve.pk else None


def _envoyer(bulletin: Bulletin, destinataire: Destinataire | Envoi) -> None:
    envoi = Envoi.objects.create(
        bulletin=bulletin,
        destinataire=_de_la_liste(destinataire),
        nom=destinataire.nom,
        fonction=destinataire.fonction,
        email=destinataire.email,
        commune=destinataire.commune,
    )
    envoi.lien = actes.creer(
        acte=LECTURE,
        objet=envoi.pk,
        conseil=bulletin.conseil,
        nom=envoi.nom,
        email=envoi.email,
        jours=JOURS_LECTURE,
        gestes_max=0,
    )
    envoi.courriel = _poster(
        bulletin.conseil,
        lettre_de_diffusion(bulletin, envoi),
        cle=f"diffusion:{bulletin.pk}",
        nom=envoi.nom,
        email=envoi.email,
        categorie="diffusion",
    )
    envoi.save(update_fields=["lien", "courriel"])


def piece(bulletin: Bulletin, commune: str | None) -> Piece:
    """The PDF kept for that reader, as an attachment."""
    fichier = editions.chemin(bulletin, "pdf", commune or "")
    if not fichier.is_file():
        fichier = editions.chemin(bulletin)
    nom = f"{bulletin.periodicite}-{bulletin.periode}-edition-{bulletin.edition}.pdf"
    return Piece(nom, str(fichier.relative_to(settings.CONFIGURATION.donnees)))


def lettre_de_diffusion(bulletin: Bulletin, envoi: Envoi) -> Lettre:
    faits = editions.faits_de(bulletin)
    correction = bulletin.edition > 1
    tete = (
        f"Voici une édition corrigée\u202f: {bulletin.titre}, édition {bulletin.edition}. Elle remplace la précédente."
        if correction
        else f"Voici\u202f: {bulletin.titre}."
    )
    accroche = getattr(faits, "accroche", "")
    commune = ""
    if envoi.commune and communes.personnalise(faits):
        commune = f"Il contient l’ensemble et la page {de(envoi.commune.nom)}."
    return Lettre(
        objet=f"{'[Correction] ' if correction else ''}{bulletin.titre}",
        paragraphes=tuple(t for t in (tete, accroche, commune) if t),
        lignes=tuple(bulletin.changements[:12]) if correction else (),
        bouton=Bouton("Lire en ligne", adresse_complete(reverse("lecture", args=[actes.jeton(envoi.lien)]))),
        suite=(
            "Le document est joint. Diffusion restreinte\u202f: ne le transférez pas sans l’accord du conseil.",
        ),
        pied="Vous êtes sur la liste de diffusion du conseil. L’ouverture du lien est enregistrée.",
        pieces=(piece(bulletin, envoi.commune_id),),
    )


def _poster(conseil: Conseil, lettre: Lettre, *, cle: str, nom: str, email: str, categorie: str):
    regle = reglage(conseil)
    return poster(
        lettre,
        cle=cle,
        destinataire=email,
        nom=nom,
        categorie=categorie,
        perimetre=conseil.slug,
        expediteur=regle.expediteur or str(conseil),
        repondre_a=regle.repondre_a,
    )[0]


@dataclass(frozen=True, slots=True)
class EnvoiLu:
    """One line of « who received it, who opened it »."""

    envoi: Envoi
    etat: str
    ouvert_le: datetime | None
    fois: int


def envois_lus(bulletin: Bulletin) -> list[EnvoiLu]:
    envois = bulletin.envois.select_related("lien", "courriel", "commune").prefetch_related("lien__usages")
    lus = []
    for envoi in envois:
        usages = list(envoi.lien.usages.all()) if envoi.lien is not None else []
        etat = envoi.courriel.get_etat_display() if envoi.courriel is not None else "sans courriel"
        lus.append(EnvoiLu(envoi, etat, usages[0].le if usages else None, len(usages)))
    return lus


def resume_envois(bulletin: Bulletin) -> str:
    """ "Envoyé à 7 personnes, ouvert par 3." """
    lus = envois_lus(bulletin)
    if not lus:
        return (
            "Personne n’est sur la liste de diffusion pour ce document\u202f: il n’a été envoyé à personne."
        )
    ouverts = sum(li.ouvert_le is not None for li in lus)
    return f"Envoyé à {pluriel(len(lus), 'personne')}, " + (
        f"ouvert par {ouverts}." if ouverts else "pas encore ouvert."
    )


@transaction.atomic
def renvoyer_lettre(*, envoi: Envoi) -> None:
    """The same edition again, to somebody who lost it: the same link, a letter of its own."""
    rang = Courriel.objects.filter(cle__startswith=f"diffusion:{envoi.bulletin_id}:r").count() + 1
    envoi.courriel = _poster(
        envoi.bulletin.conseil,
        lettre_de_diffusion(envoi.bulletin, envoi),
        cle=f"diffusion:{envoi.bulletin_id}:r{rang}",
        nom=envoi.nom,
        email=envoi.email,
        categorie="diffusion",
    )
    envoi.save(update_fields=["courriel"])
