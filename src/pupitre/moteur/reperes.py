"""What was understood, shown on the file itself: what each row and each cell was taken for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Genre(StrEnum):
    """What a row was taken for."""

    BANDEAU = "bandeau"
    TITRES = "titres"
    DONNEES = "donnees"
    TOTAL = "total"
    HORS_TABLEAU = "hors_tableau"
    VIDE = "vide"


class Marque(StrEnum):
    """What a cell was taken for, beyond its row."""

    REPORTEE = "reportee"
    NOTE = "note"
    NON_LUE = "non_lue"
    PERSONNE = "personne"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Ligne:
    """One row of the file; `saut`: rows that are not shown come before it. `marques`: "" or a Marque per cell."""

    numero: int
    genre: str
    cellules: tuple[str, ...]
    marques: tuple[str, ...]
    saut: bool = False


@dataclass(frozen=True, slots=True)
class Reperes:
    """Rows shown with their marks, and what was detected, as (what, how many or which) in words.

    `lettres`: column letters; `roles`: role of each column shown, "" when it is not read.
    """

    lignes: tuple[Ligne, ...]
    lettres: tuple[str, ...]
    roles: tuple[str, ...]
    constats: tuple[tuple[str, str], ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "lettres": list(self.lettres),
            "roles": list(self.roles),
            "constats": [list(c) for c in self.constats],
            "lignes": [
                {
                    "numero": li.numero,
                    "genre": li.genre,
                    "cellules": list(li.cellules),
                    "marques": list(li.marques),
                    "saut": li.saut,
                }
                for li in self.lignes
            ],
        }
