"""Councils of the 2026 list, in an order such that N observations are those of the first ones.

Sizes follow the communes of 5,000 inhabitants or more, which must have a council: 2.5 observations an inhabitant
in ten years. The two whose dashboard is measured come first, so that they are the same whatever N.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

GRAINE = 20_261_101
PAR_HABITANT = 2.5
SEUIL = 5_000
# A city of 300,000 inhabitants, and the median commune of the list.
METROPOLE, MEDIAN = 300_000, 9_413
PETITES, GRANDES = 15_000, 400_000
EN_TETE = 12


@dataclass(frozen=True, slots=True)
class Commune:
    """One council: its commune, how many observations and how many secteurs."""

    rang: int
    code: str
    population: int

    @property
    def conseil(self) -> str:
        return f"c{self.code}"

    @property
    def observations(self) -> int:
        return round(self.population * PAR_HABITANT)

    @property
    def secteurs(self) -> int:
        return int(np.clip(self.population // 5_000, 3, 60))


def departement(commune: str) -> str:
    return commune[:3] if commune.startswith("97") else commune[:2]


@cache
def ordre() -> tuple[Commune, ...]:
    """All of them: the two measured, a few small ones, the rest drawn, the largest cities last."""
    with gzip.open(str(files("pupitre.territoires") / "donnees" / "communes_2026.csv.gz"), "rt") as flux:
        liste = [(li["code"], int(li["population"] or 0)) for li in csv.DictReader(flux)]
    liste = [c for c in liste if c[1] >= SEUIL]
    mesures = [min(liste, key=lambda c: (abs(c[1] - p), c[0])) for p in (METROPOLE, MEDIAN)]
    reste = [c for c in liste if c not in mesures]
    reste = [reste[i] for i in np.random.default_rng(GRAINE).permutation(len(reste))]
    petites = [c for c in reste if c[1] < PETITES][:EN_TETE]
    grandes = sorted((c for c in reste if c[1] > GRANDES), key=lambda c: c[1])
    autres = [c for c in reste if c[1] <= GRANDES and c not in petites]
    return tuple(Commune(i, *c) for i, c in enumerate([*mesures, *petites, *autres, *grandes]))


def pour(millions: float) -> tuple[Commune, ...]:
    """The first councils that make at least that many observations together."""
    total, retenus = 0, []
    for commune in ordre():
        if total >= millions * 1e6:
            return tuple(retenus)
        retenus.append(commune)
        total += commune.observations
    if total < millions * 1e6:
        raise ValueError(f"la liste des communes ne donne que {total:,} observations")
    return tuple(retenus)
