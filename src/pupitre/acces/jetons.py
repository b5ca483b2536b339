"""Tokens of the API: shown once, kept as a digest, bound to one partner in one council, expiring, counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db import transaction

from pupitre.acces.empreintes import compter, empreinte, tirer
from pupitre.acces.models import JetonApi, Organisation, Utilisateur
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.territoires.models import Conseil

PAR_HEURE = 600
JOURS_MAX = 730
_MARQUE = "pupitre_"


class Raison(StrEnum):
    INCONNU = "inconnu"
    EXPIRE = "expire"
    RETIRE = "retire"
    TROP = "trop"


@dataclass(frozen=True, slots=True)
class JetonRefuse(Exception):
    raison: Raison


class CreationRefusee(ErreurPupitre):
    """The partner is not around that council's table, or the day is not a possible one."""


@transaction.atomic
def creer(
    *,
    conseil: Conseil,
    organisation: Organisation,
    libelle: str,
    expire_le: date,
    depose: bool = True,
    lit: bool = False,
    auteur: Utilisateur | None = None,
) -> tuple[JetonApi, str]:
    """The token and what its holder writes in every call: the only time that it can be read.

    Raises:
        CreationRefusee. ValidationError: no name, or it would allow nothing.
    """
    jour = horloge.aujourdhui()
    if not organisation.conseils.filter(pk=conseil.pk).exists():
        raise CreationRefusee(
            "Le jeton n’est pas créé.",
            f"{organisation} n’est pas autour de la table de ce conseil.",
            "Déclarez d’abord une source de ce partenaire.",
        )
    if not jour < expire_le <= jour + timedelta(days=JOURS_MAX):
        raise CreationRefusee(
            "Le jeton n’est pas créé.",
            "Un jeton expire un jour à venir, dans les deux ans.",
            "Choisissez une autre date\u202f: il se remplacera par un nouveau jeton.",
        )
    texte = _MARQUE + tirer()
    jeton = JetonApi(
        conseil=conseil,
        organisation=organisation,
        libelle=libelle.strip(),
        prefixe=texte[: len(_MARQUE) + 6],
        empreinte=empreinte(texte),
        depose=depose,
        lit=lit,
        expire_le=expire_le,
        cree_par=auteur,
    )
    jeton.full_clean()
    jeton.save()
    return jeton, texte


def employer(texte: str) -> JetonApi:
    """The token behind what a call shows; the call is counted and dated.

    Raises:
        JetonRefuse: unknown, expired, revoked, or too many calls within the hour.
    """
    jeton = (
        JetonApi.objects.select_related("conseil", "organisation").filter(empreinte=empreinte(texte)).first()
    )
    if jeton is None:
        raise JetonRefuse(Raison.INCONNU)
    if jeton.revoque_le is not None:
        raise JetonRefuse(Raison.RETIRE)
    if jeton.expire_le < horloge.aujourdhui():
        raise JetonRefuse(Raison.EXPIRE)
    if not jeton.organisation.conseils.filter(pk=jeton.conseil_id).exists():
        raise JetonRefuse(Raison.RETIRE)
    if not compter(jeton, PAR_HEURE):
        raise JetonRefuse(Raison.TROP)
    return jeton


@transaction.atomic
def retirer(jeton: JetonApi) -> None:
    JetonApi.objects.filter(pk=jeton.pk, revoque_le__isnull=True).update(revoque_le=horloge.maintenant())


def du_conseil(conseil: Conseil):
    return JetonApi.objects.filter(conseil=conseil).select_related("organisation", "cree_par")
