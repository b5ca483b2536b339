"""Deposit by a personal link: what the referent sends, and sees of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.models import LienActe, UsageLien
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.collecte import calendrier, services
from pupitre.observatoire.collecte.calendrier import ATTENDUES, Case
from pupitre.observatoire.collecte.relances import DEPOT, adresse_de_depot
from pupitre.observatoire.models import Livraison, Source
from pupitre.socle import horloge
from pupitre.socle.courriel import Bouton, Lettre
from pupitre.socle.courriel.envoi import adresse_complete, poster


class LienRefuse(ErreurPupitre):
    """No name for whom the link is."""


def liens_de(source: Source):
    return LienActe.objects.filter(acte=DEPOT, objet=str(source.pk), conseil=source.conseil).prefetch_related(
        "usages"
    )


@dataclass(frozen=True, slots=True)
class LienDit:
    """A deposit link as the team follows it."""

    lien: LienActe
    adresse: str
    vivant: bool
    ouvertures: int
    depots: int
    dernier: datetime | None


def suivre(source: Source) -> list[LienDit]:
    """The links of a source, the living ones first, with what became of them."""
    maintenant = horloge.maintenant()
    dits = []
    for lien in liens_de(source):
        usages = list(lien.usages.all())
        faits = sum(u.genre == UsageLien.Genre.FAIT for u in usages)
        dits.append(
            LienDit(
                lien,
                adresse_complete(reverse("depot", args=[actes.jeton(lien)])),
                lien.revoque_le is None and lien.expire_le >= maintenant,
                len(usages) - faits,
                faits,
                usages[-1].le if usages else None,
            )
        )
    return sorted(dits, key=lambda d: not d.vivant)


@transaction.atomic
def inviter(*, source: Source, nom: str, email: str = "", auteur=None) -> str:
    """A link for that person; sent by letter when an address is given. The address to copy.

    Raises:
        LienRefuse: no name, or an address that is not one.
    """
    nom, email = nom.strip(), email.strip()
    try:
        if email:
            validate_email(email)
    except ValidationError:
        nom = ""
    if not nom:
        raise LienRefuse(
            "Le lien n’est pas créé.",
            "Il manque le nom de la personne, ou son adresse n’est pas valable.",
            "Un lien est personnel\u202f: dites à qui il est destiné.",
        )
    adresse = adresse_de_depot(source, nom, email, auteur)
    if email:
        poster(
            Lettre(
                objet=f"Déposer «\u202f{source.nom}\u202f»",
                paragraphes=(
                    f"L’observatoire du {source.conseil} vous invite à déposer vos fichiers par ce lien, sans compte "
                    "ni mot de passe. Il vous est personnel.",
                ),
                bouton=Bouton("Déposer un fichier", adresse),
                pied="Vous recevez ce message parce que votre organisation transmet des données au conseil.",
            ),
            cle=f"depot:{adresse[-40:]}",
            destinataire=email,
            nom=nom,
            categorie="depot",
            perimetre=source.conseil.slug,
            expediteur=str(source.conseil),
        )
    return adresse


def source_de(lien: LienActe) -> Source | None:
    return (
        Source.objects.filter(pk=lien.objet, conseil=lien.conseil_id)
        .select_related("organisation", "conseil")
        .first()
    )


def attendues(source: Source, limite: int = 3) -> list[Case]:
    """What has not come yet, the latest ones."""
    cases = [c for v in calendrier.lire(source.conseil, [source]) for li in v.lignes for c in li.cases]
    return [c for c in cases if c.etat in ATTENDUES][-limite:]


@transaction.atomic
def deposer(*, lien: LienActe, source: Source, fichier: Path, nom: str) -> Livraison:
    """Keep the file as a delivery of that source, and remember that this link sent it.

    Raises:
        DepotRefuse: already received, or nothing in it. LienRefuse of `actes`: the link has just closed.
    """
    livraison = services.deposer(
        source=source, fichier=fichier, nom=nom, voie=f"Par le lien personnel de {lien.nom}."
    )
    actes.accomplir(lien, f"livraison:{livraison.pk}")
    return livraison


def livraisons_de(lien: LienActe) -> list[Livraison]:
    """What this link has sent, and nothing else."""
    faits = lien.usages.filter(genre=UsageLien.Genre.FAIT).values_list("detail", flat=True)
    cles = [d.removeprefix("livraison:") for d in faits if d.startswith("livraison:")]
    return list(Livraison.objects.filter(pk__in=cles).avec_etat().order_by("-recue_le"))
