"""One table of text cells: what every reader is given, whatever the file was."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pupitre.moteur.colonnes import LOT
from pupitre.moteur.sources.fichiers import limites
from pupitre.moteur.sources.fichiers.fils import ensemble

# Positions among a few values, in as few bytes as they need.
Rangs: TypeAlias = "npt.NDArray[np.signedinteger[Any]]"
Valeur = TypeVar("Valeur", bound=np.generic)
# Shorter columns cost nothing either way. Above this part of distinct texts, a dictionary only weighs.
LONGUE, PART_DE_DISTINCTS = 20_000, 0.9
# The rows where titles are looked for, which are read again and again.
HAUT = 40


def lettre(indice: int) -> str:
    """Column letter of a 0-based column: 0 → "A", 26 → "AA"."""
    texte = ""
    indice += 1
    while indice:
        indice, reste = divmod(indice - 1, 26)
        texte = chr(65 + reste) + texte
    return texte


@dataclass(frozen=True)
class Feuille:
    """One table of text cells, rectangular, empty rows kept.

    Attributes:
        nom: sheet name, empty for a flat file.
        colonnes: one Arrow array of strings per column, null where the cell is empty; a dictionary of them where a
            long column repeats itself (see `reduire`).
        premiere_colonne: 0-based column of the file where the table begins.
        numeros: file line of each row when records span several lines (flat files).
        dossier: where what is long may be laid (see `debord`); None: in memory.
    """

    nom: str
    colonnes: tuple[pa.Array, ...]
    premiere_colonne: int = 0
    numeros: tuple[int, ...] = ()
    dossier: Path | None = field(default=None, repr=False, compare=False)
    _ecrits: dict[tuple[int, int, int], tuple[str, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

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
        if ligne < HAUT:
            return self._haut[ligne][: len(colonnes)]
        return [c[ligne].as_py() or None for c in colonnes]

    @cached_property
    def _haut(self) -> list[list[str | None]]:
        colonnes = (c.slice(0, HAUT).to_pylist() for c in self.colonnes)
        return [[texte or None for texte in rangee] for rangee in zip(*colonnes, strict=True)]

    def ecrits(self, colonne: int, debut: int, nombre: int) -> tuple[str, ...]:
        """Texts of a column that are not blank, among that many rows from a 0-based one."""
        place = colonne, debut, nombre
        if place not in self._ecrits:
            tranche = self.colonnes[colonne].slice(debut, nombre).to_pylist()
            self._ecrits[place] = tuple(t for t in tranche if t and t.strip())
        return self._ecrits[place]

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


def reduire(colonnes: list[pa.Array | pa.ChunkedArray]) -> tuple[pa.Array, ...]:
    """Each column in one piece; long and made of texts that come back, each of them is held, and then read, once.

    Those given are forgotten as soon as they are in one piece.
    """
    if not colonnes or len(colonnes[0]) < LONGUE:
        return tuple(map(_d_un_tenant, colonnes))
    colonnes.reverse()
    return tuple(ensemble(partial(_reduire, colonnes.pop()) for _ in range(len(colonnes))))


def _reduire(colonne: pa.Array | pa.ChunkedArray) -> pa.Array:
    if len(colonne.slice(0, LONGUE).unique()) > PART_DE_DISTINCTS * LONGUE:
        return _d_un_tenant(colonne)
    return _d_un_tenant(colonne.dictionary_encode())


def _d_un_tenant(colonne: pa.Array | pa.ChunkedArray) -> pa.Array:
    return colonne.combine_chunks() if isinstance(colonne, pa.ChunkedArray) else colonne


def en_textes(colonne: pa.Array) -> pa.Array:
    """Same column, as plain strings."""
    return colonne.dictionary_decode() if pa.types.is_dictionary(colonne.type) else colonne


def coder(colonne: pa.Array) -> tuple[pa.Array, Rangs]:
    """Distinct texts of a column (some may be of other rows), and each row's position among them; −1: empty."""
    encodee = colonne.dictionary_encode()
    rangs = encodee.indices.fill_null(-1) if encodee.null_count else encodee.indices
    return encodee.dictionary, np.asarray(rangs)


def genre_de_rangs(combien: int) -> np.dtype[np.signedinteger[Any]]:
    """The smallest integers that hold as many positions, and the few negative ones that stand for none."""
    # One more position may be that of a value of its own.
    return np.min_scalar_type(-combien - 8)


def renvoyer(valeurs: npt.NDArray[Valeur], rangs: Rangs) -> npt.NDArray[Valeur]:
    """Same as `valeurs[rangs]`, lot by lot: positions take eight bytes each on the way."""
    rendues = np.empty(len(rangs), valeurs.dtype)
    for debut in range(0, len(rangs), LOT):
        lot = slice(debut, debut + LOT)
        np.take(valeurs, rangs[lot], out=rendues[lot], mode="wrap")
    return rendues


def rangs_de(masque: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    """Positions of what is true, without eight bytes each on the way when they follow one another."""
    combien = int(np.count_nonzero(masque))
    premier = int(masque.argmax()) if combien else 0
    if masque[premier : premier + combien].all():
        return np.arange(premier, premier + combien, dtype=np.int32)
    return np.flatnonzero(masque).astype(np.int32)


def occupees(colonne: pa.Array) -> npt.NDArray[np.bool_]:
    """True where a cell holds something."""
    if not colonne.null_count:
        return np.ones(len(colonne), dtype=bool)
    return np.asarray(colonne.is_valid(), dtype=bool)


def prendre_lignes(colonne: pa.Array, lignes: npt.NDArray[np.signedinteger[Any]]) -> pa.Array:
    """The cells of these rows, in increasing order: not copied when the rows follow one another."""
    if len(lignes) and len(lignes) == int(lignes[-1] - lignes[0]) + 1:
        return colonne.slice(int(lignes[0]), len(lignes))
    return colonne.take(pa.array(lignes))
