"""Columns of a flat file as its pieces come: what a row leaves in memory is at most two bytes a column."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.sources.fichiers.debord import Debord
from pupitre.moteur.sources.fichiers.feuille import en_textes

# Beyond as many texts, a column is no longer one whose texts come back.
REVENANTS_MAX = int(np.iinfo(np.int16).max)
_ASCII = 127


class Colonne(Protocol):
    plus_long: int
    """Bytes of the longest text."""

    def ajouter(self, lus: pa.ChunkedArray) -> Colonne:
        """The column to go on with. Raises ArrowInvalid on what is not UTF-8."""

    def finir(self) -> pa.Array:
        """As `Feuille.colonnes`."""


class Textes:
    """Texts one after the other, laid beside the file."""

    def __init__(self, dossier: Path | None) -> None:
        self.plus_long = 0
        self._octets, self._places, self._valides = Debord(dossier), Debord(dossier), list[pa.Array]()
        self._fin = self._vides = 0

    def ajouter(self, lus: pa.ChunkedArray) -> Colonne:
        for lot in lus.chunks:
            self._verser(en_textes(lot))
        return self

    def _verser(self, textes: pa.StringArray) -> None:
        _, places, octets = textes.buffers()
        bornes = np.frombuffer(places, np.int32)[textes.offset : textes.offset + len(textes) + 1]
        debut, fin = int(bornes[0]), int(bornes[-1])
        if fin > debut:
            if np.frombuffer(octets, np.uint8)[debut:fin].max() > _ASCII:
                textes.validate(full=True)
            self._octets.ecrire(memoryview(octets)[debut:fin])
        self._places.ecrire(bornes[:-1] + np.int32(self._fin - debut))
        self._valides.append(textes.is_valid())
        self._vides += textes.null_count
        self._fin += fin - debut
        self.plus_long = max(self.plus_long, int(np.diff(bornes).max(initial=0)))

    def finir(self) -> pa.Array:
        self._places.ecrire(np.array([self._fin], dtype=np.int32))
        valides = pa.concat_arrays(self._valides)
        masque = valides.buffers()[1] if self._vides else None
        tampons = [masque, self._places.tampon(), self._octets.tampon()]
        return pa.Array.from_buffers(pa.string(), len(valides), tampons, self._vides)


class Revenants:
    """Texts that come back, each held once."""

    def __init__(self, dossier: Path | None) -> None:
        self.plus_long = 0
        self._dossier = dossier
        self._dits = pa.array([], pa.string())
        self._rangs: list[pa.Array] = []

    def ajouter(self, lus: pa.ChunkedArray) -> Colonne:
        for rang, lot in enumerate(lus.chunks):
            places = self._places(lot.dictionary)
            if len(self._dits) > REVENANTS_MAX:
                return self._en_textes().ajouter(pa.chunked_array(lus.chunks[rang:]))
            self._rangs.append(pc.take(places.cast(pa.int16()), lot.indices, boundscheck=False))
        return self

    def _places(self, dits: pa.Array) -> pa.Array:
        """Of these texts among those that have been seen, to which new ones are added."""
        places = pc.index_in(dits, value_set=self._dits)
        if not places.null_count:
            return places
        nouveaux = dits.filter(places.is_null())
        nouveaux.validate(full=True)
        self.plus_long = max(self.plus_long, pc.max(pc.binary_length(nouveaux)).as_py())
        self._dits = pa.concat_arrays([self._dits, nouveaux])
        return pc.index_in(dits, value_set=self._dits)

    def _en_textes(self) -> Colonne:
        textes: Colonne = Textes(self._dossier)
        for rangs in self._rangs:
            textes = textes.ajouter(pa.chunked_array([self._coder(rangs)]))
        return textes

    def finir(self) -> pa.Array:
        genre = pa.int8() if len(self._dits) <= np.iinfo(np.int8).max else pa.int16()
        return self._coder(pa.concat_arrays([rangs.cast(genre) for rangs in self._rangs]))

    def _coder(self, rangs: pa.Array) -> pa.Array:
        return pa.DictionaryArray.from_arrays(rangs, self._dits)
