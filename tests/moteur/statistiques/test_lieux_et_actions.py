"""Published numbers: Near Repeat Calculator 1.3, Wheeler & Ratcliffe (2018), Getis-Ord; aoristic weights."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pupitre.moteur.statistiques.aoristique import aoristique
from pupitre.moteur.statistiques.deplacement import Zone, deplacement
from pupitre.moteur.statistiques.points_chauds import gi_etoile
from pupitre.moteur.statistiques.proximite import chaines, knox


@pytest.fixture(scope="module")
def chicago(donnees_partagees):
    table = pacsv.read_csv(
        donnees_partagees / "points" / "chicago_burglary_2014_2017.csv",
        convert_options=pacsv.ConvertOptions(column_types={"date_single": pa.string()}),
    )
    jours = pc.strptime(table["date_single"], format="%d/%m/%Y", unit="s").cast(pa.date32())

    def annee(n: int):
        cette_annee = pc.equal(pc.year(jours), n)
        garde, quand = table.filter(cette_annee), jours.filter(cette_annee)
        # The calculator works in metres; the file is in metres too.
        return garde["x"].to_numpy(), garde["y"].to_numpy(), quand.cast(pa.int32()).to_numpy()

    return annee


def test_les_comptes_du_near_repeat_calculator_2016(chicago):
    """The observed table of NRC 1.3: 100 m × 3, 2 days × 2."""
    k = knox(*chicago(2016), (1, 100, 200, 300), (2, 4), tirages=19, graine=1)
    assert k.n == 11701
    attendus = np.array(
        [[202, 51, 1025], [189, 143, 7762], [290, 343, 23366], [456, 526, 41305], [577857, 760260, 67037075]]
    )
    # The cells of which the question is asked agree pair for pair. Of those more than four days apart, it counts
    # up to 8 pairs of 23,000 on the other side of a bound of distance: its coordinates are of single precision.
    np.testing.assert_array_equal(k.observes[:, :2], attendus[:, :2])
    np.testing.assert_allclose(k.observes[:, 2], attendus[:, 2], atol=8)
    assert k.observes.sum() == attendus.sum()
    publies = [[15.602, 3.341, 0.82], [2.678, 1.576, 0.978], [1.366, 1.301, 0.993], [1.295, 1.14, 0.996]]
    # Their 19 permutations and ours are not the same: the ratios agree within what 19 drawings allow.
    np.testing.assert_allclose(k.ratios[:4, 1:], np.array(publies)[:, 1:], rtol=0.12)
    assert k.p[0, 0] == pytest.approx(0.05)
    assert k.p[0, 2] == 1.0


def test_les_ratios_du_near_repeat_calculator_2014(chicago):
    k = knox(*chicago(2014), (1, 200), (7,), tirages=99, graine=1)
    assert k.n == 12334
    np.testing.assert_allclose(k.ratios, [[5.34, 0.84], [1.28, 0.99], [1.0, 1.0]], rtol=0.02)
    assert k.p[0, 0] == k.p[1, 0] == pytest.approx(0.01)


def test_la_meme_graine_rend_la_meme_table_et_aucune_paire_ne_se_perd(chicago):
    x, y, jour = (v[:800] for v in chicago(2014))
    a, b = (knox(x, y, jour, (1, 200), (7, 14), tirages=20, graine=5) for _ in range(2))
    np.testing.assert_array_equal(a.p, b.p)
    assert a.observes.sum() == 800 * 799 // 2


def test_sans_repetition_rien_n_est_significatif():
    alea = np.random.default_rng(3)
    x, y = alea.uniform(0, 10_000, 400), alea.uniform(0, 10_000, 400)
    k = knox(x, y, alea.integers(0, 365, 400), (200, 400), (7, 14), tirages=199, graine=1)
    assert k.p[0, 0] > 0.01


@pytest.mark.parametrize(
    ("distances", "jours"), [((), (7,)), ((200, 100), (7,)), ((100,), (7, 7)), ((0, 100), (7,))]
)
def test_des_bornes_qui_ne_croissent_pas_sont_refusees(distances, jours):
    with pytest.raises(ValueError, match="increase"):
        knox(np.zeros(3), np.zeros(3), np.zeros(3, dtype=int), distances, jours)


def test_une_serie_est_retrouvee_avec_son_etendue():
    x = np.array([0.0, 50, 90, 130, 5000, 9000])
    jour = np.array([0, 3, 5, 9, 2, 4])
    (serie,) = chaines(x, np.zeros(6), jour, 100, 7, minimum=4)
    assert serie.rangs == (0, 1, 2, 3)
    assert (serie.debut, serie.fin) == (0, 9)
    assert chaines(x, np.zeros(6), jour, 100, 3, minimum=4) == ()


def test_difference_ponderee_premier_exemple():
    d = deplacement(Zone(20, 20), Zone(20, 10))
    assert d.estimation == -10
    assert d.erreur == pytest.approx(8.3666, abs=1e-4)
    assert d.z == pytest.approx(-1.195, abs=1e-3)


def test_difference_ponderee_second_exemple():
    d = deplacement(Zone(308, 318), Zone(207, 110), Zone(150, 140), Zone(178, 157))
    assert d.estimation == -118
    assert d.erreur == pytest.approx(math.sqrt(1568))
    assert d.z == pytest.approx(-2.98, abs=0.005)
    assert [round(b) for b in d.intervalle] == [-196, -40]
    assert (d.local, d.deplace) == (-107, -11)


def test_les_durees_et_les_surfaces_ponderent():
    double = deplacement(Zone(20, 40, duree_apres=2), Zone(20, 20, duree_apres=2))
    assert double.estimation == -10
    assert deplacement(Zone(20, 20, surface=2), Zone(20, 10, surface=2)).estimation == -5


def test_zones_impossibles():
    with pytest.raises(ValueError, match="pairs"):
        deplacement(Zone(1, 1), Zone(1, 1), Zone(1, 1))
    with pytest.raises(ValueError, match="no fact"):
        deplacement(Zone(0, 0), Zone(0, 0))
    with pytest.raises(ValueError, match="negative"):
        Zone(-1, 2)


def test_getis_ord_publie():
    x, y = np.array([10, 20, 40, 15, 30, 30.0]), np.array([10, 10, 10, 20, 20, 30.0])
    g = gi_etoile(x, y, np.array([2, 3, 3.2, 5, 8, 7]), 15)
    assert g.gi[0] == pytest.approx(-1.397276, abs=1e-6)


def test_getis_ord_sans_contraste():
    with pytest.raises(ValueError, match="equal"):
        gi_etoile(np.arange(4.0), np.zeros(4), np.ones(4), 1)


def test_un_week_end_entier_pese_un():
    # Saturday 18 h to Monday 7 h: 37 hours, each 1/37.
    s = aoristique([(datetime(2026, 10, 24, 18), datetime(2026, 10, 26, 7))])
    assert s.poids.sum() == pytest.approx(1)
    assert s.poids[5, 18] == s.poids[6, 12] == s.poids[0, 6] == pytest.approx(1 / 37)
    assert s.poids[0, 7] == 0


def test_une_heure_sure_pese_un_et_l_impossible_est_ecarte():
    s = aoristique(
        [
            (datetime(2026, 11, 23, 14, 20), datetime(2026, 11, 23, 14, 20)),
            (datetime(2026, 11, 23, 14), datetime(2026, 11, 22, 14)),
            (datetime(2026, 1, 1), datetime(2026, 3, 1)),
        ]
    )
    assert s.poids[0, 14] == 1
    assert (s.n, s.ecartes) == (1, 2)


@given(
    st.lists(
        st.tuples(st.datetimes(datetime(2020, 1, 1), datetime(2027, 1, 1)), st.integers(0, 160)), max_size=20
    )
)
def test_la_somme_des_poids_est_le_nombre_de_faits(faits):
    from datetime import timedelta

    s = aoristique([(d, d + timedelta(hours=h)) for d, h in faits])
    assert s.n + s.ecartes == len(faits)
    assert s.poids.sum() == pytest.approx(s.n)
