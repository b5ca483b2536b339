"""What is laid beside a file reads as what was written, has no name, and is given up without a trace."""

from __future__ import annotations

import errno
import io
import os
import random
from dataclasses import fields

import numpy as np
import pyarrow as pa
import pytest

from pupitre.moteur.sources import lire
from pupitre.moteur.sources.fichiers import debord, plats, reguliers
from pupitre.moteur.sources.fichiers.colonnes_plates import Revenants, Textes
from pupitre.moteur.sources.fichiers.debord import Debord, Depot, relacher
from pupitre.moteur.sources.fichiers.feuille import en_textes
from pupitre.moteur.sources.lecture.fabrique import Codes
from pupitre.moteur.sources.tableaux.points import _lire_simples, _lire_un_a_un
from tests.moteur.sources.test_feuille import COMMUNES, DESCRIPTION, faits


@pytest.fixture
def courts(monkeypatch):
    """Everything is long."""
    monkeypatch.setattr(debord, "SEUIL", 0)
    for module in (
        "colonnes",
        "sources.lecture.fabrique",
        "sources.fichiers.feuille",
        "sources.tableaux.points",
    ):
        monkeypatch.setattr(f"pupitre.moteur.{module}.LOT", 7)
    monkeypatch.setattr(plats, "COURT", 0)
    monkeypatch.setattr(reguliers, "ASSEZ", 5)
    monkeypatch.setattr(reguliers, "BLOCS", 1)
    monkeypatch.setattr(reguliers, "BLOC", 2048)
    monkeypatch.setattr(reguliers, "TETE", 2048)


@pytest.fixture
def poses(monkeypatch):
    """Every file laid, as it is opened: its folder and its mode."""
    vus = []
    veritable = debord.tempfile.TemporaryFile

    def ouvrir_un(buffering, dir):
        fichier = veritable(buffering=buffering, dir=dir)
        etat = os.fstat(fichier.fileno())
        vus.append((dir, etat.st_mode & 0o777, etat.st_nlink))
        return fichier

    monkeypatch.setattr(debord.tempfile, "TemporaryFile", ouvrir_un)
    return vus


def test_what_is_laid_has_no_name_and_opens_for_nobody_else(tmp_path, courts, poses):
    laid = Debord(tmp_path)
    laid.ecrire(b"abc")
    laid.ecrire(np.arange(2, dtype=np.int8))
    assert poses == [(tmp_path, 0o600, 0)]
    assert list(tmp_path.iterdir()) == []
    tampon = laid.tampon()
    with relacher():
        assert tampon.to_pybytes() == b"abc\x00\x01"
    assert tampon.to_pybytes() == b"abc\x00\x01"


def test_what_is_short_or_cannot_be_laid_stays_in_memory(tmp_path, monkeypatch, poses):
    for dossier in (tmp_path, None):
        court = Debord(dossier)
        court.ecrire(b"abc")
        assert court.tampon().to_pybytes() == b"abc"
    assert poses == []
    monkeypatch.setattr(debord, "SEUIL", 0)
    ailleurs = Debord(tmp_path / "absent")
    ailleurs.ecrire(b"abc")
    ailleurs.ecrire(b"d")
    assert ailleurs.tampon().to_pybytes() == b"abcd"


class Plein(io.FileIO):
    """A disk with room for so many bytes, which takes a part of what it cannot take whole."""

    place = 0

    def write(self, octets):
        reste = self.place - self.tell()
        if reste <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(octets[:reste])


@pytest.mark.parametrize("place", [0, 1, 5, 700, 3000, 20_000])
def test_a_full_disk_is_done_without(tmp_path, monkeypatch, request, place):
    fichier = tmp_path / "f.csv"
    fichier.write_text(faits(1), "utf-8")
    attendu = lire(fichier, description=DESCRIPTION, communes=COMMUNES)
    request.getfixturevalue("courts")
    ouverts = []

    def ouvrir_un(buffering, dir):
        ouverts.append(Plein(os.open(dir, os.O_TMPFILE | os.O_RDWR, 0o600), "r+b"))
        return ouverts[-1]

    monkeypatch.setattr(Plein, "place", place)
    monkeypatch.setattr(debord.tempfile, "TemporaryFile", ouvrir_un)
    obtenu = lire(fichier, description=DESCRIPTION, communes=COMMUNES)
    assert ouverts
    assert all(f.closed for f in ouverts)
    for champ in fields(attendu):
        assert getattr(obtenu, champ.name) == getattr(attendu, champ.name), champ.name


def test_what_was_laid_comes_back_when_the_disk_is_full(tmp_path, monkeypatch):
    monkeypatch.setattr(debord, "SEUIL", 2)
    monkeypatch.setattr(Plein, "place", 6)
    sur_disque = lambda buffering, dir: Plein(os.open(dir, os.O_TMPFILE | os.O_RDWR, 0o600), "r+b")  # noqa: E731
    monkeypatch.setattr(debord.tempfile, "TemporaryFile", sur_disque)
    laid = Debord(tmp_path)
    for octets in (b"abc", b"de", b"fgh", b"ij"):
        laid.ecrire(octets)
    assert laid.tampon().to_pybytes() == b"abcdefghij"


@pytest.mark.parametrize("graine", range(20))
def test_columns_laid_read_as_they_were(tmp_path, courts, graine):
    alea = random.Random(graine)
    choix = ["", "é", None, "abc", "x" * 50][: alea.randrange(1, 6)]
    morceaux = [
        [alea.choice(choix) for _ in range(alea.randrange(1, 12))] for _ in range(alea.randrange(1, 6))
    ]
    attendus = [t for m in morceaux for t in m]
    tables = [
        pa.chunked_array([pa.array(m, pa.string()), pa.array(["b"])]).slice(0, len(m)) for m in morceaux
    ]
    for sorte in (Textes, Revenants):
        colonne = sorte(tmp_path)
        for lue in tables:
            colonne = colonne.ajouter(lue.dictionary_encode() if sorte is Revenants else lue)
        finie = colonne.finir()
        finie.validate(full=True)
        assert en_textes(finie).to_pylist() == attendus
        assert finie.null_count == attendus.count(None)
        assert colonne.plus_long == max(len((t or "").encode()) for t in attendus)


def test_texts_that_stop_coming_back_are_held_as_they_are(tmp_path, courts, monkeypatch):
    monkeypatch.setattr("pupitre.moteur.sources.fichiers.colonnes_plates.REVENANTS_MAX", 5)
    colonne = Revenants(tmp_path)
    lots = [["a", "b", None], ["c", "a"], [f"n{i}" for i in range(9)], ["a", None]]
    for lot in lots:
        colonne = colonne.ajouter(pa.chunked_array([pa.array(lot).dictionary_encode()]))
    assert isinstance(colonne, Textes)
    assert colonne.finir().to_pylist() == [t for lot in lots for t in lot]
    assert colonne.plus_long == 2


@pytest.mark.parametrize("genre", [pa.float64(), pa.int8(), pa.date32()])
def test_values_laid_by_lots_are_one_column(tmp_path, courts, genre):
    valeurs = pa.array([1, None, 3, 4, 5, None, 7], pa.int32() if genre == pa.date32() else genre).cast(genre)
    depot = Depot(genre, tmp_path)
    for debut in range(0, 7, 3):
        depot.ajouter(valeurs.slice(debut, 3))
    assert depot.finir() == valeurs


@pytest.mark.parametrize("genre", [pa.string(), pa.date32(), pa.dictionary(pa.int32(), pa.string())])
@pytest.mark.parametrize("valeurs", [["a", "b", "c"], ["a", None, "a"], [None, None, None], ["a", "a", "a"]])
def test_codes_laid_say_what_they_say_in_memory(tmp_path, courts, genre, valeurs):
    if pa.types.is_string(genre):
        genre = pa.dictionary(pa.int32(), pa.string())
    if pa.types.is_date32(genre):
        valeurs = [v and (ord(v) - 90) for v in valeurs]
    for positions in ([i % 3 for i in range(50)], [1] * 50):
        codes = Codes(np.array(positions, dtype=np.int8), valeurs)
        ecrite = codes.ecrire(genre, tmp_path)
        ecrite.validate(full=True)
        assert ecrite.to_pylist() == codes.tableau(genre).to_pylist()


@pytest.mark.parametrize("graine", range(8))
def test_a_file_reads_the_same_when_all_of_it_is_laid(tmp_path, request, monkeypatch, graine):
    fichier = tmp_path / "f.csv"
    # As regular as what is read fast: the same number of cells everywhere.
    fichier.write_text(
        faits(graine) + "12/03/2025;14h30;Épaves;Créteil;2,45;48,78;1;;\n" * (graine % 2), "utf-8"
    )
    attendu = lire(fichier, description=DESCRIPTION, communes=COMMUNES)
    request.getfixturevalue("courts")
    laids = request.getfixturevalue("poses")
    obtenu = lire(fichier, description=DESCRIPTION, communes=COMMUNES)
    assert laids
    assert [f.name for f in tmp_path.iterdir()] == ["f.csv"]
    for champ in fields(attendu):
        assert getattr(obtenu, champ.name) == getattr(attendu, champ.name), champ.name


REELS = ["2,45", "48.78", "-1,5", "7", ".5", ",5", "-.5", "-,5", "5.", "1e3", "inf", "nan", "+2", " 2 "]
REELS += ["--1", "1.2.3", "x", " ", None]


@pytest.mark.parametrize("graine", range(60))
def test_numbers_read_together_are_those_read_one_by_one(graine):
    alea = random.Random(graine)
    textes = pa.array(alea.choices(REELS[: alea.randrange(1, 5)] + REELS[-1:], k=20), pa.string())
    if graine % 3 == 0:
        textes = pa.array(alea.choices(REELS, k=alea.randrange(1, 4)), pa.string())
    textes = textes.slice(graine % 2)
    ensemble = _lire_simples(textes)
    if ensemble is not None:
        assert ensemble.to_pylist() == _lire_un_a_un(textes).to_pylist()


def test_numbers_in_plain_digits_are_read_together():
    assert _lire_simples(pa.array(["0", "2,45", None, "-3", "48.", "-0,5"])).to_pylist() == [
        0,
        2.45,
        None,
        -3,
        48,
        -0.5,
    ]
    for mal in (".5", ",5", "-.5", "-,5", "1e3", "inf", "nan", "--1", "1.2.3", "x", "1/2", "1-2"):
        assert _lire_simples(pa.array(["2,45", mal])) is None, mal
