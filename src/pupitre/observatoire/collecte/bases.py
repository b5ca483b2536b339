"""Bases published by the State, kept whole as they are read: what the council's communes are compared with."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from pupitre.moteur import sources
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.observations import Releve
from pupitre.observatoire.chiffres import catalogue
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.models import BaseDeComparaison, Livraison
from pupitre.territoires.models import Conseil

# Format → the column that names the place.
AXES = {"ssmsi_communal": "commune", "ssmsi_departemental": "territoire"}
LIEUX_MINIMAUX = 10


class BaseRefusee(ErreurPupitre):
    """The file holds nothing to compare with."""


def garder(livraison: Livraison, releve: Releve) -> BaseDeComparaison | None:
    """Keep the base whole, once for the installation; None where the file is no such base, or only an extract.

    What is kept is visible once one of its deliveries is published.
    """
    axe = AXES.get(releve.format)
    if axe is None or releve.bloquee:
        return None
    table = releve.observations
    lieux = len(pc.unique(table[axe]).drop_null())
    if lieux < LIEUX_MINIMAUX:
        return None
    connue = BaseDeComparaison.objects.filter(format=releve.format, sha256=livraison.sha256).first()
    return connue or _poser(livraison, releve, table, lieux)


def _poser(livraison: Livraison, releve: Releve, table: pa.Table, lieux: int) -> BaseDeComparaison:
    manifeste = catalogue.entrepot().poser_reference(table, releve.format, livraison.sha256[:32])
    base, _ = BaseDeComparaison.objects.get_or_create(
        format=releve.format,
        sha256=livraison.sha256,
        defaults={
            "nom": livraison.nom,
            "millesime": releve.millesime or livraison.source.millesime,
            "producteur": releve.producteur or livraison.source.producteur,
            "annees": sorted(pc.unique(pc.year(table["debut"])).to_pylist()),
            "natures": sorted(pc.unique(table["nature"]).to_pylist()),
            "lieux": lieux,
            "manifeste": manifeste.to_json(),
        },
    )
    return base


def visibles():
    """Bases of which at least one council has published the file; the last years first."""
    publiees = Livraison.objects.avec_etat().filter(etat=Etat.PUBLIEE)
    bases = BaseDeComparaison.objects.filter(sha256__in=publiees.values("sha256"))
    return sorted(bases, key=lambda b: (max(b.annees, default=0), b.lieux, b.pk), reverse=True)


def a_preparer(conseil: Conseil) -> list[Livraison]:
    """Published deliveries of the council that hold a base not kept yet: read before it was possible."""
    gardees = BaseDeComparaison.objects.values("sha256")
    return list(
        Livraison.objects.filter(source__conseil=conseil, source__format__in=AXES)
        .avec_etat()
        .filter(etat=Etat.PUBLIEE)
        .exclude(sha256__in=gardees)
        .select_related("source")
    )


@transaction.atomic
def preparer(*, livraison: Livraison) -> BaseDeComparaison:
    """Read the kept file again, whole. Raises BaseRefusee when it is an extract."""
    releve = sources.lire(Path(livraison.fichier), format=livraison.source.format, nom=livraison.nom)
    base = garder(livraison, releve)
    if base is None:
        raise BaseRefusee(
            "Ce fichier ne permet pas de comparaison.",
            f"Il compte moins de {LIEUX_MINIMAUX} territoires\u202f: c’est un extrait.",
            "Déposez la base telle que publiée par le SSMSI, sans en retirer de lignes.",
        )
    return base
