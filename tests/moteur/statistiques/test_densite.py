"""Kernel density: the kernel's own formula, an independent estimate of the whole, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pupitre.moteur.statistiques.densite import BANDES, bande_de_reference, densite
from pupitre.moteur.statistiques.points_chauds import gi_de_voisins, gi_etoile


def test_un_fait_seul_dessine_son_noyau():
    d = densite(np.array([105.0]), np.array([205.0]), pas=10, bande=300)
    cx, cy = d.centres()
    au_centre = d.valeurs[np.argmin(abs(cy - 205)), np.argmin(abs(cx - 105))]
    assert au_centre == pytest.approx(3 / (math.pi * 0.3**2))
    a_200_m = d.valeurs[np.argmin(abs(cy - 205)), np.argmin(abs(cx - 305))]
    assert a_200_m == pytest.approx(au_centre * (1 - (2 / 3) ** 2) ** 2)
    loin = np.hypot(cx[None, :] - 105, cy[:, None] - 205) >= 300
    assert (d.valeurs[loin] == 0).all()


def test_la_carte_entiere_compte_les_faits():
    alea = np.random.default_rng(2)
    x, y = alea.normal(650_000, 900, 700), alea.normal(6_860_000, 600, 700)
    d = densite(x, y, pas=50)
    assert d.valeurs.sum() * 0.05**2 == pytest.approx(700, rel=0.002)
    assert d.x0 % 50 == d.y0 % 50 == 0
    # A Gaussian kernel of the variance of this quartic one (h²/8 by axis) says the same of the field.
    variance = d.bande**2 / 8
    cx, cy = d.centres()
    par_x = np.exp(-((cx[:, None] - x[None, :]) ** 2) / (2 * variance))
    par_y = np.exp(-((cy[:, None] - y[None, :]) ** 2) / (2 * variance))
    pairs = par_y @ par_x.T / (2 * math.pi * variance) * 1e6
    assert np.corrcoef(pairs.ravel(), d.valeurs.ravel())[0, 1] > 0.995


def test_la_bande_reste_lisible():
    alea = np.random.default_rng(4)
    assert bande_de_reference(alea.normal(0, 10, 500), alea.normal(0, 10, 500)) == BANDES[0]
    assert bande_de_reference(alea.normal(0, 1e5, 50), alea.normal(0, 1e5, 50)) == BANDES[1]
    x, y = alea.normal(0, 1000, 500), alea.normal(0, 1000, 500)
    distances = np.hypot(x, y)
    attendue = 0.9 * np.median(distances) / math.sqrt(math.log(2)) * 500**-0.2
    assert bande_de_reference(x, y) == pytest.approx(attendue, rel=0.05)


@pytest.mark.parametrize(
    ("x", "y", "options"),
    [
        ([], [], {"pas": 10}),
        ([0.0], [0.0, 1.0], {"pas": 10}),
        ([0.0], [float("nan")], {"pas": 10}),
        ([0.0], [0.0], {"pas": 0}),
        ([0.0, 1e6], [0.0, 1e6], {"pas": 10}),
    ],
)
def test_ce_qui_ne_se_dessine_pas(x, y, options):
    with pytest.raises(ValueError, match=r".+"):
        densite(np.array(x), np.array(y), **options)


def test_getis_ord_avec_des_voisins_dits():
    """The published example again, its neighbours told rather than found within 15."""
    valeurs = np.array([2, 3, 3.2, 5, 8, 7])
    x, y = np.array([10, 20, 40, 15, 30, 30.0]), np.array([10, 10, 10, 20, 20, 30.0])
    voisins = [[j for j in range(6) if np.hypot(x[i] - x[j], y[i] - y[j]) <= 15] for i in range(6)]
    g = gi_de_voisins(valeurs, voisins)
    assert g.gi[0] == pytest.approx(-1.397276, abs=1e-6)
    np.testing.assert_allclose(g.gi, gi_etoile(x, y, valeurs, 15).gi)
    with pytest.raises(ValueError, match="neighbours"):
        gi_de_voisins(valeurs, voisins[:5])


def test_un_lieu_voisin_de_tous_ne_dit_rien():
    assert gi_de_voisins(np.array([1.0, 2, 9]), [[0, 1, 2]] * 3).chauds() == ()
