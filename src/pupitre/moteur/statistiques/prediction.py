"""Is a new count out of line with the series' own past? A prediction interval, not a comparison of two counts.

The past is read as m counts of one rate. With Jeffreys' prior, the next count is negative binomial; its exact
coverage, computed in the tests, is close to the nominal one even for rare facts. Where the past varies more than
chance would make it, the variance is inflated by its own dispersion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pupitre.moteur.statistiques.comptages import benjamini_yekutieli

Flottants = npt.NDArray[np.float64]
NIVEAU = 0.95
# Under three values, the past says nothing of its own variation.
PASSE_MIN = 3
METHODE = (
    "Intervalle de prédiction d’un comptage (binomiale négative, a priori de Jeffreys), niveau {niveau}."
)


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the past announces for the next value.

    Attributes:
        attendu: mean of the past.
        bas, haut: bounds of the interval, inclusive.
        p: two-sided probability of a value at least as far as the one observed; None when none was given.
        n: how many past values.
        dispersion: variance of the past over its mean, 1 when it is no more than chance.
    """

    attendu: float
    bas: int
    haut: int
    p: float | None
    n: int
    dispersion: float
    methode: str

    def contient(self, valeur: int) -> bool:
        return self.bas <= valeur <= self.haut


def predire(passe: Sequence[int], valeur: int | None = None, niveau: float = NIVEAU) -> Prediction:
    """The interval in which the next count of the series is expected.

    Args:
        passe: at least `PASSE_MIN` counts of the same exposure, without order.
        valeur: the count that came, for its p-value.
    Raises:
        ValueError: too few values, or a negative one.
    """
    from scipy.stats import nbinom

    x = np.asarray(passe, dtype=np.float64)
    if x.size < PASSE_MIN:
        raise ValueError(f"{PASSE_MIN} valeurs au moins, {x.size} données")
    if (x < 0).any() or (valeur is not None and valeur < 0):
        raise ValueError("un comptage n’est pas négatif")
    dispersion = _dispersion(x)
    loi = nbinom(*_parametres(x, dispersion))
    alpha = 1 - niveau
    bas, haut = int(loi.ppf(alpha / 2)), int(loi.ppf(1 - alpha / 2))
    p = None
    if valeur is not None:
        p = float(min(1.0, 2 * min(loi.cdf(valeur), loi.sf(valeur - 1))))
    return Prediction(
        float(x.mean()), bas, haut, p, x.size, dispersion, METHODE.format(niveau=f"{100 * niveau:g}\u202f%")
    )


def _dispersion(x: Flottants) -> float:
    """Variance over mean, taken for 1 unless a χ² test on the past says that it is more than chance."""
    from scipy.special import chdtrc

    moyenne = float(x.mean())
    if moyenne == 0:
        return 1.0
    chi2 = float(((x - moyenne) ** 2).sum() / moyenne)
    indice = chi2 / (x.size - 1)
    return indice if indice > 1 and chdtrc(x.size - 1, chi2) < 0.05 else 1.0


def _parametres(x: Flottants, dispersion: float) -> tuple[float, float]:
    """Size and probability of the negative binomial that the next count follows."""
    from scipy.special import ndtri, stdtrit

    m, somme = x.size, float(x.sum())
    if dispersion == 1.0:
        return somme + 0.5, m / (m + 1)
    moyenne = float(x.mean())
    # Student's extra width for a dispersion that is itself estimated.
    elargie = dispersion * float(stdtrit(m - 1, 0.975) / ndtri(0.975)) ** 2
    variance = moyenne * elargie * (1 + 1 / m)
    return moyenne**2 / (variance - moyenne), moyenne / variance


def hors_de_prediction(
    series: Sequence[tuple[int, Sequence[int]]], niveau: float = NIVEAU
) -> tuple[tuple[int, Prediction], ...]:
    """Of many (value, past) at once, those that remain surprising once their number is accounted for.

    Returns (rank in `series`, prediction), the most surprising first. Benjamini and Yekutieli's correction holds
    the share of false alarms under 1 − `niveau`, however the series depend on each other.
    """
    from scipy.special import betainc, betaincc

    rangs = [rang for rang, (_, passe) in enumerate(series) if len(passe) >= PASSE_MIN]
    if not rangs:
        return ()
    passes = [np.asarray(series[r][1], dtype=np.float64) for r in rangs]
    tailles, parts = np.array([_parametres(x, _dispersion(x)) for x in passes]).T
    valeurs = np.array([series[r][0] for r in rangs], dtype=np.float64)
    # The negative binomial's cumulative law, without the second it takes to import `scipy.stats`.
    dessous = betainc(tailles, valeurs + 1, parts)
    dessus = np.where(valeurs > 0, betaincc(tailles, np.maximum(valeurs, 1), parts), 1.0)
    ajustees = benjamini_yekutieli(np.minimum(1.0, 2 * np.minimum(dessous, dessus)).tolist())
    gardees = sorted((q, r) for q, r in zip(ajustees, rangs, strict=True) if q < 1 - niveau)
    return tuple((r, predire(series[r][1], series[r][0], niveau)) for _, r in gardees)
