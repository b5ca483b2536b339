"""Writing partners' files: flat files in Windows' encoding, workbooks, OpenDocument sheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

Cellule = str | int | float | None
MENTION = "DONNÉES FICTIVES – démonstration"
_CREE_LE = datetime(2026, 11, 1)


@dataclass(frozen=True, slots=True)
class Feuille:
    """One sheet. `fusions`: merged cells as (first row, first column, last row, last column), 0-based."""

    nom: str
    lignes: Sequence[Sequence[Cellule]]
    entetes: frozenset[int] = frozenset()
    fusions: tuple[tuple[int, int, int, int], ...] = ()
    largeur_premiere: int = 28


def ecrire_csv(chemin: Path, lignes: Sequence[Sequence[Cellule]], encodage: str = "cp1252") -> None:
    """Semicolons and CRLF, as French office software writes them."""
    tampon = io.StringIO(newline="")
    csv.writer(tampon, delimiter=";", lineterminator="\r\n").writerows(lignes)
    chemin.write_bytes(tampon.getvalue().encode(encodage))


def ecrire_xlsx(chemin: Path, feuilles: Sequence[Feuille]) -> None:
    import xlsxwriter

    classeur = xlsxwriter.Workbook(str(chemin), {"in_memory": True})
    classeur.set_properties({"created": _CREE_LE, "comments": MENTION})
    gras = classeur.add_format({"bold": True, "bg_color": "#e6f0f2", "bottom": 1, "text_wrap": True})
    titre = classeur.add_format({"bold": True, "align": "center", "valign": "vcenter"})
    for feuille in feuilles:
        page = classeur.add_worksheet(feuille.nom)
        page.set_column(0, 0, feuille.largeur_premiere)
        for i, ligne in enumerate(feuille.lignes):
            for j, valeur in enumerate(ligne):
                if valeur is not None:
                    page.write(i, j, valeur, gras if i in feuille.entetes else None)
        for haut, gauche, bas, droite in feuille.fusions:
            page.merge_range(haut, gauche, bas, droite, feuille.lignes[haut][gauche], titre)
    classeur.close()


def ecrire_ods(chemin: Path, feuilles: Sequence[Feuille]) -> None:
    from odfdo import Document, Table

    document = Document("spreadsheet")
    document.body.clear()
    for feuille in feuilles:
        table = Table(feuille.nom)
        table.set_values([list(ligne) for ligne in feuille.lignes])
        for haut, gauche, bas, droite in feuille.fusions:
            table.set_span((gauche, haut, droite, bas))
        document.body.append(table)
    document.save(str(chemin))
