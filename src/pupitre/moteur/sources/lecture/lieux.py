"""Communes as partners write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pupitre.moteur.nomenclatures.libelles import cle

INSEE = re.compile(r"(\d{5}|2[AB]\d{3})(?:\s*[-–:]?\s*\D.*)?\Z", re.IGNORECASE)
SANS_COMMUNE = "-"
QUATRE = re.compile(r"(\d{4})(?:\.0)?\Z")


@dataclass(frozen=True, slots=True)
class Commune:
    """INSEE code, empty when unknown; `zero_perdu` when a spreadsheet had dropped its leading zero.

    `dite`: somebody said what this label is, a commune or none.
    """

    code: str
    zero_perdu: bool = False
    dite: bool = False


def comparables(libelles: Mapping[str, str]) -> dict[str, str]:
    """Same mapping with labels made comparable."""
    return {cle(k): v for k, v in libelles.items()}


def lire_commune(texte: str, connues: Mapping[str, str], departement: str = "") -> Commune:
    """Commune behind a label: the saved mapping (keys made comparable) first, then an INSEE code."""
    precis = connues.get(cle(f"{texte} ({departement})")) if departement else None
    trouve = precis or connues.get(cle(texte))
    if trouve:
        return Commune("" if trouve == SANS_COMMUNE else trouve, dite=True)
    brut = texte.strip()
    m = INSEE.match(brut)
    if m:
        return Commune(m[1].upper())
    m = QUATRE.match(brut)
    if m:
        return Commune("0" + m[1], zero_perdu=True)
    return Commune("")
