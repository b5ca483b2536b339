"""Files as partners send them, and files that nobody should open."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from pupitre.moteur.observations import Releve

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
RACINE = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
LIENS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)
CLASSEUR = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="F" sheetId="1" r:id="r1"/></sheets></workbook>'
)


def xlsx(
    fichier: Path,
    feuilles: Mapping[str, Sequence[Sequence[Any]]],
    fusions: Mapping[str, Sequence[str]] | None = None,
) -> Path:
    """A workbook written cell by cell; `fusions` merges ranges after writing."""
    classeur = openpyxl.Workbook()
    classeur.remove(classeur.active)
    for nom, rangees in feuilles.items():
        feuille = classeur.create_sheet(nom)
        for rangee in rangees:
            feuille.append(list(rangee))
        for plage in (fusions or {}).get(nom, ()):
            feuille.merge_cells(plage)
    classeur.save(fichier)
    return fichier


def xlsx_brut(fichier: Path, donnees: str) -> Path:
    """A workbook whose single sheet has this XML inside `sheetData`."""
    feuille = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{donnees}</sheetData></worksheet>'
    with zipfile.ZipFile(fichier, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RACINE)
        archive.writestr("xl/workbook.xml", CLASSEUR)
        archive.writestr("xl/_rels/workbook.xml.rels", LIENS)
        archive.writestr("xl/worksheets/sheet1.xml", feuille)
    return fichier


def ods(fichier: Path, lignes: str) -> Path:
    """An OpenDocument sheet with these `table:table-row` elements."""
    contenu = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Feuille1">{lignes}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    with zipfile.ZipFile(fichier, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", contenu)
    return fichier


def ligne_ods(*cellules: object, repetitions: int = 1) -> str:
    """One row; numbers are float cells, None an empty one."""

    def cellule(valeur: object) -> str:
        if valeur is None:
            return "<table:table-cell/>"
        if isinstance(valeur, int):
            genre = f'office:value-type="float" office:value="{valeur}"'
            return f"<table:table-cell {genre}><text:p>{valeur}</text:p></table:table-cell>"
        return f'<table:table-cell office:value-type="string"><text:p>{valeur}</text:p></table:table-cell>'

    repete = f' table:number-rows-repeated="{repetitions}"' if repetitions > 1 else ""
    return f"<table:table-row{repete}>{''.join(map(cellule, cellules))}</table:table-row>"


def codes(releve: Releve) -> list[str]:
    """Codes of anomalies, in order."""
    return [a.code for a in releve.anomalies]


def anomalie(releve: Releve, code: str) -> Any:
    """The only anomaly of that code."""
    (trouvee,) = [a for a in releve.anomalies if a.code == code]
    return trouvee


def lignes(releve: Releve, *colonnes: str) -> list[tuple[Any, ...]]:
    """Observations as tuples of the given columns."""
    return [tuple(o[c] for c in colonnes) for o in releve.observations.select(list(colonnes)).to_pylist()]
