"""Counts of a whole block of cells at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.sources.fichiers.feuille import coder
from pupitre.moteur.sources.lecture.textes import lire_compte


class Etat(IntEnum):
    """What a cell of counts was found to be."""

    NOMBRE = 0
    VIDE = 1
    NON_DIFFUSE = 2
    FAUTE = 3


@dataclass(frozen=True, slots=True)
class Comptes:
    """One block of cells: `n` (0 where there is no number) and `etat`, of the same length.

    `fractions`: what `n` leaves out of the numbers that are no integers; `renvois`: cells that bear the mark
    of a footnote. Both empty when no cell has any.
    """

    n: npt.NDArray[np.int64]
    etat: npt.NDArray[np.int8]
    fractions: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    renvois: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def exactes(self) -> npt.NDArray[np.float64]:
        """Every number as it is written, 0 where there is none."""
        return self.n + self.fractions if self.fractions.size else self.n.astype(np.float64)

    def vers_arrow(self, garder: npt.NDArray[np.bool_]) -> pa.Array:
        """Numbers of the kept cells; a withheld number is null."""
        return pa.array(self.n[garder], mask=self.etat[garder] != Etat.NOMBRE)


def lire_comptes(cellules: pa.Array) -> Comptes:
    """Reads an Arrow array of strings (null = empty cell) as counts; see `lire_compte` for the rules."""
    try:
        entiers = pc.cast(cellules, pa.int64())
    except pa.ArrowInvalid:
        return _lire_par_valeur(cellules)
    # Arrow takes "0x1F" for a number, and nobody here writes so.
    if any(pc.any(pc.match_substring(cellules, signe)).as_py() for signe in "xX"):
        return _lire_par_valeur(cellules)
    vides = np.asarray(entiers.is_null(), dtype=bool)
    n = np.asarray(entiers.fill_null(0), dtype=np.int64)
    if n.size and (n.min() < 0 or n.max() >= 10**15):
        return _lire_par_valeur(cellules)
    return Comptes(n, np.where(vides, Etat.VIDE, Etat.NOMBRE).astype(np.int8))


def _lire_par_valeur(cellules: pa.Array) -> Comptes:
    """Each distinct text is read once, however often it appears."""
    textes, rang = coder(cellules)
    lus = [lire_compte(v) for v in textes.to_pylist()]
    n = np.array([c.n or 0 for c in lus] + [0], dtype=np.int64)
    etats = [
        Etat.FAUTE
        if c.faute
        else Etat.VIDE
        if c.vide
        else Etat.NOMBRE
        if c.n is not None
        else Etat.NON_DIFFUSE
        for c in lus
    ]
    etat = np.array([*etats, Etat.VIDE], dtype=np.int8)
    fractions = np.array([c.fraction or 0.0 for c in lus] + [0.0])
    renvois = np.array([c.renvoi and c.n is not None for c in lus] + [False])
    return Comptes(
        n[rang],
        etat[rang],
        fractions[rang] if fractions.any() else np.empty(0),
        np.flatnonzero(renvois[rang]) if renvois.any() else np.empty(0, dtype=np.int64),
    )
