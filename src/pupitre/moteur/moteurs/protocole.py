"""What an engine does for the store and for measures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import pyarrow as pa

if TYPE_CHECKING:
    import ibis

T = TypeVar("T")
# (name, Ibis type) of each column.
Colonnes = tuple[tuple[str, str], ...]


class Moteur(Protocol):
    """Reads files named one by one, and runs the SQL that Ibis writes for it. It writes nothing."""

    @property
    def dialecte(self) -> str:
        """Ibis's name of its SQL."""

    def vue(self, adresses: Sequence[str], colonnes: Colonnes, *, incompletes: bool = False) -> str:
        """Name of a view on these Parquet files, quoted; an empty one when there is no file.

        Args:
            incompletes: a column that a file does not have reads as null; else all files have all columns.
        """

    def source(self, adresses: Sequence[str], colonnes: Colonnes) -> str:
        """What the text of one query reads these files by; all of them have all columns."""

    def table(self, vue: str, colonnes: Colonnes) -> ibis.Table:
        """What `vue` has named, as an Ibis table whose `to_pyarrow` runs here."""

    def executer(self, sql: str) -> pa.Table:
        """Run one query and drain it."""

    def lignes(self, sql: str) -> list[dict[str, Any]]:
        """The rows of one query as Python values."""

    def ensemble(self, lectures: Sequence[Callable[[], T]]) -> list[T]:
        """Readings that do not depend on one another, at once where the engine gains by it; results in order."""

    def fermer(self) -> None:
        """Give back what is held; the engine opens again at its next use."""
