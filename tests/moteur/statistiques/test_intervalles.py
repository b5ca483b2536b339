import numpy as np
import pytest
from scipy.stats import nbinom

from pupitre.moteur.statistiques import bande, bandes, probabilite


def test_une_serie_courte_n_a_pas_de_bande():
    assert bande([]) is None
    assert bande([12]) is None
    assert bandes([5] * 24) == (None,) * 24


def test_la_bande_suit_la_predictive_d_un_comptage_de_poisson():
    # Counts that vary less than chance: variance λ + λ/m, hence a negative binomial of size mλ (Jeffreys aside,
    # the predictive law of a Poisson count given a total of mλ over m periods).
    b = bande([10, 10, 10, 10])
    assert (b.bas, b.haut) == tuple(nbinom.ppf([0.025, 0.975], 40, 40 / 50))
    assert b.n == 4


def test_la_bande_couvre_ce_qu_elle_annonce():
    alea = np.random.default_rng(20120101)
    for dispersion, plancher in ((None, 0.94), (8, 0.89)):
        dedans = 0
        for _ in range(1500):
            taux = 20 if dispersion is None else 20 * alea.gamma(dispersion, 1 / dispersion, 6)
            tirage = alea.poisson(taux, 6)
            b = bande([int(n) for n in tirage[:5]])
            dedans += b.bas <= tirage[5] <= b.haut
        assert plancher <= dedans / 1500 <= 0.99


def test_plus_de_variations_elargissent():
    calme, agite = bande([20, 20, 20]), bande([5, 20, 35])
    assert agite.haut > calme.haut
    assert agite.bas < calme.bas


def test_jamais_vu_n_est_pas_impossible():
    assert bande([0, 0, 0]).haut >= 1
    assert bande([0, 0, 0]).bas == 0


def test_chaque_mois_se_compare_aux_memes_mois_et_pas_avant_une_rupture():
    serie = [m for _ in range(3) for m in range(12)]
    toutes = bandes(serie)
    assert toutes[25].attendu == 1
    assert toutes[24 + 11].attendu == 11
    assert bandes(serie, rupture=12)[30] is None
    assert bandes([None, *serie[1:]])[24] is None


def test_un_compte_negatif_est_refuse():
    with pytest.raises(ValueError):
        bande([1, -2])


def test_la_probabilite_suit_la_loi_de_la_bande():
    anterieurs = [20, 24, 18, 22, 19]
    b = bande(anterieurs)
    assert probabilite(b.haut + 1, anterieurs) < 0.05
    assert probabilite(b.bas - 1, anterieurs) < 0.05
    assert probabilite(21, anterieurs) > 0.8
    assert probabilite(21, [20]) is None
    with pytest.raises(ValueError):
        probabilite(-1, anterieurs)
