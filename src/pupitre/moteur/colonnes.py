"""Long columns: how many rows are worked on at once, and one that says the same everywhere."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

# Rows worked on at once when they are many.
LOT = 128 * 1024


def partout(valeur: str | int | date | None, genre: pa.DataType, combien: int) -> pa.Array | pa.ChunkedArray:
    """A column of that many rows that says the same everywhere, written once where it is long."""
    lot = min(combien, LOT)
    if valeur is None:
        ecrit = pa.nulls(lot, type=genre)
    elif pa.types.is_dictionary(genre):
        rangs = np.zeros(lot, dtype=genre.index_type.to_pandas_dtype())
        ecrit = pa.DictionaryArray.from_arrays(rangs, pa.array([valeur], genre.value_type))
    else:
        ecrit = pa.repeat(pa.scalar(valeur, type=genre), lot)
    return repeter(ecrit, combien) if combien > LOT else ecrit


def repeter(lot: pa.Array, combien: int) -> pa.ChunkedArray:
    """A column of that many rows that says the same everywhere, as the first ones given say it."""
    entiers, reste = divmod(combien, len(lot))
    return pa.chunked_array([*[lot] * entiers, lot.slice(0, reste)], lot.type)
