"""Rows that say twice the same thing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pupitre.moteur.sources.feuille import coder, prendre_lignes

Lignes = npt.NDArray[np.int64]
Cles = npt.NDArray[np.uint64]
_CLES_MAX = 2**64


def jumelles(colonnes: Sequence[pa.Array], lignes: Lignes) -> list[tuple[int, int]]:
    """Rows alike in every column to one before: (row, first row like it), in the order of rows.

    Columns whose texts come back tell most rows apart at little cost; only the rows that they leave alike are looked at
    in the others, where each text is read.
    """
    connues = [c for c in colonnes if pa.types.is_dictionary(c.type)]
    autres = [c for c in colonnes if not pa.types.is_dictionary(c.type)]
    restantes = lignes
    for lot in (connues, autres):
        if lot and len(restantes):
            restantes = restantes[_repetees(_cles(lot, restantes))]
    if not len(restantes):
        return []
    cles = _cles(colonnes, restantes)
    ordre = np.argsort(cles, kind="stable")
    neuves = np.diff(cles[ordre], prepend=cles[ordre[0]]) != 0
    neuves[0] = True
    premieres = restantes[ordre[np.flatnonzero(neuves)[np.cumsum(neuves) - 1]]]
    return sorted(
        (int(ligne), int(premiere))
        for ligne, premiere in zip(restantes[ordre], premieres, strict=True)
        if ligne != premiere
    )


def _cles(colonnes: Sequence[pa.Array], lignes: Lignes) -> Cles:
    """One number per row, the same for rows alike in these columns and for no others."""
    cles = np.zeros(len(lignes), dtype=np.uint64)
    possibles = 1
    for colonne in colonnes:
        textes, rangs = coder(prendre_lignes(colonne, lignes))
        combien = len(textes) + 1
        if possibles * combien > _CLES_MAX:
            distinctes, cles = _numeroter(cles)
            possibles = distinctes
        possibles *= combien
        cles *= np.uint64(combien)
        cles += (rangs + 1).astype(np.uint64)
    return cles


def _numeroter(cles: Cles) -> tuple[int, Cles]:
    """How many distinct numbers there are, and the same keys numbered from 0."""
    distinctes = np.unique(cles, sorted=True)
    return len(distinctes), np.searchsorted(distinctes, cles).astype(np.uint64)


def _repetees(cles: Cles) -> npt.NDArray[np.bool_]:
    """True for each key that is there more than once."""
    triees = np.sort(cles)
    doubles = triees[1:][triees[1:] == triees[:-1]]
    return np.isin(cles, doubles) if len(doubles) else np.zeros(len(cles), dtype=bool)
