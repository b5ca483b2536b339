"""Flat files: any table comes back as it was written, by lots, in the encodings of French offices."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pupitre.moteur.sources.fichiers import plats, suivi
from pupitre.moteur.sources.fichiers.plats import encodage_de, lire_feuille

CELLULE = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\x85\u2028\u2029"), max_size=8
)
MULTILIGNE = st.one_of(CELLULE, st.just("deux\nlignes"), st.just('un "guillemet"'), st.just("a;b"))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.lists(MULTILIGNE, min_size=1, max_size=5), min_size=1, max_size=25).filter(
        lambda t: any(c.strip() for r in t for c in r)
    ),
    st.integers(1, 6),
)
def test_cells_come_back(table, lot):
    tampon = io.StringIO(newline="")
    csv.writer(tampon, delimiter=";", lineterminator="\r\n").writerows(table)
    avant, plats.LOT = plats.LOT, lot
    try:
        feuille = lire_feuille(tampon.getvalue().encode(), "utf-8", ";")
    finally:
        plats.LOT = avant
    attendues = list(csv.reader(io.StringIO(tampon.getvalue(), newline=""), delimiter=";"))
    assert feuille.hauteur == len(attendues)
    for i, rangee in enumerate(attendues):
        lue = [c or "" for c in feuille.rangee(i)]
        assert lue == rangee + [""] * (feuille.largeur - len(rangee))


def test_lines_of_the_file_are_kept_when_cells_hold_several():
    feuille = lire_feuille(b'a;b\n"x\ny";1\nz;2\n', "utf-8", ";")
    assert [feuille.lieu(i)["ligne"] for i in range(3)] == [1, 2, 4]


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp850", "mac_roman"])
def test_encodings_of_french_offices(encodage):
    texte = "Qualité;Nombre\nDégradations à l’école;3\nCréteil été déjà forêt;2\nNoël, çà et là;4\n"
    texte = texte.replace("’", "'") if encodage == "cp850" else texte
    octets = texte.encode(encodage)
    assert octets.decode(encodage_de(octets)) == texte


def test_a_few_accents_are_not_enough_to_leave_windows():
    assert encodage_de("Secteur;n\nÉlan;3\n".encode("cp1252")) == "cp1252"


def test_progress_is_told(monkeypatch):
    monkeypatch.setattr(plats, "LOT", 10)
    dits = []
    with suivi.ecouter(lambda *a: dits.append(a)):
        lire_feuille(b'a;"b"\n' + b"1;2\n" * 35, "utf-8", ";")
    assert dits == [("ouverture", n, 36) for n in (10, 20, 30, 36)]
    lire_feuille(b"a;b\n1;2\n", "utf-8", ";")
    assert len(dits) == 4
