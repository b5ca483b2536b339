"""Long columns are laid beside the file they come from, so that memory does not grow with its rows.

What is laid has no name and opens for nobody else: it goes with its last reader, or with the process, however it ends.
"""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from weakref import WeakSet

import pyarrow as pa

from pupitre.moteur.colonnes import LOT
from pupitre.moteur.sources.fichiers import limites

# What is shorter stays in memory: a wide file opens few files more.
SEUIL = 2 * limites.MEBIOCTET
_cartes: WeakSet[mmap.mmap] = WeakSet()


class Debord:
    """Bytes written one after the other, then read where they are.

    Args:
        dossier: where they go beyond SEUIL; None, a folder where nothing can be written, or a disk that is full: they
            stay in memory, or come back to it.
    """

    def __init__(self, dossier: Path | None) -> None:
        self._dossier = dossier
        self._morceaux: list[bytes] = []
        self._taille = 0
        self._fichier: IO[bytes] | None = None

    def ecrire(self, octets: Any) -> None:
        """Anything that holds bytes."""
        morceau = memoryview(octets).cast("B")
        if self._fichier is None:
            self._morceaux.append(bytes(morceau))
            self._taille += len(morceau)
            if self._dossier is not None and self._taille > SEUIL:
                self._deborder(self._dossier)
        else:
            self._poser(self._fichier, morceau)

    def _deborder(self, dossier: Path) -> None:
        try:
            # Unbuffered: what is said to be written is. Closed once it is read where it is.
            self._fichier = tempfile.TemporaryFile(buffering=0, dir=dossier)  # noqa: SIM115
        except OSError:
            self._dossier = None
            return
        morceaux, self._morceaux, self._taille = self._morceaux, [], 0
        for morceau in morceaux:
            self.ecrire(morceau)

    def _poser(self, fichier: IO[bytes], morceau: memoryview) -> None:
        try:
            while len(morceau):
                pose = fichier.write(morceau)
                self._taille += pose
                morceau = morceau[pose:]
        except OSError:
            with fichier:
                fichier.seek(0)
                self._morceaux = [fichier.read(self._taille), bytes(morceau)]
            self._taille += len(morceau)
            self._fichier = self._dossier = None

    def tampon(self) -> pa.Buffer:
        """All that was written; nothing more is."""
        if self._fichier is None:
            return pa.py_buffer(b"".join(self._morceaux))
        with self._fichier as fichier:
            carte = mmap.mmap(fichier.fileno(), 0, access=mmap.ACCESS_READ)
        _cartes.add(carte)
        return pa.py_buffer(carte)


class Depot:
    """A column of values all as wide, laid lot after lot."""

    def __init__(self, genre: pa.DataType, dossier: Path | None) -> None:
        self._genre, self._octets = genre, Debord(dossier)
        self._valides: list[pa.Array] = []
        self._vides = 0

    def ajouter(self, lot: pa.Array) -> None:
        large = self._genre.bit_width // 8
        self._octets.ecrire(memoryview(lot.buffers()[1])[lot.offset * large :][: len(lot) * large])
        self._valides.append(lot.is_valid())
        self._vides += lot.null_count

    def finir(self) -> pa.Array:
        valides = pa.concat_arrays(self._valides)
        masque = valides.buffers()[1] if self._vides else None
        return pa.Array.from_buffers(self._genre, len(valides), [masque, self._octets.tampon()], self._vides)


def rendre() -> None:
    """What Arrow keeps for the next ones of the size of what it has done with goes back to the system."""
    pa.default_memory_pool().release_unused()


def par_lots(table: pa.Table) -> Iterator[pa.Table]:
    """Its rows, some at a time; what was read of those laid leaves memory after each time."""
    for debut in range(0, table.num_rows, LOT):
        with relacher():
            yield table.slice(debut, LOT)


@contextmanager
def relacher() -> Iterator[None]:
    """What was read of all that is laid leaves memory at the end of the block: the disk still has it."""
    try:
        yield
    finally:
        if hasattr(mmap, "MADV_DONTNEED"):
            for carte in list(_cartes):
                carte.madvise(mmap.MADV_DONTNEED)
