"""Where facts gather more than chance would have it.

Getis-Ord Gi* (Ord & Getis, 1995), analytic, population variance; several places tested together are corrected
(Benjamini–Yekutieli).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pupitre.moteur.statistiques.comptages import benjamini_yekutieli

Flottants = npt.NDArray[np.float64]
# Under this, a map of gathering places would draw noise.
FAITS_MINIMAUX = 60
LIEUX_MINIMAUX = 3


@dataclass(frozen=True, slots=True)
class PointsChauds:
    """`gi`: z-score of each place, shape (n,); `p`: two-sided, corrected; `seuil`: metres, itself included;
    0 where neighbours were told."""

    gi: Flottants
    p: Flottants
    seuil: float
    n: int
    methode: str = "Getis-Ord Gi*, corrigé selon Benjamini et Yekutieli"

    def chauds(self, niveau: float = 0.05) -> tuple[int, ...]:
        """Positions of the places significantly above, the highest first."""
        rangs = [i for i in range(self.n) if self.p[i] <= niveau and self.gi[i] > 0]
        return tuple(sorted(rangs, key=lambda i: -float(self.gi[i])))


def gi_etoile(x: Flottants, y: Flottants, valeurs: Flottants, seuil: float) -> PointsChauds:
    """
    Args:
        x, y: shape (n,), projected metres of the places (cells, secteurs). valeurs: shape (n,).
        seuil: a place has for neighbours those within that distance, and itself.
    Raises:
        ValueError: shapes differ, fewer than three places, or all values equal.

    Points (10,10)(20,10)(40,10)(15,20)(30,20)(30,30), threshold 15, values 2, 3, 3.2, 5, 8, 7: the first is −1.397.
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    v = np.asarray(valeurs, dtype=np.float64)
    if not (x.shape == y.shape == v.shape) or len(v) < LIEUX_MINIMAUX:
        raise ValueError("x, y and valeurs must be alike, three places at least")
    from scipy.spatial import cKDTree

    points = np.column_stack([x, y])
    voisins: list[list[int]] = list(cKDTree(points).query_ball_point(points, seuil))  # type: ignore[arg-type]
    return gi_de_voisins(v, voisins, float(seuil))


def gi_de_voisins(valeurs: Flottants, voisins: Sequence[Sequence[int]], seuil: float = 0.0) -> PointsChauds:
    """The same where neighbours are told, each place being one of its own: secteurs that touch, for instance.

    Raises:
        ValueError: fewer than three places, lists of neighbours in another number, or all values equal.
    """
    v = np.asarray(valeurs, dtype=np.float64)
    n = len(v)
    if n < LIEUX_MINIMAUX or len(voisins) != n:
        raise ValueError("one list of neighbours for each value, three places at least")
    moyenne, ecart_type = float(v.mean()), float(v.std())
    if ecart_type == 0:
        raise ValueError("all values are equal: no place stands out")
    w = np.array([len(liste) for liste in voisins], dtype=np.float64)
    somme = np.array([v[list(liste)].sum() for liste in voisins])
    with np.errstate(divide="ignore", invalid="ignore"):
        gi = (somme - moyenne * w) / (ecart_type * np.sqrt((n * w - w**2) / (n - 1)))
    # A place that has all the others as neighbours says nothing of itself.
    gi = np.where(np.isfinite(gi), gi, 0.0)
    bruts = [math.erfc(abs(float(g)) / math.sqrt(2)) for g in gi]
    return PointsChauds(gi, np.asarray(benjamini_yekutieli(bruts)), seuil, n)
