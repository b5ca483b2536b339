"""One table of text cells: what every reader is given, whatever the file was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pupitre.moteur.sources import limites
from pupitre.moteur.sources.anomalies import lettre


@dataclass(frozen=True)
class Feuille:
    """One table of text cells, rectangular, empty rows kept.

    Attributes:
        nom: sheet name, empty for a flat file.
        colonnes: one Arrow array of strings per column, null where the cell is empty.
        premiere_colonne: 0-based column of the file where the table begins.
        numeros: file line of each row when records span several lines (flat files).
    """

    nom: str
    colonnes: tuple[pa.Array, ...]
    premiere_colonne: int = 0
    numeros: tuple[int, ...] = ()

    @property
    def hauteur(self) -> int:
        return len(self.colonnes[0]) if self.colonnes else 0

    @property
    def largeur(self) -> int:
        return len(self.colonnes)

    def cellule(self, ligne: int, colonne: int) -> str | None:
        """Text of one cell, 0-based; None when it is empty or outside."""
        if not (0 <= colonne < self.largeur and 0 <= ligne < self.hauteur):
            return None
        valeur: str | None = self.colonnes[colonne][ligne].as_py()
        return valeur or None

    def rangee(self, ligne: int, largeur: int | None = None) -> list[str | None]:
        """Texts of one row, 0-based."""
        colonnes = self.colonnes[: largeur or self.largeur]
        if not colonnes or not 0 <= ligne < self.hauteur:
            return [None] * len(colonnes)
        textes = pa.concat_arrays([c.slice(ligne, 1) for c in colonnes]).to_pylist()
        return [t or None for t in textes]

    def lieu(self, ligne: int | None = None, colonne: int | None = None) -> dict[str, Any]:
        """Place of a 0-based cell in the file, as keywords for `Journal`."""
        return {
            "feuille": self.nom or None,
            "ligne": None if ligne is None else self.numeros[ligne] if self.numeros else ligne + 1,
            "colonne": None if colonne is None else lettre(colonne + self.premiere_colonne),
        }

    def extrait(self) -> tuple[tuple[str, ...], ...]:
        """Top left corner, to show what was understood on the file itself."""
        return tuple(
            tuple(c or "" for c in self.rangee(i, limites.EXTRAIT_COLONNES))
            for i in range(min(self.hauteur, limites.EXTRAIT_LIGNES))
        )
