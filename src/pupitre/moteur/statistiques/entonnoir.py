"""Funnel: rates of places of different sizes against the limits that chance alone sets around their pooled rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Position = Literal["sous", "bas", "dans", "haut", "au_dessus"]
# Two limits, as funnel plots have: one place in twenty is expected beyond the first, one in five hundred beyond
# the second (Spiegelhalter, Statistics in Medicine 24, 2005).
NIVEAUX = (0.95, 0.998)
POINTS_DE_COURBE = 60


@dataclass(frozen=True, slots=True)
class Limites:
    """Rates between which a place of that exposure falls by chance, at both levels of `NIVEAUX`."""

    exposition: float
    bas: float
    haut: float
    tres_bas: float
    tres_haut: float


@dataclass(frozen=True, slots=True)
class Place:
    """One place. `p`: two-sided, exact Poisson, uncorrected; `position`: "dans" between the first limits,
    "bas" or "haut" between the two, "sous" or "au_dessus" beyond the second."""

    n: int
    exposition: float
    taux: float
    p: float
    position: Position


@dataclass(frozen=True, slots=True)
class Entonnoir:
    """`taux`: pooled, per `par`; `dispersion`: Pearson's chi-square over its degrees of freedom, about 1 when
    places differ by chance alone, None with fewer than two; `n`: places."""

    taux: float
    par: float
    places: tuple[Place, ...]
    courbe: tuple[Limites, ...]
    dispersion: float | None
    n: int
    methode: str = "limites de Poisson exactes à 95 % et 99,8 % autour du taux d’ensemble"


def entonnoir(comptes: Sequence[int], expositions: Sequence[float], par: float = 1000) -> Entonnoir:
    """Place each count against the limits around the pooled rate of all of them.

    The limits interpolate the Poisson law between whole numbers by its continuous form (regularised gamma), which
    is exact on them. Raises ValueError on unequal lengths, a negative count, an exposure that is not > 0, or
    nothing at all.
    """
    if len(comptes) != len(expositions) or not comptes:
        raise ValueError("one exposure for each count, and at least one")
    if any(n < 0 for n in comptes) or any(e <= 0 for e in expositions):
        raise ValueError("counts are not negative and exposures are positive")
    commun = sum(comptes) / sum(expositions)
    places = tuple(_placer(n, e, commun, par) for n, e in zip(comptes, expositions, strict=True))
    chi2 = sum((p.n - commun * p.exposition) ** 2 / (commun * p.exposition) for p in places) if commun else 0
    return Entonnoir(
        taux=commun * par,
        par=par,
        places=places,
        courbe=courbe(commun, min(expositions), max(expositions), par),
        dispersion=chi2 / (len(places) - 1) if len(places) > 1 and commun else None,
        n=len(places),
    )


def limites(attendu: float, niveau: float) -> tuple[float, float]:
    """Counts l and u with P(X ≤ l) = P(X ≥ u) = (1 - niveau) / 2, X a Poisson count of mean `attendu`.

    Continuous; l is 0 where even an empty place is ordinary.
    """
    if attendu <= 0:
        return 0.0, 0.0
    from scipy.special import gdtrib

    queue = (1 - niveau) / 2
    bas = float(gdtrib(1.0, 1 - queue, attendu)) - 1
    return max(0.0, bas), float(gdtrib(1.0, queue, attendu))


def courbe(taux: float, de: float, a: float, par: float = 1000) -> tuple[Limites, ...]:
    """Limits along exposures evenly spaced on a logarithmic scale; `taux` is per unit of exposure."""
    raison = (a / de) ** (1 / (POINTS_DE_COURBE - 1)) if a > de else 1.0
    points = []
    for i in range(POINTS_DE_COURBE if a > de else 1):
        exposition = min(a, de * raison**i)
        (bas, haut), (tres_bas, tres_haut) = (limites(taux * exposition, n) for n in NIVEAUX)
        echelle = par / exposition
        points.append(
            Limites(exposition, bas * echelle, haut * echelle, tres_bas * echelle, tres_haut * echelle)
        )
    return tuple(points)


def _placer(n: int, exposition: float, taux: float, par: float) -> Place:
    from scipy.special import gammainc, gammaincc

    attendu = taux * exposition
    au_plus = float(gammaincc(n + 1, attendu)) if attendu else 1.0
    au_moins = (float(gammainc(n, attendu)) if attendu else 0.0) if n else 1.0
    p = min(1.0, 2 * min(au_plus, au_moins))
    seuils = [1 - niveau for niveau in NIVEAUX]
    position: Position = "dans"
    if p <= seuils[0]:
        haut = n > attendu
        if p <= seuils[1]:
            position = "au_dessus" if haut else "sous"
        else:
            position = "haut" if haut else "bas"
    return Place(n, exposition, n / exposition * par, p, position)
