from __future__ import annotations

import pytest

from tests.cli.terminal import ici


def test_noise_is_not_news(capsys):
    """46 then 41, that a bulletin prints as « −10,87 % (−5 faits) »."""
    objet = ici(capsys, "evolution", 46, 41, "--json").json
    assert set(objet) == {"ecart", "pourcentage", "p", "significatif", "methode", "phrase"}
    assert objet["ecart"] == -5
    assert objet["pourcentage"] == pytest.approx(-10.8696, abs=1e-4)
    assert objet["p"] == pytest.approx(0.5966, abs=1e-4)
    assert objet["significatif"] is False
    assert objet["phrase"].startswith("Pas d’évolution significative\u202f: 41\u00a0faits contre 46")


def test_the_first_count_is_the_earlier_one(capsys):
    hausse = ici(capsys, "evolution", 20, 60, "--json").json
    baisse = ici(capsys, "evolution", 60, 20, "--json").json
    assert hausse["phrase"].startswith("Hausse")
    assert baisse["phrase"].startswith("Baisse")
    assert hausse["ecart"] == -baisse["ecart"] == 40


def test_published_values_of_the_e_test(capsys):
    """Krishnamoorthy & Thomson: (0, 3) 0.08838; (6, 2) 0.17487."""
    assert ici(capsys, "evolution", 3, 0, "--json").json["p"] == pytest.approx(0.08838, abs=1e-5)
    assert ici(capsys, "evolution", 2, 6, "--json").json["p"] == pytest.approx(0.17487, abs=1e-5)


def test_exposures_follow_the_order_of_the_counts(capsys):
    """10 in one month then 20 in two: the same rate."""
    egaux = ici(capsys, "evolution", 10, 20, "--exposition", "1,2", "--json").json
    assert egaux["p"] == 1
    assert "binomial" in egaux["methode"]
    inegaux = ici(capsys, "evolution", 10, 20, "--exposition", "2,1", "--json").json
    assert inegaux["significatif"] is True


def test_no_percentage_from_a_small_base(capsys):
    assert ici(capsys, "evolution", 2, 5, "--json").json["pourcentage"] is None


@pytest.mark.parametrize(
    "comptes", [("-3", "4"), ("3", "4.5"), ("3", "4,5"), ("x", "1"), ("", "1"), ("1", "٣"), ("1e3", "2")]
)
def test_what_is_not_a_count_is_refused(capsys, comptes):
    erreur = ici(capsys, "evolution", "--json", "--", *comptes).erreur
    assert "n’est pas un compte" in erreur["quoi"]


@pytest.mark.parametrize("exposition", ["1", "1,2,3", "0,1", "-1,2", "a,b", "nan,1", "inf,1", ""])
def test_exposures_are_two_positive_numbers(capsys, exposition):
    assert exposition in ici(capsys, "evolution", 1, 2, f"--exposition={exposition}", "--json").erreur["quoi"]
