import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pupitre.moteur.statistiques import (
    e_test,
    evolution,
    evolution_parmi,
    evolutions,
    nombre,
    phrase,
)
from pupitre.moteur.statistiques.evolutions import TOTAL_MINIMAL

FINE, INSECABLE = "\u202f", "\u00a0"


def test_le_bulletin_qui_presentait_du_bruit():
    e = evolution(41, 46)
    assert (e.ecart, e.significatif, e.sens) == (-5, False, "stable")
    assert e.pourcentage == pytest.approx(-10.87, abs=0.005)
    assert e.p == pytest.approx(0.5966, abs=5e-5)
    assert phrase(e) == f"Pas d’évolution significative{FINE}: 41{INSECABLE}faits contre 46."


def test_une_hausse_et_une_baisse_se_disent():
    hausse = evolution(1234, 1000)
    assert phrase(hausse, "victime", "victimes", "en octobre 2025") == (
        f"Hausse significative{FINE}: 1{FINE}234{INSECABLE}victimes contre 1{FINE}000 en octobre 2025 (+23{FINE}%)."
    )
    baisse = evolution(920, 1000)
    assert baisse.sens == "stable"
    assert phrase(evolution(900, 1000)).endswith(f"(−10{FINE}%).")
    assert phrase(evolution(9450, 9999)).endswith(f"(−5,5{FINE}%).")


def test_pas_de_pourcentage_sur_une_petite_base():
    assert evolution(40, 19).pourcentage is None
    assert evolution(40, 20).pourcentage == 100
    assert evolution(40, 0).pourcentage is None
    assert phrase(evolution(30, 0)) == f"Hausse significative{FINE}: 30{INSECABLE}faits contre 0."


def test_trop_peu_de_faits_ne_se_commente_pas():
    assert phrase(evolution(0, 0)) == "Aucun fait sur les deux périodes."
    assert phrase(evolution(1, 2)) == (
        f"Trop peu de faits pour parler d’évolution{FINE}: 1{INSECABLE}fait contre 2."
    )
    # Below this total nothing can be significant; at this total something can.
    assert min(e_test(0, n).p for n in range(1, TOTAL_MINIMAL)) > 0.05
    assert e_test(0, TOTAL_MINIMAL).p < 0.05


def test_expositions_inegales():
    e = evolution(100, 40, (365, 181))
    assert "binomial" in e.methode
    assert e.pourcentage == pytest.approx(100 * ((100 / 365) / (40 / 181) - 1))
    assert "durées ou de populations différentes" in phrase(e)
    # Fewer facts, but over a much shorter time: the rate rises.
    assert evolution(40, 50, (30, 365)).sens == "hausse"


def test_beaucoup_de_comparaisons_font_un_faux_signal():
    seul = evolution(15, 4)
    assert seul.significatif
    parmi = evolutions([(15, 4)] + [(10, 10)] * 11)
    assert not any(e.significatif for e in parmi)
    assert parmi[0].comparaisons == 12
    assert "Benjamini" in parmi[0].methode
    forte = evolutions([(60, 4)] + [(10, 10)] * 11)
    assert [e.significatif for e in forte] == [True] + [False] * 11
    assert evolutions([]) == ()


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), max_size=8))
@settings(max_examples=40, deadline=None)
def test_corriger_n_ajoute_jamais_de_signal(couples):
    seules = [evolution(a, b) for a, b in couples]
    for seule, corrigee in zip(seules, evolutions(couples), strict=True):
        assert corrigee.p >= seule.p - 1e-12
        assert seule.significatif or not corrigee.significatif
        assert (corrigee.sens in ("hausse", "baisse")) == corrigee.significatif


@pytest.mark.parametrize("mauvais", [(-1, 2), (1.5, 2), (2, -3)])
def test_un_compte_impossible_est_refuse(mauvais):
    with pytest.raises(ValueError):
        evolution(*mauvais)
    with pytest.raises(ValueError):
        evolution(*mauvais, exposition=(1, 2))


@pytest.mark.parametrize("exposition", [(0, 0), (-1, -1), (1, 0)])
def test_une_exposition_impossible_est_refusee(exposition):
    with pytest.raises(ValueError):
        evolution(3, 4, exposition)


@pytest.mark.parametrize(
    ("valeur", "decimales", "texte"),
    [
        (1234567, 0, f"1{FINE}234{FINE}567"),
        (-0.04, 1, "0,0"),
        (-1234.5, 1, f"−1{FINE}234,5"),
        (0, 0, "0"),
        (-10, 0, "−10"),
    ],
)
def test_les_nombres_s_ecrivent_en_francais(valeur, decimales, texte):
    assert nombre(valeur, decimales) == texte


def test_une_comparaison_parmi_d_autres_est_jugee_au_moins_aussi_severement():
    couples = [(60, 30), (12, 10), (8, 9), (40, 41)]
    ensemble = evolutions(couples)[0]
    parmi = evolution_parmi(60, 30, len(couples))
    assert parmi.p == pytest.approx(ensemble.p)
    assert parmi.comparaisons == 4
    assert evolution_parmi(60, 30, 1) == evolution(60, 30)
    assert evolution(46, 27).significatif
    assert not evolution_parmi(46, 27, 12).significatif
    with pytest.raises(ValueError):
        evolution_parmi(1, 2, 0)
