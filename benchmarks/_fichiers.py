"""Partners' files of any size, for the benchmarks of import."""

from __future__ import annotations

import importlib
import random
import zipfile
from pathlib import Path

MOIS = ("janv-25", "févr-25", "mars-25", "avr-25", "mai-25", "juin-25")
MOIS += ("juil-25", "août-25", "sept-25", "oct-25", "nov-25", "déc-25")
NATURES = (
    "Occupations de halls",
    "Troubles de jouissance",
    "Violences contre les gardiens",
    "Épaves dans les résidences",
)
COMMUNES = ("Créteil", "CRETEIL", "Alfortville", "Limeil Brevannes")
_ESPACES = "urn:oasis:names:tc:opendocument:xmlns:"


def faits(chemin: Path, combien: int) -> Path:
    """The facts of `benchmarks/import.py`: .xlsx or .csv by the name."""
    autre = importlib.import_module("benchmarks.import")
    (autre.ecrire_xlsx if chemin.suffix == ".xlsx" else autre.ecrire_csv)(chemin, combien)
    return chemin


def ods(chemin: Path, residences: int) -> Path:
    """A landlord's untidy sheet: banner, empty row, commune and residence written once and carried down, months in
    columns, a total at the end of each row and of the sheet."""
    hasard = random.Random(2)
    lignes = [
        ("Logement du Lac – Suivi des incidents 2025",),
        (),
        ("Commune", "Résidence", "Motif du signalement", *MOIS, "Total"),
    ]
    somme = [0] * len(MOIS)
    for i in range(residences):
        for j, nature in enumerate(NATURES):
            n = [hasard.randrange(12) for _ in MOIS]
            somme = [a + b for a, b in zip(somme, n, strict=True)]
            lieu = (None, None) if j else (COMMUNES[i % len(COMMUNES)], f"Résidence n° {i + 1}")
            lignes.append((*lieu, nature, *n, sum(n)))
    lignes += [("TOTAL", None, None, *somme, sum(somme)), ("Source : astreinte (chiffres provisoires)",)]
    corps = "".join(
        f"<table:table-row>{''.join(map(_cellule, li or (None,)))}</table:table-row>" for li in lignes
    )
    contenu = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{_ESPACES}office:1.0" '
        f'xmlns:table="{_ESPACES}table:1.0" xmlns:text="{_ESPACES}text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Feuille1">{corps}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{_ESPACES}manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )
        archive.writestr("content.xml", contenu)
    return chemin


def _cellule(valeur: object) -> str:
    if valeur is None:
        return "<table:table-cell/>"
    genre = f'float" office:value="{valeur}' if isinstance(valeur, int) else "string"
    return f'<table:table-cell office:value-type="{genre}"><text:p>{valeur}</text:p></table:table-cell>'
