"""French as it is written: numbers, dates, agreement, spaces."""

from __future__ import annotations

from datetime import date

import pytest

from pupitre.socle import texte

F = "\u202f"
I = "\u00a0"  # noqa: E741


@pytest.mark.parametrize(
    ("valeur", "decimales", "attendu"),
    [
        (0, 0, "0"),
        (1234.5, 1, f"1{F}234,5"),
        (2.5, 0, "3"),
        (0.125, 2, "0,13"),
        (-1000000, 0, f"−1{F}000{F}000"),
        (-0.2, 0, "0"),
    ],
)
def test_nombres(valeur, decimales, attendu):
    assert texte.nombre(valeur, decimales) == attendu


def test_signes_et_pourcentages():
    assert [texte.signe(n) for n in (5, -3, 0, 0.2)] == ["+5", "−3", "0", "0"]
    assert texte.pourcent(12.5) == f"13{F}%"
    assert texte.pourcent(-5.04, 1, avec_signe=True) == f"−5,0{F}%"


def test_dates():
    assert texte.date_longue(date(2026, 11, 1)) == f"1er{I}novembre 2026"
    assert texte.date_courte(date(2026, 2, 6)) == f"6{I}févr. 2026"
    assert texte.mois_annee(date(2026, 8, 31)) == "août 2026"


@pytest.mark.parametrize(
    ("mot", "attendu"),
    [("octobre", "d’octobre"), ("mars", "de mars"), ("été", "d’été"), ("hiver", "d’hiver"), ("", "de ")],
)
def test_elision(mot, attendu):
    assert texte.de(mot) == attendu


def test_accords():
    assert texte.pluriel(0, "fait") == f"0{I}fait"
    assert texte.pluriel(1.9, "fait") == f"2{I}fait"
    assert texte.pluriel(2, "fait constaté") == f"2{I}faits constatés"
    assert texte.pluriel(2, "fait pour 1 000 habitants") == f"2{I}faits pour 1 000 habitants"
    assert texte.pluriel(3, "mis en cause") == f"3{I}mis en cause"
    assert texte.pluriel(1200, "lieu", "lieux") == f"1{F}200{I}lieux"


def test_nombres_en_lettres_dans_une_phrase():
    assert [texte.en_lettres(n) for n in (0, 1, 7, 16, 17, 1200)] == [
        "zéro",
        "un",
        "sept",
        "seize",
        "17",
        f"1{F}200",
    ]


def test_enumerations():
    assert [texte.enumeration(m) for m in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a et b",
        "a, b et c",
    ]
    assert texte.enumeration(["a", "b"], "ou") == "a ou b"


@pytest.mark.parametrize(
    ("saisi", "ecrit"),
    [
        ("l'État : 5 %", f"l’État{F}: 5{F}%"),
        ("« oui » !", f"«{F}oui{F}»{F}!"),
        ("voir https://exemple.fr", "voir https://exemple.fr"),
        (f"déjà{F}; fait", f"déjà{F}; fait"),
    ],
)
def test_typographie(saisi, ecrit):
    assert texte.typographier(saisi) == ecrit
    assert texte.typographier(ecrit) == ecrit


def test_cles_de_recherche():
    assert texte.cle_de_recherche("Saint-Étienne") == texte.cle_de_recherche("st etienne")
    assert texte.cle_de_recherche("L’Haÿ-les-Roses") == "l hay les roses"
    assert texte.cle_de_recherche("Œuilly") == "oeuilly"
