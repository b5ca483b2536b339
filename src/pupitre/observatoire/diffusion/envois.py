"""Letters that carry an edition to its readers, and who opened it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from pupitre.acces import actes
from pupitre.documents.tableaux import Table
from pupitre.observatoire.diffusion import apercu, changements, communes, fichiers
from pupitre.observatoire.diffusion.listes import poster_au_nom
from pupitre.observatoire.models import Bulletin, Destinataire, Envoi
from pupitre.socle.courriel import Bouton, Lettre, Piece
from pupitre.socle.courriel.envoi import adresse_complete
from pupitre.socle.courriel.modele import Courriel
from pupitre.socle.texte import date_longue, pluriel

LECTURE = "lecture"
JOURS_LECTURE = 400


def destinataires(bulletin: Bulletin) -> list[Destinataire | Envoi]:
    """Who will receive it: the list for that kind, and for a correction all who had the former edition."""
    liste: list[Destinataire | Envoi] = [d for d in _de_ce_genre(bulletin) if _peut_recevoir(bulletin, d)]
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
    ).select_related("commune", "destinataire")
    for envoi in anciens:
        etat = envoi.destinataire is not None and not _peut_recevoir(bulletin, envoi.destinataire)
        if envoi.email.lower() not in deja and not etat:
            deja.add(envoi.email.lower())
            liste.append(envoi)
    return liste


def ecartes(bulletin: Bulletin) -> list[Destinataire]:
    """Those of the list to whom the conventions do not give it."""
    return [d for d in _de_ce_genre(bulletin) if not _peut_recevoir(bulletin, d)]


def _de_ce_genre(bulletin: Bulletin) -> list[Destinataire]:
    actifs = Destinataire.objects.filter(conseil=bulletin.conseil, actif=True).select_related("commune")
    return [d for d in actifs if bulletin.periodicite in d.periodicites]


def _peut_recevoir(bulletin: Bulletin, destinataire: Destinataire) -> bool:
    return bulletin.ouvert_a_l_etat or not destinataire.de_l_etat


def _de_la_liste(qui: Destinataire | Envoi) -> Destinataire | None:
    """The line of the list, if there is one: who asked for a diagnosis may not be on it."""
    trouve = qui if isinstance(qui, Destinataire) else qui.destinataire
    return trouve if trouve is not None and trouve.pk else None


def envoyer(bulletin: Bulletin, destinataire: Destinataire | Envoi) -> None:
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
    envoi.courriel = poster_au_nom(
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
    fichier = fichiers.chemin(bulletin, "pdf", commune or "")
    if not fichier.is_file():
        fichier = fichiers.chemin(bulletin)
    nom = f"{bulletin.periodicite}-{bulletin.periode}-edition-{bulletin.edition}.pdf"
    return Piece(nom, str(fichier.relative_to(settings.CONFIGURATION.donnees)))


def lettre_de_diffusion(bulletin: Bulletin, envoi: Envoi) -> Lettre:
    correction = bulletin.edition > 1
    tete = (
        f"Voici une édition corrigée\u202f: {bulletin.titre}, édition {bulletin.edition}. Elle remplace la précédente."
        if correction
        else f"Voici\u202f: {bulletin.titre}."
    )
    accroche = apercu.lire(bulletin).accroche
    commune = ""
    if envoi.commune_id in communes.concernees(fichiers.faits_de(bulletin)):
        commune = f"Il contient l’ensemble et ce qui touche {envoi.commune.nom}."
    return Lettre(
        objet=f"{'[Correction] ' if correction else ''}{bulletin.titre}",
        paragraphes=tuple(t for t in (tete, accroche, commune) if t),
        lignes=changements.abreger(bulletin.changements, 12) if correction else (),
        bouton=Bouton("Lire en ligne", adresse_complete(reverse("lecture", args=[actes.jeton(envoi.lien)]))),
        suite=(
            "Le document est joint. Diffusion restreinte\u202f: ne le transférez pas sans l’accord du conseil.",
        ),
        pied="Vous êtes sur la liste de diffusion du conseil. L’ouverture du lien est enregistrée.",
        pieces=(piece(bulletin, envoi.commune_id),),
    )


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
    envoi.courriel = poster_au_nom(
        envoi.bulletin.conseil,
        lettre_de_diffusion(envoi.bulletin, envoi),
        cle=f"diffusion:{envoi.bulletin_id}:r{rang}",
        nom=envoi.nom,
        email=envoi.email,
        categorie="diffusion",
    )
    envoi.save(update_fields=["courriel"])


def prevenir_du_retrait(bulletin: Bulletin, raison: str) -> int:
    """Tell each who received it that it must not be used any more. Gives how many letters leave."""
    envois = list(bulletin.envois.select_related("lien"))
    for envoi in envois:
        adresse = reverse("lecture", args=[actes.jeton(envoi.lien)]) if envoi.lien is not None else ""
        lettre = Lettre(
            objet=f"[Retrait] {bulletin.titre}",
            paragraphes=(
                f"{bulletin.titre}, que vous avez reçu le {date_longue(bulletin.publie_le)}, est retiré\u202f: "
                f"{raison}",
                "Merci de ne plus l’utiliser. Une édition corrigée vous sera envoyée si elle est nécessaire.",
            ),
            bouton=Bouton("Voir le document retiré", adresse_complete(adresse)) if adresse else None,
            pied="Vous recevez ce message parce que ce document vous avait été envoyé.",
        )
        poster_au_nom(
            bulletin.conseil,
            lettre,
            cle=f"retrait:{bulletin.pk}",
            nom=envoi.nom,
            email=envoi.email,
            categorie="diffusion",
        )
    return len(envois)


def table(bulletin: Bulletin) -> Table:
    return Table(
        titre=f"{bulletin.titre}, édition {bulletin.edition}\u202f: qui l’a reçue, qui l’a ouverte",
        entetes=("Nom", "Fonction", "Adresse", "Commune", "Courriel", "Ouvert le", "Fois"),
        lignes=tuple(
            (
                lu.envoi.nom,
                lu.envoi.fonction,
                lu.envoi.email,
                str(lu.envoi.commune or ""),
                lu.etat,
                date_longue(lu.ouvert_le) if lu.ouvert_le else "",
                lu.fois,
            )
            for lu in envois_lus(bulletin)
        ),
        lecture=(("Avertissement", "Données fictives"),) if bulletin.conseil.fictif else (),
    )
