"""Periods of a series, and which of them a source has really delivered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from pupitre.moteur.observations import Granularite


class Pas(StrEnum):
    """Steps of a series. `annee_scolaire` runs from 1 September to 31 August."""

    MOIS = "mois"
    TRIMESTRE = "trimestre"
    ANNEE = "annee"
    ANNEE_SCOLAIRE = "annee_scolaire"


# Granularities whose rows may be added to make one step: each lies wholly within one step.
COMPOSABLES: dict[Pas, frozenset[Granularite]] = {
    Pas.MOIS: frozenset({Granularite.JOUR, Granularite.MOIS}),
    Pas.TRIMESTRE: frozenset({Granularite.JOUR, Granularite.MOIS, Granularite.TRIMESTRE}),
    Pas.ANNEE: frozenset(
        {
            Granularite.JOUR,
            Granularite.MOIS,
            Granularite.TRIMESTRE,
            Granularite.SEMESTRE,
            Granularite.ANNEE,
        }
    ),
    Pas.ANNEE_SCOLAIRE: frozenset({Granularite.JOUR, Granularite.MOIS, Granularite.ANNEE_SCOLAIRE}),
}
_MOIS = {Pas.MOIS: 1, Pas.TRIMESTRE: 3, Pas.ANNEE: 12, Pas.ANNEE_SCOLAIRE: 12}
_NOMS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


class Case(NamedTuple):
    """One period of a series; `complete`: the source's deliveries cover every day of it."""

    debut: date
    fin: date
    complete: bool = True


def libelle(debut: date, pas: Pas) -> str:
    """French wording of the period that begins on `debut`: « octobre 2026 », « 4ᵉ trimestre 2026 », « 2026 »."""
    if pas is Pas.MOIS:
        return f"{_NOMS[debut.month - 1]} {debut.year}"
    if pas is Pas.TRIMESTRE:
        rang = (debut.month - 1) // 3 + 1
        return f"{rang}{'er' if rang == 1 else 'e'} trimestre {debut.year}"
    if pas is Pas.ANNEE_SCOLAIRE:
        return f"année scolaire {debut.year}-{debut.year + 1}"
    return str(debut.year)


def debut_de(jour: date, pas: Pas) -> date:
    """First day of the period of that step that contains `jour`."""
    if pas is Pas.ANNEE_SCOLAIRE:
        return date(jour.year if jour.month >= 9 else jour.year - 1, 9, 1)
    mois = _MOIS[pas]
    return date(jour.year, (jour.month - 1) // mois * mois + 1, 1)


def suivante(debut: date, pas: Pas, n: int = 1) -> date:
    """First day of the n-th period after (before, when n < 0) the one that begins on `debut`."""
    rang = debut.year * 12 + debut.month - 1 + _MOIS[pas] * n
    return date(rang // 12, rang % 12 + 1, 1)


def calendrier(
    pas: Pas, debut: date, fin: date, couvertures: Iterable[tuple[date, date]]
) -> tuple[Case, ...]:
    """Periods of `pas` that lie wholly within [debut, fin], each complete or not.

    Args:
        couvertures: inclusive spans that published deliveries of the source declare to cover.
    """
    return _calendrier(pas, debut, fin, fusionner(couvertures))


@lru_cache(maxsize=1024)
def _calendrier(pas: Pas, debut: date, fin: date, plages: tuple[tuple[date, date], ...]) -> tuple[Case, ...]:
    cases = []
    courant = debut_de(debut, pas)
    if courant < debut:
        courant = suivante(courant, pas)
    while (dernier := suivante(courant, pas) - timedelta(days=1)) <= fin:
        cases.append(Case(courant, dernier, _couvre(plages, courant, dernier)))
        courant = suivante(courant, pas)
    return tuple(cases)


def case(debut: date, fin: date, couvertures: Iterable[tuple[date, date]]) -> Case:
    """One free period, complete when the deliveries cover every day of it."""
    return Case(debut, fin, _couvre(fusionner(couvertures), debut, fin))


def fusionner(couvertures: Iterable[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
    """Inclusive spans sorted and merged, contiguous ones included."""
    return _fusionner(tuple(couvertures))


@lru_cache(maxsize=1024)
def _fusionner(couvertures: tuple[tuple[date, date], ...]) -> tuple[tuple[date, date], ...]:
    plages: list[tuple[date, date]] = []
    for d, f in sorted(couvertures):
        if plages and d <= plages[-1][1] + timedelta(days=1):
            plages[-1] = (plages[-1][0], max(f, plages[-1][1]))
        else:
            plages.append((d, f))
    return tuple(plages)


def _couvre(plages: tuple[tuple[date, date], ...], debut: date, fin: date) -> bool:
    return any(d <= debut and fin <= f for d, f in plages)
