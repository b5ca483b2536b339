"""Trend and season of a monthly series.

STL: Cleveland, Cleveland, McRae & Terpenning, « STL: a seasonal-trend decomposition procedure based on loess »,
Journal of Official Statistics 6 (1990). Written here on numpy: the usual library weighs 140 MB with what it
needs, and takes four seconds to import. For given robustness weights each step is linear, so that all of them are
matrices; the same matrices, applied to the identity, give the variance of what is said of the trend.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Flottants = npt.NDArray[np.float64]
Entiers = npt.NDArray[np.int64]
PERIODE = 12
# Three whole years: under that, one unusual year is half of what is known of a season.
MOIS_MINIMAUX = 36
# Under seven of each month, a season free to change would follow chance: it is the same every year.
MOIS_POUR_UNE_SAISON_MOBILE = 84
ITERATIONS_ROBUSTES = 15
NIVEAU = 1.959963984540054
METHODE = "STL robuste (Cleveland et al., 1990), 12 mois"


@dataclass(frozen=True, slots=True)
class Reglages:
    """Windows of the three smoothings, odd numbers of points; None: what the paper advises for `saison`.

    Attributes:
        saison: 0 for a season that is the same every year.
        sauts: one point out of so many is smoothed, the others are interpolated (season, trend, low pass).
        internes, externes: passes of the inner loop, and of robustness.
    """

    periode: int = PERIODE
    saison: int = 7
    tendance: int | None = None
    passe_bas: int | None = None
    sauts: tuple[int, int, int] = (1, 1, 1)
    internes: int = 2
    externes: int = ITERATIONS_ROBUSTES

    @property
    def fenetres(self) -> tuple[int, int, int]:
        part = 1 - 1.5 / self.saison if self.saison else 1.0
        tendance = self.tendance or _impair(1.5 * self.periode / part)
        return self.saison, tendance, self.passe_bas or _impair(self.periode + 1)


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Shape (n,) each: the series is `tendance` + `saison` + `reste`. `poids`: robustness, 0 to 1."""

    tendance: Flottants
    saison: Flottants
    reste: Flottants
    poids: Flottants

    @property
    def force_tendance(self) -> float:
        """0 (none) to 1: share of what is not seasonal that the trend explains (Wang, Smith & Hyndman, 2006)."""
        return _force(self.reste, self.tendance)

    @property
    def force_saison(self) -> float:
        return _force(self.reste, self.saison)


@dataclass(frozen=True, slots=True)
class Tendance:
    """How the trend of a monthly count moved over its last twelve months.

    Attributes:
        ecart: facts per month. `intervalle`, `p`: approximate, two-sided, robustness weights taken as known;
            the variance of a month is its level times its dispersion, never less than a Poisson count's.
        niveau: last value of the trend. n: months.
    """

    ecart: float
    intervalle: tuple[float, float]
    p: float
    niveau: float
    sens: Literal["hausse", "baisse", "stable"]
    decomposition: Decomposition
    n: int
    methode: str = METHODE


def tendance(valeurs: Sequence[int] | Flottants, alpha: float = 0.05) -> Tendance | None:
    """None when the series has fewer than `MOIS_MINIMAUX` months: no trend is told of it.

    Args:
        valeurs: counts of consecutive months without any gap, the last one being the most recent.
    """
    y = np.asarray(valeurs, dtype=np.float64)
    if len(y) < MOIS_MINIMAUX:
        return None
    reglages = Reglages(saison=7 if len(y) >= MOIS_POUR_UNE_SAISON_MOBILE else 0)
    d = decomposer(y, reglages)
    operateurs = _operateurs(len(y), d.poids, reglages)
    saison, lisse = _boucle(np.eye(len(y)), np.zeros((len(y), len(y))), operateurs, 5)
    ajuste = np.maximum(d.tendance + d.saison, float(y.mean()) * 0.05)
    liberte = max(1.0, len(y) - float(np.trace(saison + lisse)))
    dispersion = max(1.0, float((d.poids * d.reste**2 / ajuste).sum()) / liberte) if y.any() else 1.0
    forme = lisse[-1] - lisse[-1 - PERIODE]
    erreur = math.sqrt(dispersion * float((forme**2 * ajuste).sum()))
    ecart = float(d.tendance[-1] - d.tendance[-1 - PERIODE])
    p = math.erfc(abs(ecart) / erreur / math.sqrt(2)) if erreur > 0 else 1.0
    sens: Literal["hausse", "baisse", "stable"] = "stable"
    if p <= alpha:
        sens = "hausse" if ecart > 0 else "baisse"
    bornes = (ecart - NIVEAU * erreur, ecart + NIVEAU * erreur)
    return Tendance(ecart, bornes, p, float(d.tendance[-1]), sens, d, len(y))


def decomposer(valeurs: Sequence[float] | Flottants, reglages: Reglages | None = None) -> Decomposition:
    """
    Raises:
        ValueError: fewer than two periods, or a value that is not a number.
    """
    r = reglages or Reglages()
    y = np.asarray(valeurs, dtype=np.float64)
    if y.ndim != 1 or len(y) < 2 * r.periode:
        raise ValueError("two whole periods at least")
    if not np.isfinite(y).all():
        raise ValueError("a value is missing: no decomposition across a gap")
    poids = np.ones(len(y))
    colonne = y[:, None]
    lisse = np.zeros_like(colonne)
    for passe in range(r.externes + 1):
        saison, lisse = _boucle(colonne, lisse, _operateurs(len(y), poids, r), r.internes)
        reste = y - saison[:, 0] - lisse[:, 0]
        if passe < r.externes:
            poids = _robustesse(reste)
    return Decomposition(lisse[:, 0], saison[:, 0], reste, poids)


@dataclass(frozen=True, slots=True)
class _Operateurs:
    """Matrices: of cycle-subseries (n + 2 periods rows), of the low pass, of the trend."""

    cycles: Flottants
    passe_bas: Flottants
    tendance: Flottants
    periode: int


def _boucle(y: Flottants, lisse: Flottants, o: _Operateurs, passes: int) -> tuple[Flottants, Flottants]:
    """The inner loop on each column of `y`: season and trend."""
    saison = np.zeros_like(y)
    for _ in range(passes):
        cycles = o.cycles @ (y - lisse)
        saison = cycles[o.periode : -o.periode] - o.passe_bas @ cycles
        lisse = o.tendance @ (y - saison)
    return saison, lisse


def _operateurs(n: int, poids: Flottants, r: Reglages) -> _Operateurs:
    saison, tendance_, passe_bas = r.fenetres
    p = r.periode
    cycles = np.zeros((n + 2 * p, n))
    for phase in range(p):
        rangs = np.arange(phase, n, p)
        suite = phase + p * np.arange(len(rangs) + 2)
        cycles[np.ix_(suite, rangs)] = _cycle(len(rangs), saison, r.sauts[0], poids[rangs])
    noyau = np.convolve(np.convolve(np.ones(p), np.ones(p)), np.ones(3)) / (3 * p * p)
    moyennes = np.zeros((n, n + 2 * p))
    for i in range(n):
        moyennes[i, i : i + len(noyau)] = noyau
    uns = np.ones(n)
    return _Operateurs(
        cycles,
        _interpoler(n, r.sauts[2], passe_bas, uns) @ moyennes,
        _interpoler(n, r.sauts[1], tendance_, poids),
        p,
    )


def _cycle(m: int, fenetre: int, saut: int, poids: Flottants) -> Flottants:
    """One month of the year over m years, and the year before and after."""
    if not fenetre:
        parts = poids if poids.sum() > 0 else np.ones(m)
        return np.tile(parts / parts.sum(), (m + 2, 1))
    dehors = _loess(np.array([-1, m]), m, fenetre, poids)
    return np.vstack([dehors[:1], _interpoler(m, saut, fenetre, poids), dehors[1:]])


def _interpoler(n: int, saut: int, fenetre: int, poids: Flottants) -> Flottants:
    """Loess at one point out of `saut` and at the last one, straight lines between."""
    if saut == 1 or n == 1:
        return _loess(np.arange(n), n, fenetre, poids)
    places = np.unique(np.append(np.arange(0, n, saut), n - 1))
    lisses = _loess(places, n, fenetre, poids)
    return np.column_stack([np.interp(np.arange(n), places, lisses[:, j]) for j in range(n)])


def _loess(places: Entiers, n: int, fenetre: int, poids: Flottants) -> Flottants:
    """Local lines fitted at `places`, as a matrix applied to n equally spaced values."""
    x = np.arange(n, dtype=np.float64)
    q = min(fenetre, n)
    gauche = np.clip(places - (fenetre - 1) // 2, 0, n - q)
    droite = gauche + q - 1
    portee = np.maximum(places - gauche, droite - places) + max(0, (fenetre - n) // 2)
    distance = np.abs(x[None, :] - places[:, None])
    with np.errstate(divide="ignore", invalid="ignore"):
        w = (1 - (distance / portee[:, None]) ** 3) ** 3
    w[distance <= 0.001 * portee[:, None]] = 1
    w[distance > 0.999 * portee[:, None]] = 0
    w[(x[None, :] < gauche[:, None]) | (x[None, :] > droite[:, None])] = 0
    w = np.maximum(w, 0) * poids[None, :]
    sommes = w.sum(axis=1)
    vides = sommes <= 0
    # Where robustness leaves nothing around a point, the point stands for itself.
    w[vides] = 0
    w[np.flatnonzero(vides), np.clip(places[vides], 0, n - 1)] = 1
    w /= w.sum(axis=1, keepdims=True)
    centre = (w * x).sum(axis=1)
    ecarts = x[None, :] - centre[:, None]
    etendue = (w * ecarts**2).sum(axis=1)
    pente = np.zeros(len(places))
    sures = np.sqrt(etendue) > 0.001 * max(1, n - 1)
    pente[sures] = (places[sures] - centre[sures]) / etendue[sures]
    lisses: Flottants = w * (1 + pente[:, None] * ecarts)
    return lisses


def _robustesse(reste: Flottants) -> Flottants:
    """Bisquare weights: a month whose remainder is more than six times the median one counts for nothing."""
    ecarts = np.abs(reste)
    seuil = 6 * float(np.median(ecarts))
    if seuil == 0:
        return np.ones(len(reste))
    poids = (1 - (ecarts / seuil) ** 2) ** 2
    poids[ecarts <= 0.001 * seuil] = 1
    poids[ecarts > 0.999 * seuil] = 0
    return np.asarray(poids, dtype=np.float64)


def _force(reste: Flottants, composante: Flottants) -> float:
    ensemble = float(np.var(reste + composante))
    return max(0.0, 1 - float(np.var(reste)) / ensemble) if ensemble > 0 else 0.0


def _impair(valeur: float) -> int:
    n = math.ceil(valeur)
    return n if n % 2 else n + 1
