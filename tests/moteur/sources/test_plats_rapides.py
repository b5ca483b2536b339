"""The fast reading of regular flat files says what the careful one says, or leaves the file to it."""

from __future__ import annotations

import io
import random

import pyarrow as pa
import pytest

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.sources import ouvrir
from pupitre.moteur.sources.fichiers import limites, plats, reguliers
from pupitre.moteur.sources.fichiers.feuille import en_textes
from pupitre.moteur.sources.fichiers.regularite import Irreguliere, Regulier


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


@pytest.fixture
def deposer(tmp_path, monkeypatch):
    """A file of several pieces, whatever comes last."""
    monkeypatch.setattr(reguliers, "BLOC", 4096)
    monkeypatch.setattr(reguliers, "TETE", 4096)

    def ecrire(fin, encodage="utf-8", debut="Secteur;n\nÉlan;3\n"):
        fichier = tmp_path / "f.csv"
        fichier.write_bytes(debut.encode(encodage) + b"a;1\n" * 30_000 + fin)
        return fichier

    return ecrire


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig"])
def test_a_regular_file_is_read_once(deposer, encodage):
    fichier = deposer("Élan;12\n".encode(), encodage)
    classeur = ouvrir(fichier)
    fichier.unlink()
    assert (classeur.encodage, classeur.separateur) == (encodage, ";")
    feuille = classeur.feuille()
    assert feuille.rangee(0) == ["Secteur", "n"]
    assert (feuille.hauteur, feuille.rangee(30_002)) == (30_003, ["Élan", "12"])


def test_an_irregular_file_is_held_until_it_is_read(deposer):
    fichier = deposer(b'"a""b";1\n')
    classeur = ouvrir(fichier)
    fichier.unlink()
    assert classeur.feuille().rangee(30_002) == ['a"b', "1"]


def test_a_quote_that_comes_late_is_read_fast_too(deposer, monkeypatch):
    monkeypatch.setattr(plats, "_lot", lambda _: pytest.fail("the careful reader has been called"))
    feuille = ouvrir(deposer(b'"a;b";1\n')).feuille()
    assert (feuille.hauteur, feuille.rangee(30_002)) == (30_003, ["a;b", "1"])


def cites(alea, lignes, largeur, fin):
    """Rows whose cells are quoted or not, as software writes them."""
    nus = ["", " ", "é’", "12,5", "N/A", "x y"]
    cites = ['""', '"a;b"', '"é"', '" "', '";"', '"null"', '"1"']
    rangees = [
        ";".join(alea.choice(alea.choice((nus, cites))) for _ in range(largeur)) for _ in range(lignes)
    ]
    return fin.join(rangees) + alea.choice(("", fin))


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("fin", ["\n", "\r\n"])
@pytest.mark.parametrize("graine", range(8))
def test_whole_quoted_cells_read_the_same(monkeypatch, encodage, fin, graine):
    alea = random.Random(graine)
    titres = alea.choice(("titre;b;c", '"titre";"b";"c"'))
    octets = (titres + fin + cites(alea, alea.randrange(3, 40), 3, fin)).encode(encodage)
    rapide = plats._lire_simple(octets, encodage, ";")
    assert rapide is not None
    assert rapide == lentement(octets, encodage, ";", monkeypatch)
    assert rapide.cellule(0, 0) == "titre"


IRREGULIERS = [
    'a;b\n"1"";2\n6;7\n',  # a quote inside a quoted cell, and never closed
    'a;b\n"1""2";3\n',  # a doubled quote
    'a;b\n""""; 3\n',
    'a;b\n1"2;3\n',  # an inch
    'a;b\n1; "2"\n',  # a space before
    'a;b\n1;"2" \n',  # or after
    'a;b\n1;"2\n3"\n',  # a cell over two lines
    'a;b\n1;"2\r3"\n',
    'a;b\n1;"2\n',  # a quote that nothing closes
    'a;b\n1;"',
    'a;b\n1;\ufeff"2"\n',
]


@pytest.mark.parametrize("texte", IRREGULIERS)
def test_any_other_quote_is_left_to_the_careful_reading(texte):
    assert plats._lire_simple(texte.encode(), "utf-8", ";") is None


def verdict(octets, taille):
    flux = Regulier(io.BytesIO(octets), ";")
    try:
        while flux.read(taille):
            pass
    except Irreguliere:
        return False
    return True


@pytest.mark.parametrize("taille", [1, 2, 3, 5, 8])
def test_where_the_pieces_are_cut_changes_nothing(taille):
    for graine in range(20):
        octets = cites(random.Random(graine), 12, 3, "\r\n").encode()
        assert verdict(octets, 10_000)
        assert verdict(octets, taille), octets
    for texte in IRREGULIERS:
        assert not verdict(texte.encode(), 10_000), texte
        assert not verdict(texte.encode(), taille), texte


def test_an_encoding_that_its_last_line_tells(deposer):
    classeur = ouvrir(deposer("Élan;12\n".encode("cp1252"), debut="Secteur;n\n"))
    assert classeur.encodage == "cp1252"
    assert classeur.feuille().rangee(30_001) == ["Élan", "12"]


def test_a_nul_byte_at_the_end_is_located(deposer):
    with pytest.raises(FichierRefuse) as refus:
        ouvrir(deposer(b"a;\x00\n"))
    assert "nuls" in refus.value.quoi
    assert refus.value.lieu.ligne == 30_003


def test_a_text_full_of_control_characters_is_refused(deposer):
    with pytest.raises(FichierRefuse, match="tableau"):
        ouvrir(deposer(b"", debut="a;b\n" + "\x01;\x02\n" * 200))


def test_rows_beyond_the_limit_are_refused_unread(deposer, monkeypatch):
    monkeypatch.setattr(limites, "CELLULES_MAX_TEXTE", 50_000)
    lus = []
    monkeypatch.setattr(reguliers.Textes, "finir", lambda colonne: lus.append(colonne))
    classeur = ouvrir(deposer(b""))
    with pytest.raises(FichierRefuse, match="démesuré"):
        classeur.feuille()
    assert lus == []


@pytest.mark.parametrize("guillemets", [False, True])
def test_texts_that_come_back_are_numbered_while_they_are_read(monkeypatch, guillemets):
    """A column may stop coming back after the first piece: it still says the same."""
    monkeypatch.setattr(reguliers, "BLOC", 64 * 1024)
    monkeypatch.setattr(reguliers, "TETE", 64 * 1024)
    lignes = ["genre;numéro;après;vide"]
    lignes += [f"{'abc'[i % 3]};{i};{'x' if i < 8000 else i};{'' if i % 2 else 'é'}" for i in range(12_000)]
    texte = "\n".join(lignes) + "\n"
    octets = (texte.replace("a;", '"a";') if guillemets else texte).encode()
    rapide = plats._lire_simple(octets, "utf-8", ";")
    assert [pa.types.is_dictionary(c.type) for c in rapide.colonnes] == [True, False, True, True]
    lente = lentement(octets, "utf-8", ";", monkeypatch)
    assert [en_textes(c).to_pylist() for c in rapide.colonnes] == [c.to_pylist() for c in lente.colonnes]
    for colonne in rapide.colonnes:
        connus = reguliers.distincts(colonne)
        assert len(connus.unique()) == len(connus)
    assert rapide.colonnes[3].null_count == 6000


def test_titles_without_quotes_over_cells_that_hold_the_separator(monkeypatch):
    octets = ("genre;n\n" + '"a;b";1\n' * 3000).encode()
    rapide = plats._lire_simple(octets, "utf-8", ";")
    assert rapide is not None
    assert (rapide.hauteur, rapide.rangee(3000)) == (3001, ["a;b", "1"])
