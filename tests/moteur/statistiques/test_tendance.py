"""STL: the authors' published results, the ministry's own adjusted series, and how often chance is called a trend."""

from __future__ import annotations

import csv
from collections import defaultdict

import numpy as np
import pytest

from pupitre.moteur.statistiques.tendance import MOIS_MINIMAUX, Reglages, decomposer, tendance
from tests.moteur.statistiques.co2 import PUBLIES, SERIE

CO2 = np.array([float(v) for v in SERIE.split()])


def test_les_nombres_publies():
    d = decomposer(
        CO2, Reglages(saison=35, tendance=19, passe_bas=13, sauts=(4, 1, 1), internes=1, externes=2)
    )
    for mois, saison, niveau, poids in PUBLIES:
        assert d.saison[mois] == pytest.approx(saison, abs=1e-9)
        assert d.tendance[mois] == pytest.approx(niveau, abs=1e-9)
        assert d.poids[mois] == pytest.approx(poids, abs=1e-9)
    np.testing.assert_allclose(d.tendance + d.saison + d.reste, CO2)


@pytest.fixture(scope="module")
def ssmsi(donnees_partagees):
    """(raw, adjusted by the SSMSI) by indicator, over their common months."""
    lues: dict = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    chemin = donnees_partagees / "ssmsi" / "series_mensuelles_nationales_2011_2022.csv"
    with chemin.open(encoding="utf-8") as fichier:
        for li in csv.DictReader(fichier):
            if li["Periodicite"] == "Mensuelle" and li["Correction"] in ("Série brute", "Série CVS-CJO"):
                cle = (li["Indicateur"], li["Sous_indicateur"])
                lues[cle][li["Correction"]][li["Unite temps"]].append(float(li["Valeurs"]))
    paires = {}
    for cle, v in lues.items():
        if len(v) < 2:
            continue
        brute, corrigee = v["Série brute"], v["Série CVS-CJO"]
        mois = sorted(set(brute) & set(corrigee))
        if all(len(brute[m]) == len(corrigee[m]) == 1 for m in mois):
            paires[cle] = tuple(np.array([s[m][0] for m in mois]) for s in (brute, corrigee))
    return paires


def test_la_saison_retiree_est_celle_du_ministere(ssmsi):
    """Working days apart, which STL does not know: the two adjusted series differ by 3 % at most on average."""
    assert len(ssmsi) == 11
    for cle, (brute, corrigee) in ssmsi.items():
        sans_saison = brute - decomposer(brute).saison
        assert np.mean(np.abs(sans_saison - corrigee) / corrigee) < 0.03, cle
        assert np.corrcoef(sans_saison, corrigee)[0, 1] > 0.94, cle


def test_la_direction_est_celle_des_series_cvs_cjo(ssmsi):
    accords = total = 0
    for brute, corrigee in ssmsi.values():
        calculee = decomposer(brute).tendance
        # Thirteen months of the adjusted series, away from both ends.
        lisse = np.convolve(corrigee, np.ones(13) / 13, "valid")
        ici, leur = calculee[18:-6] - calculee[6:-18], lisse[12:] - lisse[:-12]
        nets = np.abs(leur) > 0.05 * lisse[12:]
        accords += int((np.sign(ici[nets]) == np.sign(leur[nets])).sum())
        total += int(nets.sum())
    assert total > 400
    assert accords / total > 0.95


def test_serie_trop_courte_pas_de_tendance():
    assert tendance(np.full(MOIS_MINIMAUX - 1, 12)) is None
    assert tendance(np.full(MOIS_MINIMAUX, 12)).sens == "stable"


@pytest.mark.parametrize(("moyenne", "mois"), [(20, 60), (8, 40), (60, 96)])
def test_le_hasard_est_rarement_pris_pour_une_tendance(moyenne, mois):
    """Five in a hundred announced; ten is what 60 drawings allow."""
    alea = np.random.default_rng(7)
    saison = 1 + 0.3 * np.sin(np.arange(mois) * np.pi / 6)
    faux = sum(tendance(alea.poisson(moyenne * saison)).sens != "stable" for _ in range(60))
    assert faux / 60 <= 0.10


def test_une_hausse_sous_une_saison_forte_se_voit():
    alea = np.random.default_rng(11)
    mois = np.arange(72)
    niveau = np.where(mois < 60, 80, 80 * (1 + 0.5 * (mois - 59) / 12))
    t = tendance(alea.poisson(niveau * (1 + 0.4 * np.cos(mois * np.pi / 6))))
    assert t.sens == "hausse"
    assert t.intervalle[0] > 0
    assert t.decomposition.force_saison > 0.6


def test_un_mois_aberrant_ne_fait_pas_une_tendance():
    y = np.random.default_rng(5).poisson(30, 60)
    y[57] = 300
    d = tendance(y).decomposition
    assert d.poids[57] == 0
    assert abs(d.tendance[57] - 30) < 8


@pytest.mark.parametrize("valeurs", [np.ones(23), np.array([1.0] * 40 + [np.nan])])
def test_pas_de_decomposition_a_travers_un_trou(valeurs):
    with pytest.raises(ValueError, match=r"missing|periods"):
        decomposer(valeurs)


def test_une_serie_de_zeros_est_stable():
    t = tendance(np.zeros(48))
    assert (t.sens, t.p, t.ecart) == ("stable", 1.0, 0.0)
