"""Near-repeat: do facts repeat close in space and soon in time more than chance would have it?

Knox (1964), with the Monte Carlo test of Townsley, Homel and Chaseling (2003) and the bands of Ratcliffe's Near
Repeat Calculator: its « a to b » is in fact [a − 1, b), so that bounds 1, 200 mean « same place » under 1 metre,
then from 1 to under 200.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Flottants = npt.NDArray[np.float64]
Entiers = npt.NDArray[np.int64]
METHODE = "Knox, permutation des dates"
EFFECTIF_MINIMAL = 20


@dataclass(frozen=True, slots=True)
class Knox:
    """Pairs of facts by distance band (rows) and by delay band (columns); the last of each is « beyond ».

    Attributes:
        distances: metres, upper bounds (excluded) of the bands. `jours`: the same, in days.
        observes: number of pairs. `attendus`: their mean over the permutations.
        ratios: observed over mean expected, NaN where nothing is expected.
        p: share of the permutations, the observed table being one of them, that reach at least as many pairs.
        n: facts. `tirages`, `graine`: permutations and the seed that gives them again.
    """

    distances: tuple[float, ...]
    jours: tuple[float, ...]
    observes: Entiers
    attendus: Flottants
    ratios: Flottants
    p: Flottants
    n: int
    tirages: int
    graine: int
    methode: str = METHODE


@dataclass(frozen=True, slots=True)
class Chaine:
    """Facts linked step by step, each within the distance and the delay of another. `rangs`: their positions."""

    rangs: tuple[int, ...]
    debut: int
    fin: int
    rayon: float


def knox(
    x: Flottants,
    y: Flottants,
    jour: Entiers,
    distances: Sequence[float],
    jours: Sequence[float],
    *,
    tirages: int = 999,
    graine: int = 0,
) -> Knox:
    """
    Args:
        x, y: shape (n,), projected metres. jour: shape (n,), whole days from any origin.
        distances, jours: increasing bounds; a band holds its lower bound and not its upper one.
    Raises:
        ValueError: shapes differ, a coordinate is not finite, bounds do not increase, or fewer than two facts.

    The pairs within the greatest distance are found once (k-d tree); a permutation moves dates between places and
    only counts again. Pairs beyond are what remains of the total by delay, which no permutation changes.
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    jour = np.asarray(jour, dtype=np.int64)
    _verifier(x, y, jour, distances, jours)
    from scipy.spatial import cKDTree

    paires = cKDTree(np.column_stack([x, y])).query_pairs(max(distances), output_type="ndarray")
    a, b = paires[:, 0], paires[:, 1]
    ecart = np.hypot(x[a] - x[b], y[a] - y[b])
    ligne = np.searchsorted(np.asarray(distances, dtype=np.float64), ecart, side="right")
    proches = ligne < len(distances)
    a, b, ligne = a[proches], b[proches], ligne[proches]
    bornes = np.asarray(jours, dtype=np.float64)
    colonnes, lignes = len(jours) + 1, len(distances)
    totaux = _totaux(jour, bornes)
    # The band of a whole delay, looked up rather than searched for at each permutation.
    table = np.searchsorted(bornes, np.arange(int(jour.max() - jour.min()) + 1), side="right")
    base = ligne * colonnes

    def compter(dates: Entiers) -> Entiers:
        rang = base + table[np.abs(dates[a] - dates[b])]
        pres = np.bincount(rang, minlength=lignes * colonnes).reshape(lignes, colonnes)
        return np.vstack([pres, totaux - pres.sum(axis=0)]).astype(np.int64)

    observes = compter(jour)
    alea = np.random.default_rng(graine)
    somme = np.zeros(observes.shape, dtype=np.float64)
    atteints = np.ones(observes.shape, dtype=np.int64)
    for _ in range(tirages):
        tire = compter(alea.permutation(jour))
        somme += tire
        atteints += tire >= observes
    attendus = somme / max(1, tirages)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(attendus > 0, observes / attendus, np.nan)
    return Knox(
        tuple(map(float, distances)), tuple(map(float, jours)), observes, attendus, ratios,
        atteints / (tirages + 1), len(x), tirages, graine,
    )  # fmt: skip


def _verifier(
    x: Flottants, y: Flottants, jour: Entiers, distances: Sequence[float], jours: Sequence[float]
) -> None:
    if not (x.shape == y.shape == jour.shape) or x.ndim != 1:
        raise ValueError("x, y and jour must be one-dimensional and alike")
    if len(x) < 2:
        raise ValueError("at least two facts are needed")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("coordinates must be finite")
    for nom, bornes in (("distances", distances), ("jours", jours)):
        if not bornes or list(bornes) != sorted(set(bornes)) or min(bornes) <= 0:
            raise ValueError(f"{nom} must be positive and increase")


def _totaux(jour: Entiers, bornes: Flottants) -> Entiers:
    """Pairs of facts by delay band, from how many facts each day has."""
    comptes = np.bincount(jour - jour.min()).astype(np.float64)
    etendue = len(comptes)
    taille = 1 << (2 * etendue - 1).bit_length()
    spectre = np.fft.rfft(comptes, taille)
    par_ecart = np.rint(np.fft.irfft(spectre * np.conj(spectre), taille)[:etendue]).astype(np.int64)
    par_ecart[0] = int((comptes * (comptes - 1) / 2).sum())
    bande = np.searchsorted(bornes, np.arange(etendue), side="right")
    return np.bincount(bande, weights=par_ecart, minlength=len(bornes) + 1).astype(np.int64)


def chaines(
    x: Flottants, y: Flottants, jour: Entiers, distance: float, delai: float, *, minimum: int = 4
) -> tuple[Chaine, ...]:
    """Series of facts, each closer than `distance` metres and `delai` days from another of the series.

    Largest first. `rayon`: greatest distance to their mean point, in metres.
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    jour = np.asarray(jour, dtype=np.int64)
    if len(x) < minimum:
        return ()
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    paires = cKDTree(np.column_stack([x, y])).query_pairs(distance, output_type="ndarray")
    a, b = paires[:, 0], paires[:, 1]
    lies = (np.hypot(x[a] - x[b], y[a] - y[b]) < distance) & (np.abs(jour[a] - jour[b]) < delai)
    graphe = coo_matrix((np.ones(int(lies.sum())), (a[lies], b[lies])), shape=(len(x), len(x)))
    _, groupes = connected_components(graphe, directed=False)
    trouvees = []
    for groupe in np.flatnonzero(np.bincount(groupes) >= minimum):
        rangs = np.flatnonzero(groupes == groupe)
        cx, cy = x[rangs].mean(), y[rangs].mean()
        rayon = float(np.hypot(x[rangs] - cx, y[rangs] - cy).max())
        trouvees.append(Chaine(tuple(map(int, rangs)), int(jour[rangs].min()), int(jour[rangs].max()), rayon))
    return tuple(sorted(trouvees, key=lambda c: (-len(c.rangs), c.debut)))
