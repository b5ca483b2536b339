"""Empty tables to be filled in by a partner: XLSX with lists to choose from, CSV with its titles."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

import xlsxwriter

from pupitre.documents.tableaux import neutraliser
from pupitre.moteur.sources.tableaux.proposition import FEUILLE_DE_CHOIX as LISTES

LIGNES_A_CHOISIR = 2000


@dataclass(frozen=True, slots=True)
class TableVide:
    """A table without its figures.

    Attributes:
        titres: of the columns, each with what to write under it.
        lignes: first cells already written, a row may be shorter than the titles.
        listes: title of a column → what may be chosen there.
        dates, nombres: titles of the columns of days, of whole numbers.
    """

    feuille: str
    titres: tuple[tuple[str, str], ...]
    lignes: tuple[tuple[str | int, ...], ...] = ()
    listes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    dates: frozenset[str] = frozenset()
    nombres: frozenset[str] = frozenset()


def vers_csv(table: TableVide) -> bytes:
    """UTF-8 with BOM and `;`, as French spreadsheets open it."""
    tampon = io.StringIO()
    plume = csv.writer(tampon, delimiter=";", lineterminator="\r\n")
    plume.writerow([titre for titre, _ in table.titres])
    for ligne in table.lignes:
        reste = [""] * (len(table.titres) - len(ligne))
        plume.writerow([*(neutraliser(str(v)) for v in ligne), *reste])
    return b"\xef\xbb\xbf" + tampon.getvalue().encode()


def vers_xlsx(table: TableVide) -> bytes:
    """One sheet to fill in; what may be chosen is offered in each cell, what to write is said on the title."""
    tampon = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(tampon, options) as classeur:
        classeur.set_properties({"created": datetime.combine(date(2000, 1, 1), time()), "author": "Pupitre"})
        feuille = classeur.add_worksheet(table.feuille)
        listes = classeur.add_worksheet(LISTES) if table.listes else None
        gras = classeur.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        formats = {
            **{t: classeur.add_format({"num_format": "dd/mm/yyyy"}) for t in table.dates},
            **{t: classeur.add_format({"num_format": "0"}) for t in table.nombres},
        }
        for j, (titre, aide) in enumerate(table.titres):
            feuille.write_string(0, j, titre, gras)
            feuille.set_column(j, j, min(48, max(12, len(titre) + 4)), formats.get(titre))
            _aider(feuille, j, titre, aide)
        for i, ligne in enumerate(table.lignes, 1):
            for j, valeur in enumerate(ligne):
                if isinstance(valeur, int):
                    feuille.write_number(i, j, valeur)
                elif valeur:
                    feuille.write_string(i, j, neutraliser(valeur))
        for k, (titre, choix) in enumerate(table.listes.items()):
            if listes is None or not choix:
                continue
            for i, texte in enumerate(choix):
                listes.write_string(i, k, texte)
            colonne = next(j for j, (t, _) in enumerate(table.titres) if t == titre)
            lettre = xlsxwriter.utility.xl_col_to_name(k)
            feuille.set_column(colonne, colonne, min(60, max(12, *(len(c) + 2 for c in choix))))
            feuille.data_validation(
                1,
                colonne,
                LIGNES_A_CHOISIR,
                colonne,
                {
                    "validate": "list",
                    "source": f"={LISTES}!${lettre}$1:${lettre}${len(choix)}",
                    "error_title": "Hors de la liste",
                    "error_message": "Choisissez dans la liste, ou gardez votre libellé : Pupitre vous demandera ce "
                    "qu’il veut dire.",
                    "error_type": "warning",
                },
            )
        if listes is not None:
            listes.hide()
        feuille.freeze_panes(1, 0)
        feuille.set_paper(9)
        feuille.set_landscape()
        feuille.fit_to_pages(1, 0)
        feuille.repeat_rows(0)
    return tampon.getvalue()


def _aider(feuille: xlsxwriter.worksheet.Worksheet, colonne: int, titre: str, aide: str) -> None:
    """Said when the cell of the title is chosen; 32 and 255 characters are what a spreadsheet holds."""
    options = {"validate": "any", "input_title": titre[:32], "input_message": aide[:255]}
    feuille.data_validation(0, colonne, 0, colonne, options)
