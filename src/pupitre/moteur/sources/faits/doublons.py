"""Rows that say twice the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pupitre.moteur.colonnes import LOT
from pupitre.moteur.sources.fichiers.debord import relacher
from pupitre.moteur.sources.fichiers.feuille import coder, prendre_lignes

Lignes = npt.NDArray[np.signedinteger[Any]]
# Rows whose texts are read together.
GROUPE = 32 * 1024
_CASES = np.uint32(1 << 22)
# As many are counted before they are sorted, by their last bits.
_NOMBREUX, _CRIBLE = 200_000, np.uint32((1 << 21) - 1)
_IMPAIR = np.uint32(0x9E3779B1)


def jumelles(colonnes: Sequence[pa.Array], lignes: Lignes) -> list[tuple[int, int]]:
    """Rows alike in every column to one before: (row, first row like it), in the order of rows.

    Columns whose texts come back tell most rows apart at little cost; only the rows that they leave alike are looked at
    in the others, where each text is read: some at a time, those that may be alike together.
    """
    connues = [c for c in colonnes if pa.types.is_dictionary(c.type)]
    autres = [c for c in colonnes if not pa.types.is_dictionary(c.type)]
    melanges = np.zeros(len(lignes), dtype=np.uint32)
    if connues:
        with relacher():
            melanges = _melanger(connues, lignes)
            repetees = _repetes(melanges)
        lignes, melanges = lignes[repetees], melanges[repetees]
    paires: list[tuple[int, int]] = []
    parts = len(lignes) // GROUPE + 1
    melanges %= np.uint32(parts)
    for part in range(parts):
        paires += _parmi(colonnes, autres, lignes[melanges == part])
    return sorted(paires)


def _parmi(colonnes: Sequence[pa.Array], autres: Sequence[pa.Array], lignes: Lignes) -> list[tuple[int, int]]:
    for colonne in autres:
        if len(lignes):
            with relacher():
                lignes = lignes[_repetes(_melanger([colonne], lignes))]
    if not len(lignes):
        return []
    _, premieres, groupes = np.unique(_cles(colonnes, lignes), return_index=True, return_inverse=True)
    premieres = lignes[premieres[groupes]]
    seconds = np.flatnonzero(premieres != lignes)
    return list(zip(lignes[seconds].tolist(), premieres[seconds].tolist(), strict=True))


def _melanger(colonnes: Sequence[pa.Array], lignes: Lignes) -> npt.NDArray[np.uint32]:
    """The same for rows alike in these columns: 32 bits are small and fast to sort."""
    melanges = np.zeros(len(lignes), dtype=np.uint32)
    for colonne in colonnes:
        melanges *= _IMPAIR
        np.add(melanges, coder(prendre_lignes(colonne, lignes))[1], out=melanges, casting="unsafe")
    return melanges


def _repetes(melanges: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """True for those that are there several times, and for a few others: a table is smaller than their set."""
    if len(melanges) < _NOMBREUX:
        return _repetes_parmi(melanges)
    # Counting takes half as long as sorting, and leaves few to sort.
    cases = (melanges & _CRIBLE).astype(np.intp)
    doubles = np.bincount(cases, minlength=int(_CRIBLE) + 1) > 1
    repetes: npt.NDArray[np.bool_] = doubles[cases]
    del cases, doubles
    repetes[repetes] = _repetes_parmi(melanges[repetes])
    return repetes


def _repetes_parmi(melanges: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    tries = np.sort(melanges)
    doubles = np.zeros(_CASES, dtype=bool)
    doubles[tries[1:][tries[1:] == tries[:-1]] % _CASES] = True
    del tries
    repetes = np.empty(len(melanges), dtype=bool)
    for debut in range(0, len(melanges), LOT):
        lot = slice(debut, debut + LOT)
        np.take(doubles, melanges[lot] % _CASES, out=repetes[lot], mode="wrap")
    return repetes


def _cles(colonnes: Sequence[pa.Array], lignes: Lignes) -> npt.NDArray[np.int64]:
    """One number per row, the same for rows alike in these columns and for no others."""
    cles = np.zeros(len(lignes), dtype=np.int64)
    for colonne in colonnes:
        textes, rangs = coder(prendre_lignes(colonne, lignes))
        # Numbered again from 0 each time, so that no product overflows.
        cles = np.unique(cles, return_inverse=True)[1] * (len(textes) + 1) + rangs + 1
    return cles
