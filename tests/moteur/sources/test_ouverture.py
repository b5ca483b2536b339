"""Files that must be refused, each with what, why and what to do, before they cost any memory."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.sources import FORMATS, lire, reconnaitre
from pupitre.moteur.sources.fichiers import limites
from pupitre.moteur.sources.fichiers.ouverture import deviner_separateur, ouvrir
from tests.moteur.sources.fichiers import ligne_ods, ods, xlsx, xlsx_brut

CELLULE = '<c r="A1"><v>1</v></c>'


def refus(fichier: Path) -> FichierRefuse:
    with pytest.raises(FichierRefuse) as trouve:
        lire(fichier)
    erreur = trouve.value
    for texte in (erreur.quoi, erreur.pourquoi, erreur.que_faire):
        assert texte.endswith(".")
        assert str(fichier.parent) not in texte
    with pytest.raises(FichierRefuse):
        reconnaitre(fichier)
    return erreur


@pytest.mark.parametrize(
    ("octets", "mot"),
    [
        (b"", "vide"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "image"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "photographie"),
        (b"<!DOCTYPE html><html><table></table></html>", "page web"),
        (b"\n\n\n", "vide"),
        (b'{"type": "FeatureCollection"}', "JSON"),
        (b"Mois;Nombre\n2024-01;\x00\x003\n", "octets nuls"),
        (b"\xff\xfeM\x00o\x00i\x00s\x00;\x00\x00", "encodage"),
        (b"Mois;Nombre\n2024-01;\x81\x8d\x8f\n", "encodage"),
        (bytes(range(1, 32)) * 40, "texte"),
        (b'Mois;Nombre\n"' + b"2024-01;3\n" * 20000, "mal formé"),
        (b"PK\x03\x04 rien d'autre", "abîmé"),
        (b"PAR1 rien d'autre", "abîmé"),
        (b"\x1f\x8b\x08 rien d'autre", "abîmé"),
    ],
)
def test_not_a_table(tmp_path: Path, octets: bytes, mot: str) -> None:
    fichier = tmp_path / "statistiques.xlsx"
    fichier.write_bytes(octets)
    assert mot.lower() in str(refus(fichier)).lower()


def test_nul_bytes_are_located(tmp_path: Path) -> None:
    fichier = tmp_path / "f.csv"
    fichier.write_bytes(b"Mois;Nombre\n2024-01;\x003\n")
    assert refus(fichier).lieu.ligne == 2


@pytest.mark.parametrize(
    ("flux", "mot"), [("EncryptedPackage", "mot de passe"), ("WordDocument", "Word"), ("Workbook", ".xls")]
)
def test_ole_containers(tmp_path: Path, flux: str, mot: str) -> None:
    fichier = tmp_path / "f.xlsx"
    fichier.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + flux.encode("utf-16-le") + bytes(1000)
    )
    assert mot in str(refus(fichier))


@pytest.mark.parametrize("garde", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_workbook(tmp_path: Path, garde: float) -> None:
    entier = xlsx(
        tmp_path / "f.xlsx", {"F": [["Mois", "Nombre"], *([f"{i}", i] for i in range(500))]}
    ).read_bytes()
    coupe = tmp_path / "coupe.xlsx"
    coupe.write_bytes(entier[: int(len(entier) * garde)])
    assert "abîmé" in str(refus(coupe))


def test_a_workbook_with_damaged_bytes(tmp_path: Path) -> None:
    octets = bytearray(
        xlsx(
            tmp_path / "f.xlsx", {"F": [["Mois", "Nombre"], *([f"{i}", i] for i in range(500))]}
        ).read_bytes()
    )
    with zipfile.ZipFile(tmp_path / "f.xlsx") as archive:
        debut = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 100
    octets[debut : debut + 40] = bytes(40)
    (tmp_path / "g.xlsx").write_bytes(octets)
    assert "abîmé" in str(refus(tmp_path / "g.xlsx"))


def test_an_archive_without_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "f.xlsx", "w") as archive:
        archive.writestr("lisez-moi.txt", "rien")
    assert "archive" in str(refus(tmp_path / "f.xlsx"))


def test_two_gigabytes_are_refused_unread(tmp_path: Path) -> None:
    fichier = tmp_path / "f.csv"
    with fichier.open("wb") as flux:
        flux.write(b"Mois;Nombre\n")
        flux.truncate(2 * 1024**3)
    assert "trop lourd" in str(refus(fichier))


def test_a_zip_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is lowered so that the test does not have to inflate 400 MB."""
    monkeypatch.setattr(limites, "TAILLE_MAX_DECOMPRESSE", 8 * 1024**2)
    with zipfile.ZipFile(xlsx_brut(tmp_path / "f.xlsx", CELLULE), "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", bytes(20 * 1024**2))
    assert (tmp_path / "f.xlsx").stat().st_size < 100_000
    assert "démesuré" in str(refus(tmp_path / "f.xlsx"))


def test_a_zip_bomb_that_lies_about_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limites, "TAILLE_MAX_DECOMPRESSE", 8 * 1024**2)
    fichier = xlsx_brut(tmp_path / "f.xlsx", CELLULE + " " * (20 * 1024**2))
    with zipfile.ZipFile(fichier) as archive:
        vraie = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    octets = fichier.read_bytes().replace(vraie.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    fichier.write_bytes(octets)
    refus(fichier)


@pytest.mark.parametrize(
    "cellules",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="ZZ1048576"><v>1</v></c></row>',
        "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        '<row r="1"><c r="A1"><v>1</v></c></row><row><c\nr="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="CAA1"><v>1</v></c></row><row r="6000"><c r="A6000"><v>1</v></c></row>',
        '<row r="1"><c s="0" r="XFD1048576"><v>1</v></c></row>',
        '<row r="1048576">' + "<c><v>1</v></c>" * 20 + "</row>",
    ],
)
def test_a_lost_cell_far_away(tmp_path: Path, cellules: str) -> None:
    """Two cells make a reader allocate 17 billion: refused before it is called."""
    assert "immense" in str(refus(xlsx_brut(tmp_path / "f.xlsx", cellules)))


def test_a_long_narrow_sheet_is_read(tmp_path: Path) -> None:
    lignes = "".join(f'<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>' for i in range(1, 60001))
    assert ouvrir(xlsx_brut(tmp_path / "f.xlsx", lignes)).feuille().hauteur == 60000


def test_repeated_ods_rows(tmp_path: Path) -> None:
    bombe = ods(tmp_path / "f.ods", ligne_ods(*range(50), repetitions=900_000))
    assert "répète" in str(refus(bombe))


def test_empty_ods_repetitions_cost_nothing(tmp_path: Path) -> None:
    """LibreOffice ends every sheet with a million empty rows."""
    lignes = ligne_ods("Mois", "Nombre") + ligne_ods("2024-01", 3) + ligne_ods(None, repetitions=1_048_574)
    assert ouvrir(ods(tmp_path / "f.ods", lignes)).feuille().rangee(1)[:2] == ["2024-01", "3"]


def test_a_far_ods_row_counts_as_what_it_costs(tmp_path: Path) -> None:
    lignes = ligne_ods(1) + ligne_ods(None, repetitions=1_000_000) + ligne_ods(*range(20))
    refus(ods(tmp_path / "f.ods", lignes))


def test_entities_in_ods_are_refused(tmp_path: Path) -> None:
    fichier = ods(tmp_path / "f.ods", ligne_ods("a"))
    with zipfile.ZipFile(fichier) as archive:
        contenu = archive.read("content.xml").decode()
    with zipfile.ZipFile(fichier, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", contenu.replace("?>", '?><!DOCTYPE x [<!ENTITY a "aa">]>', 1))
    refus(fichier)


def test_a_gz_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limites, "TAILLE_MAX_TEXTE", 4 * 1024**2)
    (tmp_path / "f.csv.gz").write_bytes(gzip.compress(b"a;b\n" * 3_000_000))
    assert "trop lourd" in str(refus(tmp_path / "f.csv.gz"))


def test_memory_of_a_large_sheet(tmp_path: Path) -> None:
    """A million cells in their own process; the limit is six million, and 2 GB."""
    lignes = "".join(
        f'<row r="{i}">' + "".join(f'<c r="{c}{i}"><v>{i}</v></c>' for c in "ABCDEFGHIJ") + "</row>"
        for i in range(1, 100_001)
    )
    fichier = xlsx_brut(tmp_path / "f.xlsx", lignes)
    programme = (
        "import sys; from pupitre.moteur.sources.fichiers.ouverture import ouvrir; from pathlib import Path;"
        "f=ouvrir(Path(sys.argv[1])).feuille(); assert f.largeur*f.hauteur==1_000_000;"
        # The resident peak of getrusage would be that of the process which started this one.
        "print(*[l.split()[1] for l in open('/proc/self/status') if l.startswith('VmHWM')])"
    )
    sortie = subprocess.run(
        [sys.executable, "-c", programme, str(fichier)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "src")},
    )
    assert int(sortie.stdout) < 1_000_000


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("a;b;c\n1;2,5;3\n", ";"),
        ("a,b\n1,2\n", ","),
        ("a\tb\n1\t2,5\n", "\t"),
        ("Banniere, avec virgule\na;b;c\n1;2;3\n1;2;3\n", ";"),
        ("un seul\nmot\n", ";"),
    ],
)
def test_separator(texte: str, attendu: str) -> None:
    assert deviner_separateur(texte) == attendu


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_of_french_offices(tmp_path: Path, encodage: str) -> None:
    fichier = tmp_path / "f.csv"
    fichier.write_bytes("Nature;Nombre\nDégradation d’œuvre;3\n".encode(encodage))
    assert ouvrir(fichier).feuille().cellule(1, 0) == "Dégradation d’œuvre"


def test_lines_are_those_of_the_file_even_after_a_cell_on_two_lines(tmp_path: Path) -> None:
    fichier = tmp_path / "f.csv"
    fichier.write_text('a;b\n"deux\nlignes";1\nx;2\n', "utf-8")
    feuille = ouvrir(fichier).feuille()
    assert [feuille.lieu(i)["ligne"] for i in range(3)] == [1, 2, 4]


def test_columns_and_rows_keep_their_place_after_an_empty_margin(tmp_path: Path) -> None:
    fichier = xlsx(tmp_path / "f.xlsx", {"F": [[], [], [None, None, "x", "y"]]})
    feuille = ouvrir(fichier).feuille()
    assert feuille.cellule(2, 1) == "y"
    assert feuille.lieu(2, 1) == {"feuille": "F", "ligne": 3, "colonne": "D"}


def test_unknown_sheet_and_unknown_format(tmp_path: Path) -> None:
    fichier = xlsx(tmp_path / "f.xlsx", {"F": [["a"]]})
    with pytest.raises(FichierRefuse, match="«\u202fF\u202f»"):
        ouvrir(fichier).feuille("G")
    with pytest.raises(FichierRefuse, match=next(iter(FORMATS))):
        lire(fichier, "inconnu")
    with pytest.raises(FichierRefuse, match="introuvable"):
        lire(tmp_path / "absent.csv")
    with pytest.raises(FichierRefuse, match="introuvable"):
        lire(tmp_path)


def test_a_text_that_is_no_table_is_refused(tmp_path):
    fichier = tmp_path / "nom.txt"
    fichier.write_text("une-machine\n", encoding="utf-8")
    with pytest.raises(FichierRefuse, match="tableau de chiffres"):
        lire(fichier)


@pytest.mark.parametrize("encodage", ["utf-16", "utf-16-be"])
def test_the_unicode_text_of_a_spreadsheet_is_recognised_and_read(tmp_path, encodage):
    """« Texte Unicode » of Excel: two bytes a character, tabulations."""
    texte = "Mois\tCommune\tOccupations de hall\n2026-09\tCréteil\t3\n2026-10\tCréteil\t5\n"
    fichier = tmp_path / "halls.txt"
    fichier.write_bytes((b"\xfe\xff" if encodage == "utf-16-be" else b"") + texte.encode(encodage))
    assert reconnaitre(fichier) != "ssmsi_communal"
    classeur = ouvrir(fichier)
    assert (classeur.encodage, classeur.separateur) == ("utf-16", "\t")
    assert classeur.feuille().rangee(2) == ["2026-10", "Créteil", "5"]


def test_a_sheet_whose_format_is_to_be_found_is_loaded_once(tmp_path, monkeypatch):
    from pupitre.moteur.sources.fichiers import ouverture

    chargees = []
    vraie = ouverture._feuille_classeur
    monkeypatch.setattr(
        ouverture, "_feuille_classeur", lambda lecteur, nom: (chargees.append(nom), vraie(lecteur, nom))[1]
    )
    fichier = ods(
        tmp_path / "f.ods",
        ligne_ods("Date", "Nature", "Commune")
        + "".join(ligne_ods(f"{j:02}/03/2025", "Occupations de hall", "Créteil") for j in range(1, 29)),
    )
    releve = lire(fichier)
    assert (releve.format, releve.observations.num_rows) == ("faits", 28)
    assert chargees == ["Feuille1"]
