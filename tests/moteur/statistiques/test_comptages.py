import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from pupitre.moteur.statistiques import (
    benjamini_yekutieli,
    binomial_conditionnel,
    e_test,
    garwood,
    taux,
    z_rapide,
)
from pupitre.moteur.statistiques.comptages import GRANDS_NOMBRES


@pytest.mark.parametrize(("n", "bas", "haut"), [(0, 0, 3.6889), (1, 0.0253, 5.5716), (5, 1.6235, 11.6683)])
def test_garwood_reproduit_les_bornes_publiees(n, bas, haut):
    intervalle = garwood(n).intervalle
    assert intervalle == pytest.approx((bas, haut), abs=5e-5)


@given(st.integers(0, 5000), st.sampled_from([0.8, 0.95, 0.99]))
def test_garwood_est_l_inverse_des_queues_de_poisson(n, niveau):
    bas, haut = garwood(n, niveau).intervalle
    alpha = (1 - niveau) / 2
    assert poisson.cdf(n, haut) == pytest.approx(alpha, rel=1e-6)
    if n:
        assert poisson.sf(n - 1, bas) == pytest.approx(alpha, rel=1e-6)


@pytest.mark.parametrize(("a", "b", "p"), [(0, 3, 0.08838), (6, 2, 0.17487)])
def test_e_test_reproduit_krishnamoorthy_et_thomson(a, b, p):
    assert e_test(a, b).p == pytest.approx(p, abs=5e-6)
    assert e_test(b, a).p == pytest.approx(p, abs=5e-6)


def test_e_test_sans_fait_et_grands_nombres():
    assert e_test(0, 0).p == 1
    # The limit used above the threshold joins the exact test.
    n = GRANDS_NOMBRES // 2
    exact, limite = e_test(n + 100, n - 100), e_test(n + 101, n - 100)
    assert exact.methode != limite.methode
    assert exact.p == pytest.approx(limite.p, rel=0.05)


def test_expositions_inegales_disent_quel_test():
    e = binomial_conditionnel(6, 2, 1, 2)
    # Between the unpooled (0.0756) and the pooled (0.0099) E-test of the same counts.
    assert e.p == pytest.approx(0.0196616, abs=1e-6)
    assert e.valeur == 6
    assert "binomial exact conditionnel" in e.methode


def test_rapport_de_taux_aux_bords():
    assert binomial_conditionnel(3, 0, 1, 2).valeur == math.inf
    assert binomial_conditionnel(3, 0, 1, 2).intervalle[1] == math.inf
    assert binomial_conditionnel(0, 3, 1, 2).intervalle[0] == 0
    vide = binomial_conditionnel(0, 0, 1, 2)
    assert math.isnan(vide.valeur)
    assert vide.p == 1


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.2, 5))
@settings(max_examples=50, deadline=None)
def test_le_test_conditionnel_ne_depend_pas_de_l_ordre(a, b, e):
    assert binomial_conditionnel(a, b, e, 1).p == pytest.approx(binomial_conditionnel(b, a, 1, e).p, rel=1e-9)


@pytest.mark.parametrize(("observe", "attendu", "z"), [(27, 15, 2.6463), (4, 9, -2.0), (0, 0, 0)])
def test_z_rapide_reproduit_les_valeurs_publiees(observe, attendu, z):
    assert z_rapide(observe, attendu) == pytest.approx(z, abs=5e-5)


def test_un_taux_porte_l_intervalle_de_son_compte():
    t = taux(5, 2000)
    assert t.valeur == 2.5
    assert t.intervalle == pytest.approx((1.6235 / 2, 11.6683 / 2), abs=5e-5)


@pytest.mark.parametrize("n", [-1, 2.5, True, float("nan")])
def test_un_compte_qui_n_en_est_pas_un_est_refuse(n):
    for fonction in (garwood, lambda x: e_test(x, 1), lambda x: e_test(1, x), lambda x: taux(x, 10)):
        with pytest.raises(ValueError):
            fonction(n)


@pytest.mark.parametrize("exposition", [0, -1, math.nan, math.inf])
def test_une_exposition_nulle_est_refusee(exposition):
    with pytest.raises(ValueError):
        taux(1, exposition)
    with pytest.raises(ValueError):
        binomial_conditionnel(1, 1, exposition, 1)


def test_z_et_niveau_refusent_l_impossible():
    with pytest.raises(ValueError):
        z_rapide(-1, 2)
    with pytest.raises(ValueError):
        garwood(1, 1.0)


def test_benjamini_yekutieli_par_la_formule():
    ps = [0.001, 0.2, 0.012, 0.04]
    harmonique = 1 + 1 / 2 + 1 / 3 + 1 / 4
    brutes = [0.001 * 4, 0.012 * 4 / 2, 0.04 * 4 / 3, 0.2]
    attendues = [min(1, harmonique * min(brutes[i:])) for i in range(4)]
    assert benjamini_yekutieli(ps) == pytest.approx((attendues[0], attendues[3], attendues[1], attendues[2]))
    assert benjamini_yekutieli([]) == ()
    with pytest.raises(ValueError):
        benjamini_yekutieli([1.2])


def test_un_compte_deja_vu_ne_fait_pas_accepter_ce_qui_lui_ressemble():
    for fonction in (garwood, lambda x: e_test(x, 1), lambda x: e_test(1, x)):
        fonction(1)
        with pytest.raises(ValueError):
            fonction(True)
