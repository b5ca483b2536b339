"""Themes: every nature that is counted has one, and one only."""

from datetime import date

import pytest

from pupitre.moteur import nomenclatures
from pupitre.moteur.nomenclatures import thematiques

JOUR = date(2026, 11, 1)
# What is not a fact of a subject: its natures stand under « autres ».
SANS_THEME = {"inc:doleance_autre", *(f"4001:{i}" for i in (60, 61, 69, 70, 71, 75, 76, 80, 107))}


def comptees():
    """Measured natures: headings that add what is under them share the theme of their source, not one of theirs."""
    tetes = {n.parent for n in nomenclatures.natures()}
    return [
        n.code
        for n in nomenclatures.natures()
        if n.mesurable
        and n.nomenclature in ("4001", "ssmsi", "inc", "pn")
        and n.code not in tetes
        and n.code != "pn:faits_marquants"
    ]


def test_chaque_nature_comptee_a_son_theme():
    sans = {c for c in comptees() if thematiques.thematique_de(c, JOUR) is thematiques.AUTRES}
    assert sans <= SANS_THEME


def test_aucune_nature_n_a_deux_themes():
    vues: dict[str, str] = {}
    for theme in thematiques.thematiques(JOUR):
        for nature in theme.natures:
            assert vues.setdefault(nature, theme.code) == theme.code


@pytest.mark.parametrize(
    ("nature", "theme"),
    [
        ("4001:27", "biens"),
        ("4001:35", "vehicules"),
        ("inc:occupation_hall", "tranquillite"),
        ("inc:harcelement_scolaire", "jeunesse"),
        ("pn:tues_route", "routier"),
        ("ssmsi:coups_blessures_intrafamiliaux", "famille"),
        ("inconnue:1", "autres"),
    ],
)
def test_quelques_natures(nature, theme):
    assert thematiques.thematique_de(nature, JOUR).code == theme


def test_les_themes_sont_dates():
    with pytest.raises(ValueError, match="no themes"):
        thematiques.thematiques(date(2011, 12, 31))
