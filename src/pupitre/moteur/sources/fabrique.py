"""Building the table of observations column by column, never row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pupitre.moteur.observations import COLONNES_LECTURE, SCHEMA_LECTURE
from pupitre.moteur.sources.fils import ensemble

# Fewer rows are written before threads are ready to.
NOMBREUSES = 200_000


@dataclass(frozen=True, slots=True)
class Codes:
    """A column written as positions in a short list of values (a null value is allowed in the list)."""

    positions: npt.NDArray[np.int32]
    valeurs: Sequence[str | date | int | None]

    def tableau(self, genre: pa.DataType) -> pa.Array:
        valeurs = pa.array(list(self.valeurs), type=genre)
        if len(self.positions) and self.positions.min() == self.positions.max():
            return pa.repeat(valeurs[int(self.positions[0])], len(self.positions))
        return valeurs.take(pa.array(self.positions))


Colonne: TypeAlias = Codes | pa.Array | pa.ChunkedArray | str | int | date | None


def table(lignes: int, **colonnes: Colonne) -> pa.Table:
    """Table of SCHEMA_LECTURE with `lignes` rows.

    Each keyword is a column of that schema: `Codes`, an Arrow array, or one value for all rows.
    Columns not given are null. Raises KeyError on a column that is not of the schema.
    """
    inconnues = set(colonnes) - {nom for nom, _ in COLONNES_LECTURE}
    if inconnues:
        raise KeyError(", ".join(sorted(inconnues)))

    def ecrire(nom: str, genre: pa.DataType) -> pa.Array | pa.ChunkedArray:
        valeur = colonnes.get(nom)
        if isinstance(valeur, Codes):
            return valeur.tableau(genre)
        if isinstance(valeur, (pa.Array, pa.ChunkedArray)):
            return valeur if valeur.type == genre else valeur.cast(genre)
        if valeur is None:
            return pa.nulls(lignes, type=genre)
        return pa.repeat(pa.scalar(valeur, type=genre), lignes)

    actions = [partial(ecrire, *colonne) for colonne in COLONNES_LECTURE]
    ecrites = ensemble(actions) if lignes >= NOMBREUSES else [action() for action in actions]
    return pa.Table.from_arrays(ecrites, schema=SCHEMA_LECTURE)


def vide() -> pa.Table:
    """No observation, under the right schema."""
    return SCHEMA_LECTURE.empty_table()


def reunir(tables: Sequence[pa.Table]) -> pa.Table:
    """Tables one after the other, in order."""
    return pa.concat_tables(tables) if tables else vide()
