"""The next count of a series: its interval holds what it announces, for rare and for common facts alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pupitre.moteur.statistiques import hors_de_prediction, predire


def couverture(taux: float, m: int) -> float:
    """Exact probability that the interval drawn from m Poisson counts holds the next one."""
    total = 0.0
    sommes = np.arange(int(stats.poisson.ppf(1e-9, m * taux)), int(stats.poisson.ppf(1 - 1e-9, m * taux)) + 1)
    for somme, poids in zip(sommes, stats.poisson.pmf(sommes, m * taux), strict=True):
        # Equal counts: the interval depends on their sum alone.
        passe = [somme // m + (1 if i < somme % m else 0) for i in range(m)]
        p = predire(passe)
        total += poids * (stats.poisson.cdf(p.haut, taux) - stats.poisson.cdf(p.bas - 1, taux))
    return total


@pytest.mark.parametrize("m", [3, 5, 12])
@pytest.mark.parametrize("taux", [0.2, 0.7, 1.5, 4.0, 10.0, 30.0])
def test_exact_coverage(taux: float, m: int) -> None:
    assert couverture(taux, m) >= 0.94


def test_coverage_is_not_bought_by_width() -> None:
    """Known rate, long past: no wider than what Poisson itself requires, to one fact each side."""
    p = predire([20] * 60)
    assert abs(p.bas - stats.poisson.ppf(0.025, 20)) <= 1
    assert abs(p.haut - stats.poisson.ppf(0.975, 20)) <= 1


def test_coverage_of_overdispersed_series() -> None:
    hasard = np.random.default_rng(20261123)
    k, moyenne, dedans, essais = 3.0, 12.0, 0, 1500
    for _ in range(essais):
        *passe, suivant = hasard.negative_binomial(k, k / (k + moyenne), size=9).tolist()
        dedans += predire(passe).contient(suivant)
    assert 0.90 <= dedans / essais <= 0.99


def test_the_predictive_is_a_poisson_mixed_with_the_posterior() -> None:
    """Worked by hand: past 4, 6, 5. Gamma(15 + ½, 3) mixed with Poisson has mean 15.5/3."""
    passe = [4, 6, 5]
    loi = stats.nbinom(15.5, 3 / 4)
    p = predire(passe, valeur=14)
    assert loi.mean() == pytest.approx(15.5 / 3)
    assert (p.bas, p.haut) == (loi.ppf(0.025), loi.ppf(0.975))
    assert p.p == pytest.approx(2 * loi.sf(13))
    assert not p.contient(14)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=3, max_size=15), st.integers(0, 800))
def test_properties(passe: list[int], valeur: int) -> None:
    p = predire(passe, valeur)
    assert 0 <= p.bas <= p.haut
    assert p.bas <= p.attendu + 1
    assert p.haut >= p.attendu - 1
    assert 0 <= (p.p or 0) <= 1
    assert p.dispersion >= 1
    range_ = predire(sorted(passe), valeur)
    assert (range_.bas, range_.haut, range_.p) == (p.bas, p.haut, pytest.approx(p.p))
    # A value inside the interval is never a surprise at that level, and the other way round.
    assert (p.p < 0.05) == (not p.contient(valeur)) or abs((p.p or 0) - 0.05) < 0.03


def test_zeros_alone() -> None:
    p = predire([0, 0, 0, 0], 6)
    assert p.bas == 0
    assert p.haut <= 2
    assert p.p is not None
    assert p.p < 0.001


@pytest.mark.parametrize("passe", [[], [1, 2], [1, 2, -1]])
def test_what_cannot_be_predicted(passe: list[int]) -> None:
    with pytest.raises(ValueError):
        predire(passe)


def test_many_series_at_once_do_not_cry_wolf() -> None:
    hasard = np.random.default_rng(7)
    tirages = hasard.poisson(8, size=(400, 7)).tolist()
    series = [(li[0], li[1:]) for li in tirages]
    assert hors_de_prediction(series) == ()
    series[123] = (41, series[123][1])
    ((rang, prediction),) = hors_de_prediction(series)
    assert rang == 123
    assert not prediction.contient(41)


def test_series_too_short_are_left_aside() -> None:
    assert hors_de_prediction([(50, [1]), (50, [1, 1])]) == ()
