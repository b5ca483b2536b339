"""What a workbook would make a reader allocate is bounded without looking at each tag, or else counted exactly."""

from __future__ import annotations

import io
import random

import pytest

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.sources.fichiers import cellules_ods, cellules_xlsx, limites
from pupitre.moteur.sources.fichiers.feuille import lettre
from tests.moteur.sources.fichiers import ligne_ods


@pytest.fixture(params=[limites.MORCEAU, 97])
def morceaux(request, monkeypatch):
    """Tags are cut anywhere between two pieces."""
    monkeypatch.setattr(limites, "MORCEAU", request.param)


def xlsx(lignes):
    return f"<worksheet><cols><col/></cols><sheetData>{lignes}</sheetData><rowBreaks/></worksheet>".encode()


def rangee(alea, numero, colonnes):
    cellules = "".join(
        f'<c r="{lettre(c)}{numero}" s="1"{alea.choice(("/>", "><v>7</v></c>"))}' for c in sorted(colonnes)
    )
    return f'<row r="{numero}" spans="1:9">{cellules}</row>'


@pytest.mark.parametrize("graine", range(8))
def test_a_sheet_is_measured_as_tag_by_tag(morceaux, graine):
    alea = random.Random(graine)
    numeros = sorted(alea.sample(range(1, 1_048_577), alea.randrange(1, 30)))
    feuille = xlsx(
        "".join(rangee(alea, n, alea.sample(range(alea.choice((3, 30, 800))), 3)) for n in numeros)
    )
    octets, cellules, rectangle = cellules_xlsx.borner(io.BytesIO(feuille))
    assert (octets, cellules) == (len(feuille), 3 * len(numeros))
    assert (cellules, rectangle) == cellules_xlsx.compter(io.BytesIO(feuille))


@pytest.mark.parametrize(
    ("cellule", "rectangle"),
    [("A5000", 5000), ("Z460000", 26 * 460_000), ("XFD1", 16_384), ("A1048576", 1_048_576)],
)
def test_a_lost_cell_is_seen_where_it_is(cellule, rectangle):
    ligne = cellule.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    feuille = xlsx(f'<row r="{ligne}"><c r="{cellule}"><v>1</v></c></row>')
    assert cellules_xlsx.borner(io.BytesIO(feuille))[1:] == (1, rectangle)


@pytest.mark.parametrize(
    "lignes",
    [
        "<row><c><v>1</v></c></row>",
        '<row r="1"><c s="1" r="A1"/></row>',
        "<row r=\"1\"><c r='A1'/></row>",
        '<row r="1"><c r="A1 "/></row>',
        '<row r="1"><c r="1"/></row>',
        '<row r="1"><c r="A"/></row>',
        '<row r="1"><c r="ABCD1"/></row>',
        '<row r="1"><c r="A12345678"/></row>',
        '<row ht="9" r="900000"/>',
        '<row r="12345678"/>',
    ],
)
def test_what_is_written_in_another_way_goes_to_the_exact_pass(lignes):
    assert cellules_xlsx.borner(io.BytesIO(xlsx(lignes)))[2] > limites.RECTANGLE_MAX


@pytest.mark.parametrize("compter", [cellules_xlsx.compter, cellules_xlsx.borner])
@pytest.mark.parametrize("avant", range(0, 100, 7))
def test_a_tag_stretched_over_pieces_does_not_hide_its_place(monkeypatch, compter, avant):
    monkeypatch.setattr(limites, "MORCEAU", 100)
    loin = f'{" " * avant}<c{" " * 150}r="ZZ9"/>'
    *_, cellules, rectangle = compter(io.BytesIO(xlsx(f'<row r="9">{loin}</row>')))
    assert (cellules, rectangle) == (1, 702 * 9) or rectangle > limites.RECTANGLE_MAX


@pytest.mark.parametrize("compter", [cellules_xlsx.compter, cellules_xlsx.borner])
def test_a_tag_longer_than_any_writes_is_refused(monkeypatch, compter):
    monkeypatch.setattr(limites, "MORCEAU", 100)
    with pytest.raises(FichierRefuse, match="démesuré"):
        compter(io.BytesIO(xlsx(f'<row r="9"><c{" " * 400}r="ZZ9"/></row>')))


def test_tags_under_another_prefix_go_to_the_exact_pass():
    feuille = b'<x:worksheet><x:row r="1"><x:c r="ZZ9"/></x:row></x:worksheet>'
    assert cellules_xlsx.borner(io.BytesIO(feuille))[2] > limites.RECTANGLE_MAX
    assert cellules_xlsx.compter(io.BytesIO(feuille)) == (1, 702 * 9)


TETE = '<?xml version="1.0" encoding="UTF-8"?>'
DOCUMENT = (
    '{tete}<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body>'
    '<table:table><table:table-column table:number-columns-repeated="16384"/><table:table-row-group>{lignes}'
    "</table:table-row-group></table:table></office:body></office:document-content>"
)


def ods(lignes, tete=TETE):
    return DOCUMENT.format(tete=tete, lignes=lignes).encode()


def bornes(contenu):
    return cellules_ods.borner(io.BytesIO(contenu))[1]


def ligne_quelconque(alea):
    cellules = "".join(
        alea.choice(
            (
                "<table:table-cell/>",
                '<table:table-cell table:number-columns-repeated="{n}"/>',
                '<table:covered-table-cell table:style-name="ce1" table:number-columns-repeated="{n}" />',
                '<table:table-cell office:value-type="float" table:number-columns-repeated="{n}"/>',
                "<table:table-cell>\n</table:table-cell>",
                "<table:table-cell><text:p>value-type</text:p></table:table-cell>",
                '<table:table-cell table:formula="of:=[.A1]&gt;2"/>',
            )
        ).format(n=alea.randrange(1, 9))
        for _ in range(alea.randrange(6))
    )
    repetee = f' table:number-rows-repeated="{alea.randrange(1, 7)}"' if alea.random() < 0.4 else ""
    return (
        f"<table:table-row{repetee}>{cellules}</table:table-row>"
        if cellules
        else f"<table:table-row{repetee}/>"
    )


@pytest.mark.parametrize("graine", range(40))
def test_the_cells_of_an_ods_never_exceed_their_bound(morceaux, graine):
    alea = random.Random(graine)
    contenu = ods("".join(ligne_quelconque(alea) for _ in range(alea.randrange(1, 40))))
    compte, borne = cellules_ods.compter(io.BytesIO(contenu)), bornes(contenu)
    assert compte <= borne <= limites.CELLULES_MAX
    assert borne <= 40 * 7 * 6 * 9


def test_empty_repetitions_of_an_ods_are_not_counted(morceaux):
    """LibreOffice ends each row, and the sheet, with all that it could hold."""
    fin = '<table:table-cell table:number-columns-repeated="16369"/></table:table-row>'
    pleine = ligne_ods(*range(15)).replace("</table:table-row>", fin)
    vide = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
    vide += 'table:number-columns-repeated="16384"/></table:table-row>'
    assert bornes(ods(pleine * 500 + vide)) == 500 * 15


def test_empty_rows_before_a_filled_one_are_as_wide_as_it(morceaux):
    vides = "".join(f'<table:table-row table:number-rows-repeated="{n}"/>' for n in (1000, 200))
    assert bornes(ods(ligne_ods(1) + vides + ligne_ods(*range(20)) + vides)) == 20 * 1202


@pytest.mark.parametrize(
    "lignes",
    [
        "<!-- -->" + ligne_ods(1),
        "<?a b?>" + ligne_ods(1),
        ligne_ods(1).replace("1</", "<![CDATA[1]]></"),
        "<table:table-row table:number-rows-repeated='9'/>",
        '<table:table-row table:number-rows-repeated = "9"/>',
        ligne_ods(1).replace("-row>", '-row table:x=">" table:number-rows-repeated="9">', 1),
        ligne_ods(1).replace("-row>", "-row table:x='>' table:number-rows-repeated=\"9\">", 1),
        '<table:table-row><table:table-cell table:number-columns-repeated="1234567890"/><table:table-cell '
        'office:value-type="float"/></table:table-row>',
        f'<table:table-row table:number-rows-repeated="9"><table:table-cell>{ligne_ods(1)}</table:table-cell>'
        "</table:table-row>",
    ],
)
def test_an_ods_written_in_another_way_is_counted_tag_by_tag(lignes):
    assert bornes(ods(lignes)) > limites.CELLULES_MAX


@pytest.mark.parametrize(
    ("tete", "encodage"),
    [
        (TETE.replace("UTF-8", "ISO-8859-1"), "latin-1"),
        (TETE.replace("UTF-8", "UTF-16"), "utf-16"),
        ("", "utf-16"),
    ],
)
def test_an_ods_in_another_encoding_is_counted_tag_by_tag(tete, encodage):
    contenu = ods(ligne_ods(1), tete).decode().encode(encodage)
    assert bornes(contenu) > limites.CELLULES_MAX
    assert cellules_ods.compter(io.BytesIO(contenu)) == 1


@pytest.mark.parametrize(
    ("avant", "apres"),
    [
        ("</office:body>", "</office:corps>"),
        ("</office:document-content>", ""),
        ("<office:body>", "<office:body><text:p>\x01</text:p>"),
        ("<office:body>", '<office:body x="1" x="2">'),
        ("<office:body>", "<office:body>&inconnue;"),
    ],
)
def test_an_ods_that_is_not_well_formed_is_refused(morceaux, avant, apres):
    contenu = ods(ligne_ods(1)).decode().replace(avant, apres, 1).encode()
    with pytest.raises(FichierRefuse, match="abîmé"):
        bornes(contenu)


def test_definitions_in_an_ods_are_refused(morceaux):
    with pytest.raises(FichierRefuse, match="définitions"):
        bornes(ods("", TETE + "<!DOCTYPE x [<!ENTITY a 'aa'>]>"))


def test_an_encoding_that_nobody_knows_is_refused():
    with pytest.raises(FichierRefuse, match="abîmé"):
        bornes(ods(ligne_ods(1), TETE.replace("UTF-8", "UTF-99")))


SEPT = '<table:table-cell office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell>'
SEPTS = f"<table:table-row>{SEPT * 30}</table:table-row>"


def test_cells_written_many_times_are_all_counted(morceaux):
    contenu = ods((SEPTS + ligne_ods(1)) * 60)
    assert bornes(contenu) == 30 * 120
    assert cellules_ods.compter(io.BytesIO(contenu)) == 31 * 60


@pytest.mark.parametrize("graine", range(60))
def test_what_is_wrong_once_among_cells_written_many_times_is_refused(morceaux, graine):
    """Put anywhere, or in each of the cells, these never leave the document well formed."""
    alea = random.Random(graine)
    contenu = ods(SEPTS * 9).decode()
    faute = alea.choice(
        ("<", "&", "</text:p>", "<text:p>", "<table:table-cell>", "</table:table-cell>", "\x01")
    )
    if graine % 2:
        place = alea.randrange(len(SEPT) + 1)
        contenu = contenu.replace(SEPT, SEPT[:place] + faute + SEPT[place:])
    else:
        place = alea.randrange(len(contenu) + 1)
        contenu = contenu[:place] + faute + contenu[place:]
    with pytest.raises(FichierRefuse, match="abîmé"):
        bornes(contenu.encode())


@pytest.mark.parametrize(
    ("avant", "apres"),
    [
        ("</office:document-content>", f"</office:document-content>{SEPT}"),
        ("<office:document-content", f"{SEPT}<office:document-content"),
        ("</office:body>", f"<text:p x='{SEPT}'/></office:body>"),
        ("</office:body>", f"</{SEPT}office:body>"),
        ("</office:body>", f"&am{SEPT}p;</office:body>"),
        (SEPT, f"<table:table-cell{SEPT.removeprefix('<table:table-cell').replace('>', '/>', 1)}"),
    ],
)
def test_a_cell_written_many_times_is_refused_where_it_cannot_be(morceaux, avant, apres):
    contenu = ods(SEPTS * 9).decode()
    assert bornes(contenu.encode()) == 9 * 30
    with pytest.raises(FichierRefuse, match="abîmé"):
        bornes(contenu.replace(avant, apres).encode())


def test_the_end_of_a_tag_may_be_written_in_an_attribute(morceaux):
    cellule = SEPT.replace("-cell ", "-cell table:formula='2/>1' ")
    assert bornes(ods(SEPTS.replace(SEPT, cellule) * 9)) == 9 * 30


@pytest.mark.parametrize("entre", ["<!--{}-->", "<![CDATA[{}]]>", "<?a {}?>"])
def test_cells_that_are_no_cells_are_counted_tag_by_tag(morceaux, entre):
    contenu = ods(SEPTS * 9 + f"<table:table-row>{entre.format(SEPTS * 9)}</table:table-row>" + SEPTS)
    assert bornes(contenu) > limites.CELLULES_MAX
    assert cellules_ods.compter(io.BytesIO(contenu)) <= 11 * 30
