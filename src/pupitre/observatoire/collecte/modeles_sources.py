"""Sources ready to be declared in one gesture: the ones whose files everybody receives alike."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from pupitre.acces.models import Organisation
from pupitre.acces.services import creer_organisation
from pupitre.observatoire.collecte.services import creer_source
from pupitre.observatoire.models import Frequence, Source


@dataclass(frozen=True, slots=True)
class ModeleSource:
    code: str
    nom: str
    organisation: str
    nature: str
    format: str
    frequence: str
    producteur: str
    explication: str


MODELES: tuple[ModeleSource, ...] = (
    ModeleSource(
        "etat-4001-annuel",
        "État 4001 par service, annuel",
        "Ministère de l’Intérieur",
        Organisation.Nature.ETAT,
        "etat4001_services",
        Frequence.ANNEE,
        "Ministère de l’Intérieur",
        "Le classeur publié chaque année\u202f: 107 index par circonscription de police et compagnie de "
        "gendarmerie.",
    ),
    ModeleSource(
        "etat-4001-mensuel",
        "État 4001 mensuel",
        "Police nationale",
        Organisation.Nature.POLICE,
        "etat4001_mensuel",
        Frequence.MOIS,
        "Police nationale",
        "Le tableau mensuel de la circonscription\u202f: index par mois, ou index par commune.",
    ),
    ModeleSource(
        "ssmsi-communal",
        "SSMSI, base communale",
        "Service statistique ministériel de la sécurité intérieure",
        Organisation.Nature.ETAT,
        "ssmsi_communal",
        Frequence.ANNEE,
        "SSMSI",
        "La base communale des principaux indicateurs, telle que publiée (csv, csv.gz ou parquet).",
    ),
    ModeleSource(
        "ssmsi-departemental",
        "SSMSI, base départementale",
        "Service statistique ministériel de la sécurité intérieure",
        Organisation.Nature.ETAT,
        "ssmsi_departemental",
        Frequence.ANNEE,
        "SSMSI",
        "Les mêmes indicateurs par département, pour situer le conseil.",
    ),
)


def modele(code: str) -> ModeleSource:
    """Raises KeyError on an unknown code."""
    return {m.code: m for m in MODELES}[code]


def modeles_libres(conseil) -> list[ModeleSource]:
    """Those that the council has not declared yet."""
    pris = set(Source.objects.filter(conseil=conseil).values_list("code", flat=True))
    return [m for m in MODELES if m.code not in pris]


@transaction.atomic
def declarer(*, conseil, code: str) -> Source:
    """The source of that model for the council, declared now if it was not."""
    existante = Source.objects.filter(conseil=conseil, code=code).first()
    if existante is not None:
        return existante
    m = modele(code)
    organisation = Organisation.objects.filter(nom=m.organisation, conseils=conseil).first()
    if organisation is None:
        organisation = creer_organisation(nom=m.organisation, nature=m.nature, conseils=[conseil])
    return creer_source(
        conseil=conseil,
        organisation=organisation,
        code=m.code,
        nom=m.nom,
        format=m.format,
        frequence=m.frequence,
        producteur=m.producteur,
    )
