"""Dated correspondences between nomenclatures, with the gap that was measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pupitre.moteur.nomenclatures import etat4001
from pupitre.moteur.nomenclatures.fiche import lire_yaml


@dataclass(frozen=True, slots=True)
class Correspondance:
    """The index `de` reproduce the indicator `vers` between two days (inclusive), within a gap in %.

    `comparable` is False when the gap is too large for the two figures to be set side by side as one.

    The two series stay two series: a correspondence allows a comparison, never an addition nor a
    continuation of one by the other.
    """

    de: tuple[str, ...]
    vers: str
    du: date
    au: date | None
    ecart: tuple[float, float] | None
    comparable: bool
    source: str


@lru_cache
def toutes() -> tuple[Correspondance, ...]:
    """All correspondences, in the order of the groupings of the 4001."""
    validite = lire_yaml("correspondances.yaml")["etat4001_ssmsi"]
    return tuple(
        Correspondance(
            g.natures,
            f"ssmsi:{g.ssmsi}",
            validite["du"],
            validite["au"],
            g.ecart_base,
            g.comparable,
            validite["source"],
        )
        for g in etat4001.groupements().values()
        if g.ssmsi
    )


def vers_ssmsi(code_groupement: str, jour: date) -> Correspondance | None:
    """Correspondence of one grouping of index valid on `jour`; None outside the checked period.

    Raises MesureRefusee for what cannot be derived from the 4001, KeyError for an unknown grouping.
    """
    g = etat4001.groupement(code_groupement)
    for c in toutes():
        if c.de == g.natures and c.du <= jour and (c.au is None or jour <= c.au):
            return c
    return None
