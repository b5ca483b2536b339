"""The fast reading of regular flat files says what the careful one says, or leaves the file to it."""

from __future__ import annotations

import random

import pytest

from pupitre.moteur.sources import plats


@pytest.fixture(autouse=True)
def _petits_lots(monkeypatch):
    monkeypatch.setattr(plats, "LOT", 2)
    monkeypatch.setattr(plats, "COURT", 0)


def lentement(octets, encodage, separateur, monkeypatch):
    with monkeypatch.context() as m:
        m.setattr(plats, "_lire_simple", lambda *_: None)
        return plats.lire_feuille(octets, encodage, separateur)


def fichier(alea, lignes, largeur, fin, separateur=";"):
    cellules = ["", " ", "é’", "12,5", "  x ", "N/A", "null", "01/02/2025", "#REF!", "-", "True"]
    rangees = [separateur.join(alea.choice(cellules) for _ in range(largeur)) for _ in range(lignes)]
    return fin.join(rangees) + alea.choice(("", fin))


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("fin", ["\n", "\r\n"])
@pytest.mark.parametrize("graine", range(6))
def test_a_regular_file_reads_the_same(monkeypatch, encodage, fin, graine):
    alea = random.Random(graine)
    texte = "titre;b;c" + fin + fichier(alea, alea.randrange(3, 40), 3, fin)
    octets = texte.encode(encodage)
    rapide = plats._lire_simple(octets, encodage, ";")
    assert rapide is not None
    assert rapide == lentement(octets, encodage, ";", monkeypatch)
    assert rapide.cellule(0, 0) == "titre"


@pytest.mark.parametrize(
    "texte",
    [
        "a;b\n1;2\n3;4;5\n6;7\n",  # a wider row
        'a;b\n1;"2\n3"\n6;7\n',  # a quoted cell over two lines
        "a;b\n1\n6;7\n",  # a shorter one
        "a;b\r1;2\r3;4\r",  # rows that end as on an old Macintosh
        "a;b\n1;" + "x" * 131_073 + "\n6;7\n",  # a cell beyond reason
    ],
)
def test_an_irregular_file_is_left_to_the_careful_reading(texte):
    assert plats._lire_simple(texte.encode(), "utf-8", ";") is None


@pytest.mark.parametrize("octets", [b"a\n\nb\n\n", b"a;b\n1;2\n\n6;7\n", b"a;b\r\n\r\n;\r\n1;2"])
def test_empty_rows_are_kept_in_their_place(monkeypatch, octets):
    rapide = plats._lire_simple(octets, "utf-8", ";")
    assert rapide is not None
    assert rapide == lentement(octets, "utf-8", ";", monkeypatch)
