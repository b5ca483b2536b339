"""The ordinary range of a monthly series: what a month would be if nothing had changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

ANNEES_MINIMALES = 2


@dataclass(frozen=True, slots=True)
class Bande:
    """Prediction range of one period. `n`: number of earlier periods it rests on."""

    attendu: float
    bas: int
    haut: int
    methode: str
    n: int
    niveau: float


def bande(anterieurs: Sequence[int], niveau: float = 0.95) -> Bande | None:
    """Range in which a new count of the same month would ordinarily fall, from earlier years' counts.

    Quantiles of a negative binomial of mean λ (their mean) and variance v(1 + 1/m): v is λ, or the variance seen
    between the m counts when they vary more than chance; v/m is the uncertainty of their mean. None with fewer
    than two years. Measured coverage of the 95 % range from 5 years of mean 20: see the tests.

    Raises ValueError on a negative count.
    """
    return _bandes([anterieurs], niveau)[0]


def _bandes(series: Sequence[Sequence[int]], niveau: float) -> tuple[Bande | None, ...]:
    """`bande` of each: scipy is slow to be asked, and not to answer for many."""
    lois = [_loi(anterieurs) for anterieurs in series]
    connues = [loi for loi in lois if loi is not None]
    if not connues:
        return (None,) * len(lois)
    import numpy as np
    from scipy.stats import nbinom

    queue = (1 - niveau) / 2
    _, formes, p = zip(*connues, strict=True)
    bas, haut = (np.atleast_1d(nbinom.ppf(q, formes, p)) for q in (queue, 1 - queue))
    bornes = iter(zip(bas, haut, strict=True))
    bandes_: list[Bande | None] = []
    for loi, anterieurs in zip(lois, series, strict=True):
        if loi is None:
            bandes_.append(None)
            continue
        (b, h), m = next(bornes), len(anterieurs)
        bandes_.append(
            Bande(
                attendu=loi[0],
                bas=int(b),
                haut=math.ceil(h),
                methode=f"quantiles d’une loi binomiale négative, mêmes mois de {m} années antérieures",
                n=m,
                niveau=niveau,
            )
        )
    return tuple(bandes_)


def probabilite(valeur: int, anterieurs: Sequence[int]) -> float | None:
    """Two-sided probability of a count as far from what is expected, under the law of `bande`. None likewise.

    Raises ValueError on a negative count.
    """
    loi = _loi(anterieurs)
    if loi is None:
        return None
    if valeur < 0:
        raise ValueError("counts are not negative")
    from scipy.stats import nbinom

    _, forme, p = loi
    au_plus, au_moins = float(nbinom.cdf(valeur, forme, p)), float(nbinom.sf(valeur - 1, forme, p))
    return min(1.0, 2 * min(au_plus, au_moins))


def _loi(anterieurs: Sequence[int]) -> tuple[float, float, float] | None:
    """Mean of the earlier counts, then the two parameters of the law of a new one; None with too few."""
    m = len(anterieurs)
    if any(n < 0 for n in anterieurs):
        raise ValueError("counts are not negative")
    if m < ANNEES_MINIMALES:
        return None
    moyenne = sum(anterieurs) / m
    # Half a fact: « never seen in m years » does not mean impossible.
    attendu = max(moyenne, 0.5 / m)
    variance = sum((n - moyenne) ** 2 for n in anterieurs) / (m - 1)
    exces = max(0.0, variance - moyenne)
    totale = (attendu + exces) * (1 + 1 / m)
    forme = attendu**2 / (totale - attendu)
    return moyenne, forme, attendu / totale


def bandes(
    valeurs: Sequence[int | None], periode: int = 12, niveau: float = 0.95, rupture: int | None = None
) -> tuple[Bande | None, ...]:
    """One `bande` per position of a series, from the values 12, 24, 36… places before it.

    Args:
        valeurs: counts in order, None where nothing is known.
        rupture: index of the first value after a break: nothing before it is used for what follows.
    """
    series = []
    for i in range(len(valeurs)):
        plancher = rupture if rupture is not None and i >= rupture else 0
        series.append(
            [v for j in range(i - periode, plancher - 1, -periode) if (v := valeurs[j]) is not None]
        )
    return _bandes(series, niveau)
