"""Exports: nothing runs, nothing is lost, nothing missing becomes zero, and every output says the same."""

import csv
import io
import re
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pupitre.documents.bulletin import rendre_bulletin
from pupitre.documents.depuis_resultat import SANS_CHIFFRE, carte_de, classement_de, serie_de, tableau_de
from pupitre.documents.graphiques import serie
from pupitre.documents.graphiques.resumes import ecrire
from pupitre.documents.tableaux import Table, neutraliser, table_csv, table_xlsx, vers_csv, vers_xlsx
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.resultats import (
    Absent,
    Audience,
    Colonne,
    Contexte,
    LivraisonCitee,
    MotifAbsence,
    Nature,
    Periode,
    Provenance,
    Resultat,
    Rupture,
)
from tests.documents.exemples import bulletin, mois
from tests.documents.texte_pdf import texte

CARRE = (((2.4, 48.7), (2.5, 48.7), (2.5, 48.8), (2.4, 48.7)),)
SECRET = Absent(MotifAbsence.SECRET, "moins de cinq faits")
NON_LIVRE = Absent(MotifAbsence.NON_LIVRE, "le fichier d’octobre n’est pas arrivé")


def resultat(**options):
    colonnes = (
        Colonne("secteur", "Secteur", Nature.TEXTE),
        Colonne("debut", "Mois", Nature.PERIODE),
        Colonne("n", "Faits", Nature.ENTIER, "faits"),
        Colonne("taux", "Taux", Nature.TAUX, "pour 1 000 habitants"),
        Colonne("variation", "Variation", Nature.POURCENTAGE),
    )
    lignes = tuple(
        (f"Secteur {i}", jour, n, taux, variation)
        for i, (jour, n, taux, variation) in enumerate(
            zip(
                mois(6),
                (1234, 41, 0, SECRET, NON_LIVRE, 63),
                (14.25, 5.5, 0.0, SECRET, NON_LIVRE, 7.1),
                (-12.5, 3.0, SECRET, SECRET, NON_LIVRE, None),
                strict=True,
            )
        )
    )
    contexte = Contexte(
        "Vols dans les véhicules", "fait", "CISPD « Plaine centrale »",
        Periode(date(2026, 5, 1), date(2026, 10, 31), "mai à octobre 2026"),
        (
            Provenance("pn", "État 4001", "Police nationale", "2026", True,
                       (LivraisonCitee("L1", "=etat.xlsx", "ab" * 32, date(2026, 11, 6)),)),
        ),
        "comptage", (Rupture(date(2026, 8, 1), "nouvelle saisie"),),
    )  # fmt: skip
    return replace(
        Resultat(contexte, colonnes, lignes, Audience.INTERNE, ("Un secteur est retenu.",)), **options
    )


def lire(octets):
    assert octets.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(octets.decode("utf-8-sig"), newline=""), delimiter=";"))


def donnees(lignes, entete="Secteur"):
    debut = next(i for i, li in enumerate(lignes) if li and li[0] == entete)
    fin = next((i for i in range(debut, len(lignes)) if not lignes[i]), len(lignes))
    return lignes[debut], lignes[debut + 1 : fin]


def test_a_csv_says_what_it_is_before_its_figures_and_what_it_withholds_after():
    lignes = lire(vers_csv(resultat()))
    tete = {li[0]: li[1] for li in lignes[:9]}
    assert tete["Titre"] == "Vols dans les véhicules"
    assert tete["Unité de compte"] == "fait"
    assert tete["Avertissement"] == "Données fictives"
    assert "ab" * 32 in tete["Fichier"]
    assert tete["Rupture de série"] == "1er\u00a0août 2026\u202f: nouvelle saisie"
    assert ["Non montré", "Un secteur est retenu."] in lignes
    assert ["n. d.", "moins de cinq faits"] in lignes
    assert ["non livré", "le fichier d’octobre n’est pas arrivé"] in lignes


def test_a_csv_has_french_decimals_and_dates():
    entetes, lignes = donnees(lire(vers_csv(resultat())))
    assert entetes == ["Secteur", "Mois", "Faits (faits)", "Taux (pour 1 000 habitants)", "Variation"]
    assert lignes[0] == ["Secteur 0", "01/05/2026", "1234", "14,25", "-12,5"]
    assert lignes[3][2:] == ["n. d."] * 3
    assert lignes[4][2:] == ["non livré"] * 3
    assert lignes[5][2:] == ["63", "7,1", ""]


def test_a_real_result_carries_no_fictitious_mark():
    reel = resultat()
    provenance = tuple(replace(p, fictif=False) for p in reel.contexte.provenance)
    reel = replace(reel, contexte=replace(reel.contexte, provenance=provenance))
    assert "fictiv" not in vers_csv(reel).decode()


def test_a_workbook_holds_numbers_as_numbers_and_its_reading_notes():
    classeur = openpyxl.load_workbook(io.BytesIO(vers_xlsx(resultat())))
    assert classeur.sheetnames == ["Vols dans les véhicules", "Lecture"]
    feuille = classeur.worksheets[0]
    assert [c.value for c in feuille[2]] == ["Secteur 0", feuille["B2"].value, 1234, 14.25, -12.5]
    assert feuille["B2"].value.date() == date(2026, 5, 1)
    assert feuille["E2"].number_format == '#,##0.0" %"'
    assert [c.value for c in feuille[5]][2:] == ["n. d."] * 3
    assert [c.value for c in feuille[6]][2:] == ["non livré"] * 3
    assert feuille["E7"].value is None
    notes = {(li[0], li[1]) for li in classeur["Lecture"].iter_rows(values_only=True)}
    assert ("Avertissement", "Données fictives") in notes
    assert ("Non montré", "Un secteur est retenu.") in notes


def test_csv_xlsx_pdf_and_svg_show_the_same_values():
    r = resultat()
    _, lignes = donnees(lire(vers_csv(r)))
    feuille = openpyxl.load_workbook(io.BytesIO(vers_xlsx(r))).worksheets[0]
    faits = bulletin(1)
    theme = replace(
        faits.themes[0], tableau=tableau_de(r, libelle="secteur"),
        classement=classement_de(r, code="secteur", libelle="secteur", taux="taux"), carte=None,
        serie=serie_de(r),
    )  # fmt: skip
    page = re.split("[ \n]", texte(rendre_bulletin(replace(faits, themes=(theme,))))[2])
    dessin = serie(theme.serie).svg
    for i, (attendu, ecrit) in enumerate(zip(r.colonne("n"), lignes, strict=True)):
        cellule = feuille.cell(i + 2, 3).value
        if isinstance(attendu, Absent):
            assert ecrit[2] == cellule == str(attendu)
            continue
        assert int(ecrit[2]) == cellule == attendu
        assert ecrire(attendu) in page
        assert f">{ecrire(attendu)}</text>" in dessin
    for i, attendu in enumerate(r.colonne("taux")):
        if not isinstance(attendu, Absent):
            assert float(lignes[i][3].replace(",", ".")) == feuille.cell(i + 2, 4).value == attendu
            assert ecrire(attendu, 1 if attendu else 0) in page


def test_a_place_without_a_row_is_drawn_without_a_number():
    contours = {"Secteur 0": ("Gare", CARRE), "Secteur 3": ("Lac", CARRE), "Z": ("Port", CARRE)}
    zones = carte_de(resultat(), contours, code="secteur").zones
    assert [z.valeur for z in zones] == [1234, SECRET, SANS_CHIFFRE]


def test_a_text_is_not_a_figure():
    with pytest.raises(TypeError, match="Secteur 0"):
        serie_de(resultat(), valeur="secteur")
    with pytest.raises(TypeError, match="1234"):
        serie_de(resultat(), debut="n")


def test_several_results_share_a_file():
    deux = (resultat(), resultat())
    classeur = openpyxl.load_workbook(io.BytesIO(vers_xlsx(*deux)))
    assert classeur.sheetnames == ["Vols dans les véhicules", "Vols dans les véhicules (2)", "Lecture"]
    assert sum(li[:1] == ["Secteur"] for li in lire(vers_csv(*deux))) == 2


def test_nothing_to_export_is_still_a_file():
    vide = resultat(lignes=())
    assert donnees(lire(vers_csv(vide)))[1] == []
    assert openpyxl.load_workbook(io.BytesIO(vers_xlsx(vide))).worksheets[0].max_row == 1
    assert openpyxl.load_workbook(io.BytesIO(vers_xlsx())).sheetnames == ["Vide"]


@pytest.mark.parametrize(
    ("texte_recu", "attendu"),
    [
        ("=1+1", "'=1+1"), ("+33 6 12", "'+33 6 12"), ("-10 ans", "'-10 ans"), ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"), ("\r=1", "'\r=1"), (" =1", "' =1"), ("\u00a0=1", "'\u00a0=1"), ("＝1", "'＝1"),
        ("\x00=1", "'=1"), ("-5", "-5"), ("+3,5", "+3,5"), ("-1.5", "-1.5"), ("n. d.", "n. d."), ("", ""),
        ("10 %", "10 %"), ("l’an dernier", "l’an dernier"), ("-2+3", "'-2+3"), ("-1\n", "'-1\n"),
    ],
)  # fmt: skip
def test_a_cell_that_could_run_is_quoted(texte_recu, attendu):
    assert neutraliser(texte_recu) == attendu


@given(st.text())
@example('=HYPERLINK("x";"y")')
@example("\ufeff=cmd|' /C calc'!A0")
@example("a;\n=1")
def test_no_text_runs_in_a_csv_or_in_a_workbook(hostile):
    r = resultat(lignes=((hostile, mois(1)[0], 1, 1.5, 2.0),), retenus=(hostile,))
    r = replace(r, contexte=replace(r.contexte, titre=hostile, perimetre=hostile))
    for ligne in lire(vers_csv(r)):
        for cellule in ligne:
            nombre = re.fullmatch(r"[+-]?\d+([.,]\d+)?", cellule)
            assert nombre or not cellule.lstrip(" \u00a0\u202f\ufeff\u200b").startswith(
                ("=", "+", "-", "@", "\t", "\r")
            )
    assert all(len(li) == 5 for li in donnees(lire(vers_csv(r)))[1])
    for feuille in openpyxl.load_workbook(io.BytesIO(vers_xlsx(r))).worksheets:
        assert all(c.data_type != "f" and c.hyperlink is None for li in feuille.iter_rows() for c in li)


def test_an_infinite_or_undefined_number_is_not_a_number():
    r = resultat(lignes=(("S", mois(1)[0], 1, float("nan"), float("inf")),))
    assert donnees(lire(vers_csv(r)))[1][0][3:] == ["n. d.", "n. d."]
    feuille = openpyxl.load_workbook(io.BytesIO(vers_xlsx(r))).worksheets[0]
    assert [feuille["D2"].value, feuille["E2"].value] == ["n. d.", "n. d."]


def test_a_plain_table_is_exported_too():
    table = Table(
        "Livraisons : [2026]/octobre, état des fichiers reçus",
        ("Fichier", "Reçu le", "Lignes", "Publiée"),
        (("=etat.xlsx", date(2026, 11, 6), 1200, True), ("bus.csv", None, NON_LIVRE, False)),
        (("Conseil", "CISPD"),),
    )
    assert lire(table_csv(table))[-2:] == [
        ["'=etat.xlsx", "06/11/2026", "1200", "oui"],
        ["bus.csv", "", "non livré", "non"],
    ]
    classeur = openpyxl.load_workbook(io.BytesIO(table_xlsx(table)))
    assert len(classeur.sheetnames[0]) <= 31
    assert classeur.worksheets[0]["C2"].value == 1200
    with pytest.raises(ValueError, match="autant de cellules"):
        Table("t", ("a", "b"), ((1,),))


def test_a_table_too_long_for_a_workbook_says_what_to_do():
    ligne = (1,)
    with pytest.raises(ErreurPupitre, match="CSV"):
        table_xlsx(Table("t", ("a",), (ligne,) * 1_048_576))


def test_the_same_facts_give_the_same_bytes():
    assert vers_xlsx(resultat()) == vers_xlsx(resultat())
