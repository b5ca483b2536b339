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

from pupitre.moteur.observations import SCHEMA_LECTURE
from pupitre.moteur.sources.fils import ensemble

# Fewer rows are written before threads are ready to.
NOMBREUSES = 200_000


@dataclass(frozen=True, slots=True)
class Codes:
    """A column written as positions in a short list of values (a null value is allowed in the list)."""

    positions: npt.NDArray[np.int32]
    valeurs: Sequence[str | date | int | None]

    def tableau(self, genre: pa.DataType) -> pa.Array:
        """The column, of that type; as a dictionary, each text is there once, and a row without one is null."""
        if pa.types.is_dictionary(genre):
            return self._dictionnaire(genre)
        valeurs = pa.array(list(self.valeurs), type=genre)
        if len(self.positions) and self.positions.min() == self.positions.max():
            return pa.repeat(valeurs[int(self.positions[0])], len(self.positions))
        return valeurs.take(pa.array(self.positions))

    def _dictionnaire(self, genre: pa.DataType) -> pa.Array:
        places: dict[object, int] = {}
        renvoi = np.array(
            [-1 if v is None else places.setdefault(v, len(places)) for v in self.valeurs], dtype=np.int32
        )
        rangs = self.positions
        if len(places) < len(renvoi) or rangs.dtype != np.int32:
            rangs = renvoi[rangs] if len(renvoi) else np.zeros(0, dtype=np.int32)
        absents = rangs < 0 if len(places) < len(renvoi) else None
        indices = pa.array(rangs, mask=absents if absents is not None and absents.any() else None)
        return pa.DictionaryArray.from_arrays(indices, pa.array(list(places), genre.value_type))


_COLONNES = (pa.Array, pa.ChunkedArray)
Colonne: TypeAlias = Codes | pa.Array | pa.ChunkedArray | str | int | date | None


def table(lignes: int, **colonnes: Colonne) -> pa.Table:
    """Table of SCHEMA_LECTURE with `lignes` rows.

    Each keyword is a column of that schema: `Codes`, an Arrow array, or one value for all rows.
    Columns not given are null. Raises KeyError on a column that is not of the schema.
    """
    inconnues = set(colonnes) - set(SCHEMA_LECTURE.names)
    if inconnues:
        raise KeyError(", ".join(sorted(inconnues)))

    def ecrire(nom: str, genre: pa.DataType) -> pa.Array | pa.ChunkedArray:
        valeur = colonnes.get(nom)
        if isinstance(valeur, Codes):
            return valeur.tableau(genre)
        if valeur is not None and pa.types.is_dictionary(genre) and not isinstance(valeur, _COLONNES):
            return Codes(np.zeros(lignes, dtype=np.int32), [valeur]).tableau(genre)
        if isinstance(valeur, _COLONNES):
            return valeur if valeur.type == genre else valeur.cast(genre)
        if valeur is None:
            return pa.nulls(lignes, type=genre)
        return pa.repeat(pa.scalar(valeur, type=genre), lignes)

    actions = [partial(ecrire, champ.name, champ.type) for champ in SCHEMA_LECTURE]
    ecrites = ensemble(actions) if lignes >= NOMBREUSES else [action() for action in actions]
    return pa.Table.from_arrays(ecrites, schema=SCHEMA_LECTURE)


def vide() -> pa.Table:
    """No observation, under the right schema."""
    return SCHEMA_LECTURE.empty_table()


def reunir(tables: Sequence[pa.Table]) -> pa.Table:
    """Tables one after the other, in order, their texts numbered alike."""
    return pa.concat_tables(tables).unify_dictionaries() if tables else vide()
