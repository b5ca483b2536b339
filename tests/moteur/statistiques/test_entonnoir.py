"""Funnel limits: exact on whole numbers, honest by simulation."""

import numpy as np
import pytest
from scipy.stats import poisson

from pupitre.moteur.statistiques import entonnoir, garwood
from pupitre.moteur.statistiques.entonnoir import courbe, limites


@pytest.mark.parametrize("attendu", [2.0, 7.5, 40.0, 900.0])
@pytest.mark.parametrize("niveau", [0.95, 0.998])
def test_les_limites_sont_celles_de_la_loi_de_poisson(attendu, niveau):
    bas, haut = limites(attendu, niveau)
    queue = (1 - niveau) / 2
    # Beyond the limit, and no sooner: the whole numbers on both sides of it.
    assert poisson.sf(np.ceil(haut) - 1, attendu) <= queue + 1e-12
    assert poisson.sf(np.floor(haut) - 1, attendu) >= queue - 1e-12
    if bas > 0:
        assert poisson.cdf(np.floor(bas), attendu) <= queue + 1e-12
        assert poisson.cdf(np.ceil(bas), attendu) >= queue - 1e-12


def test_les_limites_repondent_a_l_intervalle_de_garwood():
    # Garwood's bounds of 15 are the means of which 15 is a limit: 8.3954 to 24.7402.
    bas, haut = garwood(15).intervalle
    assert (round(bas, 4), round(haut, 4)) == (8.3954, 24.7402)
    assert limites(bas, 0.95)[1] == pytest.approx(15)
    assert limites(haut, 0.95)[0] == pytest.approx(15)


def test_chaque_lieu_est_place():
    resultat = entonnoir([50, 10, 100, 2, 500], [10_000, 10_000, 10_000, 400, 100_000])
    assert resultat.taux == pytest.approx(662 / 130_400 * 1000)
    assert [p.position for p in resultat.places] == ["dans", "sous", "au_dessus", "dans", "dans"]
    assert resultat.dispersion > 5


def test_par_le_hasard_seul_un_lieu_sur_vingt_sort_des_premieres_limites():
    alea = np.random.default_rng(7)
    expositions = alea.uniform(2_000, 80_000, 4_000)
    resultat = entonnoir(alea.poisson(expositions * 0.006).tolist(), expositions.tolist())
    dehors = sum(p.position != "dans" for p in resultat.places) / 4_000
    tres_loin = sum(p.position in ("sous", "au_dessus") for p in resultat.places) / 4_000
    assert 0.03 <= dehors <= 0.055
    assert tres_loin <= 0.0035
    assert resultat.dispersion == pytest.approx(1, abs=0.1)


def test_la_courbe_se_resserre_autour_du_taux():
    points = courbe(0.005, 1_000, 100_000)
    largeurs = [p.haut - p.bas for p in points]
    assert largeurs == sorted(largeurs, reverse=True)
    assert all(p.tres_bas <= p.bas <= 5 <= p.haut <= p.tres_haut for p in points)
    assert points[-1].exposition == pytest.approx(100_000)


def test_rien_nulle_part():
    resultat = entonnoir([0, 0], [100, 200])
    assert [p.position for p in resultat.places] == ["dans", "dans"]
    assert resultat.dispersion is None


@pytest.mark.parametrize(("n", "e"), [([], []), ([1], [0]), ([-1], [10]), ([1, 2], [10])])
def test_ce_qui_n_a_pas_de_sens_est_refuse(n, e):
    with pytest.raises(ValueError):
        entonnoir(n, e)
