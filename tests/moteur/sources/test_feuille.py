"""A long column holds each of its texts once, and is read as if it held them all."""

from __future__ import annotations

import random
from dataclasses import fields

import numpy as np
import pyarrow as pa
import pytest

from pupitre.moteur.sources import CommuneDeReference, CommunesConnues, Description, Role, lire
from pupitre.moteur.sources.faits import doublons
from pupitre.moteur.sources.fichiers import feuille
from pupitre.moteur.sources.fichiers.feuille import coder, en_textes, reduire
from pupitre.moteur.sources.lecture import fabrique

COMMUNES = CommunesConnues([CommuneDeReference("94028", "Créteil", "94")], ici=("94",))


@pytest.fixture
def longues(monkeypatch):
    """Every column is a long one."""
    monkeypatch.setattr(feuille, "LONGUE", 1)
    monkeypatch.setattr(feuille, "PART_DE_DISTINCTS", 1.0)
    monkeypatch.setattr(fabrique, "NOMBREUSES", 0)


def colonnes(*listes, pieces=3):
    return [
        pa.chunked_array([liste[i::pieces] for i in range(pieces)], pa.string())
        for liste in map(list, listes)
    ]


def test_columns_whose_texts_come_back_are_reduced(monkeypatch):
    monkeypatch.setattr(feuille, "LONGUE", 50)
    donnees = [["a", None, "b"] * 30, [f"n{i}" for i in range(90)], [None] * 90]
    reduites = reduire(colonnes(*donnees))
    assert [pa.types.is_dictionary(c.type) for c in reduites] == [True, False, True]
    attendues = [c.combine_chunks() for c in colonnes(*donnees)]
    assert [en_textes(c).to_pylist() for c in reduites] == [c.to_pylist() for c in attendues]
    textes, rangs = coder(reduites[0].slice(1, 4))
    assert [textes[i].as_py() if i >= 0 else None for i in rangs] == attendues[0].slice(1, 4).to_pylist()


def test_short_columns_stay_as_they_are():
    assert reduire(colonnes(["a", "a", None])) == (pa.array(["a", "a", None]),)
    assert reduire([]) == ()


DESCRIPTION = Description(
    format="faits",
    roles={
        "Date": Role.DATE,
        "Heure": Role.HEURE,
        "Nature": Role.NATURE,
        "Commune": Role.COMMUNE,
        "Longitude": Role.LON,
        "Latitude": Role.LAT,
        "Gravité": Role.GRAVITE,
        "Suite donnée": Role.SUITE,
        "Rue": Role.ADRESSE,
    },
)
FAITS = """\
Date;Heure;Nature;Commune;Longitude;Latitude;Gravité;Suite donnée;Rue
12/03/2025;14h30;Occupations de hall;Créteil;2,45;48,78;1;Commune;rue du Lac
{lignes}
Date;Heure;Nature;Commune;Longitude;Latitude;Gravité;Suite donnée;Rue
Total;;;;;;;;
Source : astreinte;;;;;;;;
"""
VALEURS = (
    ("12/03/2025", "13/03/2025", "32/03/2025", "Date", "hier", "", "mars 2025"),
    ("14h30", "Heure", "", "25h", "08:00"),
    ("Occupations de hall", "Nature", "Épaves", "", "Chose inconnue"),
    ("Créteil", "CRETEIL", "Commune", "", "Ailleurs"),
    ("2,45", "652000", "", "Longitude", "0"),
    ("48,78", "6862000", "", "91", "0"),
    ("1", "", "Gravité"),
    ("", "Police", "Suite inconnue"),
    ("rue du Lac", "", "Rue"),
)


def faits(graine):
    alea = random.Random(graine)
    return FAITS.format(lignes="\n".join(";".join(map(alea.choice, VALEURS)) for _ in range(80)))


def comptages(graine):
    alea = random.Random(graine)
    noms = ("Commune", "Créteil", "", "Ailleurs", "Total Créteil")
    motifs = ("Occupations de hall", "Motif", "Épaves", "")
    nombres = ("1", "", "n.d.", "12 (1)", "-3", "x")
    lignes = [(alea.choice(noms), alea.choice(motifs), *alea.choices(nombres, k=3)) for _ in range(40)]
    titres = ";;2025;;\nCommune;Motif;janvier;février;Total"
    return "Bailleur;;;;\n" + titres + "\n" + "\n".join(map(";".join, lignes)) + "\n"


@pytest.mark.parametrize(
    ("texte", "description"),
    [*((faits(i), DESCRIPTION) for i in range(4)), *((comptages(i), None) for i in range(4))],
)
def test_a_file_reads_the_same_with_reduced_columns(tmp_path, request, texte, description):
    fichier = tmp_path / "f.csv"
    fichier.write_text(texte, "utf-8")
    attendu = lire(fichier, description=description, communes=COMMUNES)
    request.getfixturevalue("longues")
    obtenu = lire(fichier, description=description, communes=COMMUNES)
    assert len(attendu.anomalies) > 3
    for champ in fields(attendu):
        assert getattr(obtenu, champ.name) == getattr(attendu, champ.name), champ.name


def naivement(listes, lignes):
    vues: dict[tuple, int] = {}
    trouves = []
    for ligne in lignes:
        premiere = vues.setdefault(tuple(c[ligne] for c in listes), ligne)
        if premiere != ligne:
            trouves.append((ligne, premiere))
    return trouves


@pytest.mark.parametrize("graine", range(12))
@pytest.mark.parametrize("impair", [doublons._IMPAIR, 0])
@pytest.mark.parametrize(("nombreux", "crible"), [(doublons._NOMBREUX, doublons._CRIBLE), (0, 3)])
def test_rows_alike_are_those_alike_in_every_column(monkeypatch, graine, impair, nombreux, crible):
    """Few or many, even when the sieves let nearly everything through."""
    monkeypatch.setattr(doublons, "_NOMBREUX", nombreux)
    monkeypatch.setattr(doublons, "_CRIBLE", doublons._CRIBLE.dtype.type(crible))
    monkeypatch.setattr(doublons, "_IMPAIR", doublons._IMPAIR.dtype.type(impair))
    alea = random.Random(graine)
    listes = [
        [alea.choice(["a", "b", None, "c"][: alea.randrange(2, 5)]) for _ in range(60)] for _ in range(4)
    ]
    lignes = sorted(alea.sample(range(60), 50)) if graine % 2 else list(range(5, 60))
    tables = [pa.array(c, pa.string()) for c in listes]
    tables = [c.dictionary_encode() if alea.random() < 0.5 else c for c in tables]
    trouves = doublons.jumelles(tables, np.array(lignes))
    assert trouves == naivement(listes, lignes)
    assert trouves or graine


def test_no_row_is_alike_when_there_is_none():
    assert doublons.jumelles([pa.array(["a"])], np.array([], dtype=int)) == []


@pytest.mark.parametrize("positions", [[2, 2, 2], [1, 1], [0, 1, 2, 0], []])
def test_codes_are_written_as_their_values(positions):
    valeurs = ["a", None, "b"]
    codes = fabrique.Codes(np.array(positions, dtype=np.int32), valeurs)
    assert codes.tableau(pa.string()) == pa.array([valeurs[p] for p in positions], pa.string())
