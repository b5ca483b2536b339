"""Tables for spreadsheets: CSV and XLSX with French decimals, provenance, and no cell that can run."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.resultats import Absent, Colonne, Nature, Resultat, Valeur
from pupitre.socle.texte import FINE, date_longue, nombre

if TYPE_CHECKING:
    from xlsxwriter import Workbook

Cellule = Valeur | bool
LIGNES_MAX = 1_048_576 - 1
TEXTE_MAX = 32_767
NON_DIFFUSE = "n. d."
A_LIRE_D_ABORD = "À lire d’abord"

# What a spreadsheet may take for a formula, full-width forms included (they are normalised by some of them).
_DECLENCHEURS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NOMBRE = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_CONTROLES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Table:
    """A plain table (deliveries, anomalies…): headings, rows, and what must be read with it."""

    titre: str
    entetes: tuple[str, ...]
    lignes: tuple[tuple[Cellule, ...], ...]
    lecture: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if any(len(ligne) != len(self.entetes) for ligne in self.lignes):
            raise ValueError("une ligne n’a pas autant de cellules que la table d’en-têtes")


def neutraliser(texte: str) -> str:
    """Text that no spreadsheet runs: an apostrophe before what could begin a formula, numbers left alone."""
    texte = _CONTROLES.sub("", texte)
    if _NOMBRE.fullmatch(texte):
        return texte
    nu = texte.lstrip(" \u00a0\u202f\ufeff\u200b")
    return f"'{texte}" if texte.startswith(_DECLENCHEURS) or nu.startswith(_DECLENCHEURS) else texte


def lecture(resultat: Resultat) -> tuple[tuple[str, str], ...]:
    """What goes with the figures: title, unit, perimeter, period, sources, method, breaks, « données fictives »."""
    contexte = resultat.contexte
    lignes = [
        ("Titre", contexte.titre),
        ("Unité de compte", contexte.unite),
        ("Périmètre", contexte.perimetre),
        ("Période", contexte.periode.libelle),
    ]
    if contexte.fictif:
        lignes.append(("Avertissement", "Données fictives"))
    for source in contexte.provenance:
        morceaux = (source.libelle, source.producteur, source.millesime)
        lignes.append(
            ("Source", ", ".join(m for m in morceaux if m) + (" (fictive)" if source.fictif else ""))
        )
        if source.reserves:
            lignes.append(("Réserves", source.reserves))
        for citee in source.livraisons:
            recue = date_longue(citee.recue_le)
            lignes.append(("Fichier", f"{citee.fichier}, reçu le {recue}, SHA-256 {citee.sha256}"))
    if contexte.methode:
        lignes.append(("Méthode", contexte.methode))
    lignes += [("Rupture de série", f"{date_longue(r.jour)}{FINE}: {r.libelle}") for r in contexte.ruptures]
    return tuple(lignes)


def retenues(resultat: Resultat) -> tuple[tuple[str, str], ...]:
    """What is withheld and why, then the reason of each kind of cell without a number."""
    raisons = dict.fromkeys(v for ligne in resultat.lignes for v in ligne if isinstance(v, Absent))
    return (
        *(("Non montré", phrase) for phrase in resultat.retenus),
        *((str(absent), absent.raison) for absent in raisons),
    )


def vers_csv(*resultats: Resultat, avant: Sequence[tuple[str, str]] = ()) -> bytes:
    """UTF-8 with BOM, `;`, decimal comma, CRLF: opens by a double click in a French spreadsheet.

    Args:
        avant: what must be read before any figure (reserves, permitted use).
    """
    lignes: list[Sequence[str]] = [*avant, ()] if avant else []
    for i, resultat in enumerate(resultats):
        lignes += [()] if i else []
        lignes += [*lecture(resultat), (), [_entete(c) for c in resultat.colonnes]]
        lignes += [[ecrire_cellule(v) for v in ligne] for ligne in resultat.lignes]
        suite = retenues(resultat)
        lignes += [(), *suite] if suite else []
    return _csv(lignes)


def table_csv(table: Table) -> bytes:
    lignes: list[Sequence[str]] = [table.entetes, *([ecrire_cellule(v) for v in li] for li in table.lignes)]
    return _csv([*table.lecture, *([()] if table.lecture else []), *lignes])


def _csv(lignes: Iterable[Sequence[str]]) -> bytes:
    tampon = io.StringIO()
    plume = csv.writer(tampon, delimiter=";", lineterminator="\r\n")
    for ligne in lignes:
        plume.writerow([neutraliser(t) for t in ligne])
    return b"\xef\xbb\xbf" + tampon.getvalue().encode()


def ecrire_cellule(valeur: Cellule) -> str:
    """A cell of a CSV: "1234,5", "31/10/2026", "n. d.", never an empty cell for a figure that is missing."""
    if valeur is None:
        return ""
    if isinstance(valeur, Absent):
        return str(valeur)
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, date):
        return valeur.strftime("%d/%m/%Y")
    if isinstance(valeur, float):
        if not math.isfinite(valeur):
            return NON_DIFFUSE
        return (
            format(valeur, ".15g").replace(".", ",")
            if abs(valeur) < 1e15
            else nombre(valeur).replace(FINE, "")
        )
    return str(valeur)


def _entete(colonne: Colonne) -> str:
    unite = colonne.unite
    return f"{colonne.libelle} ({unite})" if unite and unite not in colonne.libelle else colonne.libelle


def vers_xlsx(*resultats: Resultat, avant: Sequence[tuple[str, str]] = ()) -> bytes:
    """One sheet per result and a sheet « Lecture » with where each comes from and what is withheld.

    Args:
        avant: what must be read before any figure: the first sheet, « À lire d’abord ».
    """
    feuilles = [
        _Feuille(r.contexte.titre, [_entete(c) for c in r.colonnes], r.lignes, [c.nature for c in r.colonnes])
        for r in resultats
    ]
    notes = [(*lecture(r), *retenues(r)) for r in resultats]
    jours = [r.contexte.periode.fin for r in resultats]
    return _classeur(feuilles, notes, max(jours, default=date(2000, 1, 1)), avant)


def table_xlsx(table: Table) -> bytes:
    feuille = _Feuille(table.titre, table.entetes, table.lignes, [Nature.TEXTE] * len(table.entetes))
    return _classeur([feuille], [table.lecture] if table.lecture else [], date(2000, 1, 1))


@dataclass(frozen=True, slots=True)
class _Feuille:
    titre: str
    entetes: Sequence[str]
    lignes: Sequence[Sequence[Cellule]]
    natures: Sequence[Nature]


# Excel shows these with the reader's own separators: 1 234,5 in French. A percentage is already times 100.
_FORMATS = {
    Nature.DECIMAL: "#,##0.0",
    Nature.TAUX: "#,##0.0",
    Nature.POURCENTAGE: '#,##0.0" %"',
}


def _classeur(
    feuilles: Sequence[_Feuille],
    notes: Sequence[Sequence[tuple[str, str]]],
    jour: date,
    avant: Sequence[tuple[str, str]] = (),
) -> bytes:
    import xlsxwriter

    tampon = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(tampon, options) as classeur:
        # The same facts give the same bytes: the date inside is the period's.
        classeur.set_properties({"created": datetime.combine(jour, time()), "author": "Pupitre"})
        noms: set[str] = {"lecture"} if notes else set()
        if avant:
            noms.add(A_LIRE_D_ABORD.lower())
            _ecrire_lecture(classeur, [avant], A_LIRE_D_ABORD)
        for feuille in feuilles:
            _ecrire_feuille(classeur, feuille, _nom_de_feuille(feuille.titre, noms))
        if notes:
            _ecrire_lecture(classeur, notes, "Lecture")
        if not feuilles and not notes:
            classeur.add_worksheet("Vide")
    return tampon.getvalue()


def _ecrire_feuille(classeur: Workbook, feuille: _Feuille, nom: str) -> None:
    if len(feuille.lignes) > LIGNES_MAX:
        raise ErreurPupitre(
            f"La table compte {nombre(len(feuille.lignes))} lignes.",
            f"Un classeur n’en tient que {nombre(LIGNES_MAX)}.",
            "Exportez-la en CSV, ou réduisez la période.",
        )
    ws = classeur.add_worksheet(nom)
    gras = classeur.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    droite = classeur.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "align": "right"}
    )
    absent = classeur.add_format({"italic": True, "align": "right", "font_color": "#54606c"})
    jour = classeur.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    formats = [classeur.add_format({"num_format": _FORMATS.get(n, "#,##0")}) for n in feuille.natures]
    libre = classeur.add_format({"num_format": "#,##0.######"})
    for j, entete in enumerate(feuille.entetes):
        chiffre = feuille.natures[j] not in (Nature.TEXTE, Nature.CODE, Nature.PERIODE)
        ws.write_string(0, j, _borner(entete), droite if chiffre else gras)
        largeur = max([len(entete) * 0.7, *(len(ecrire_cellule(li[j])) for li in feuille.lignes[:500])])
        ws.set_column(j, j, min(60, max(9, largeur + 2)))
    for i, ligne in enumerate(feuille.lignes, 1):
        for j, valeur in enumerate(ligne):
            if valeur is None:
                continue
            if isinstance(valeur, date):
                ws.write_datetime(i, j, datetime.combine(valeur, time()), jour)
            elif isinstance(valeur, bool | str):
                ws.write_string(i, j, _borner(ecrire_cellule(valeur)))
            elif isinstance(valeur, Absent) or not math.isfinite(valeur):
                ws.write_string(i, j, ecrire_cellule(valeur), absent)
            else:
                decimal = isinstance(valeur, float) and not valeur.is_integer()
                entier = feuille.natures[j] not in _FORMATS
                ws.write_number(i, j, valeur, libre if decimal and entier else formats[j])
    ws.freeze_panes(1, 1)
    if feuille.entetes:
        ws.autofilter(0, 0, max(1, len(feuille.lignes)), len(feuille.entetes) - 1)
    ws.set_paper(9)
    ws.set_landscape()
    ws.fit_to_pages(1, 0)
    ws.repeat_rows(0)
    ws.set_footer("&L&A&R&P / &N")


def _ecrire_lecture(classeur: Workbook, notes: Sequence[Sequence[tuple[str, str]]], nom: str) -> None:
    ws = classeur.add_worksheet(nom)
    gras = classeur.add_format({"bold": True, "valign": "top"})
    suite = classeur.add_format({"text_wrap": True, "valign": "top"})
    ws.set_column(0, 0, 20)
    ws.set_column(1, 1, 100)
    i = 0
    for bloc in notes:
        for cle, texte in bloc:
            ws.write_string(i, 0, _borner(cle), gras)
            ws.write_string(i, 1, _borner(texte), suite)
            i += 1
        i += 1
    ws.set_paper(9)
    ws.fit_to_pages(1, 0)


def _borner(texte: str) -> str:
    """What a cell can hold. Cells are typed as text, so that nothing can run; the file still may become a CSV."""
    texte = neutraliser(texte)
    # Excel counts in UTF-16 units: a character outside the basic plane weighs two.
    if len(texte.encode("utf-16-le")) > 2 * TEXTE_MAX:
        texte = texte.encode("utf-16-le")[: 2 * TEXTE_MAX - 2].decode("utf-16-le", "ignore") + "…"
    return texte


def _nom_de_feuille(titre: str, pris: set[str]) -> str:
    """At most 31 characters, none of []:*?/\\, no apostrophe at the ends, unique whatever the case."""
    propre = re.sub(r"[\[\]:*?/\\\x00-\x1f\U00010000-\U0010ffff]", " ", _CONTROLES.sub("", titre))
    propre = " ".join(propre.split()).strip("'’ ")[:31].strip("' ") or "Feuille"
    nom, rang = propre, 2
    while nom.lower() in pris:
        fin = f" ({rang})"
        nom, rang = propre[: 31 - len(fin)] + fin, rang + 1
    pris.add(nom.lower())
    return nom
