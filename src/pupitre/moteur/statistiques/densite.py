"""Kernel density: facts per square kilometre around each point of a grid.

Quartic kernel, as crime maps use (Chainey & Ratcliffe, *GIS and Crime Mapping*, 2005, ch. 6): a fact weighs nothing
beyond the bandwidth, so that a map never paints where nothing is near.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Flottants = npt.NDArray[np.float64]
BANDES = (150.0, 800.0)
CELLULES_MAX = 40_000


@dataclass(frozen=True, slots=True)
class Densite:
    """`valeurs`: facts per km², shape (rows from the south, columns from the west); `x0`, `y0`: metres of the
    south-west corner; `pas`: side of a cell; `bande`: bandwidth, both in metres; `n`: facts."""

    valeurs: Flottants
    x0: float
    y0: float
    pas: float
    bande: float
    n: int
    methode: str = "densité par noyau quartique"

    def centres(self) -> tuple[Flottants, Flottants]:
        lignes, colonnes = self.valeurs.shape
        return (
            self.x0 + np.arange(0.5, colonnes, dtype=np.float64) * self.pas,
            self.y0 + np.arange(0.5, lignes, dtype=np.float64) * self.pas,
        )


def bande_de_reference(x: Flottants, y: Flottants) -> float:
    """Silverman's bandwidth for points (1986), made robust: 0.9 min(sd, median distance / √ln 2) n^(-1/5).

    Kept within `BANDES`: under the first a map points at buildings, over the second it says nothing of places.
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if len(x) < 2:
        return BANDES[1]
    ecarts = np.hypot(x - x.mean(), y - y.mean())
    type_ = math.sqrt(float((ecarts**2).sum()) / len(x))
    mediane = float(np.median(np.hypot(x - np.median(x), y - np.median(y))))
    largeur = 0.9 * min(type_, mediane / math.sqrt(math.log(2))) * len(x) ** -0.2
    return float(min(max(largeur, BANDES[0]), BANDES[1]))


def densite(x: Flottants, y: Flottants, *, pas: float, bande: float | None = None) -> Densite:
    """
    Args:
        x, y: shape (n,), projected metres. pas: side of a cell. bande: metres; `bande_de_reference` when None.
    Raises:
        ValueError: no point, a coordinate that is not finite, a step or a bandwidth that is not > 0, or a grid of
            more than `CELLULES_MAX` cells.

    A fact weighs 3 / (π h²) (1 − d²/h²)² at distance d < h: the whole map sums up to the number of facts.
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if x.shape != y.shape or x.ndim != 1 or not len(x):
        raise ValueError("x and y must be one-dimensional and alike, one point at least")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("coordinates must be finite")
    h = bande if bande is not None else bande_de_reference(x, y)
    if pas <= 0 or h <= 0:
        raise ValueError("step and bandwidth are positive")
    # Corners on multiples of the step: two maps of neighbouring periods have the same cells.
    x0, y0 = (math.floor((float(v.min()) - h) / pas) * pas for v in (x, y))
    colonnes, lignes = (math.ceil((float(v.max()) + h - v0) / pas) for v, v0 in ((x, x0), (y, y0)))
    if colonnes * lignes > CELLULES_MAX:
        raise ValueError("the step is too small for this extent")
    from scipy.spatial import cKDTree

    grille = Densite(np.zeros((lignes, colonnes)), x0, y0, pas, h, len(x))
    cx, cy = grille.centres()
    centres = np.column_stack([np.tile(cx, lignes), np.repeat(cy, colonnes)])
    paires = cKDTree(centres).sparse_distance_matrix(
        cKDTree(np.column_stack([x, y])), h, output_type="coo_matrix"
    )
    poids = 3 / (math.pi * h**2) * (1 - (paires.data / h) ** 2) ** 2
    sommes = np.bincount(paires.row, weights=poids, minlength=lignes * colonnes)
    valeurs: Flottants = np.asarray(sommes * 1e6, dtype=np.float64).reshape(lignes, colonnes)
    return Densite(valeurs, x0, y0, float(pas), h, len(x))
