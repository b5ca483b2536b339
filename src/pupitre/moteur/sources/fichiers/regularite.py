"""What makes a flat file regular enough for the fast reader, proved byte by byte as it is read."""

from __future__ import annotations

import codecs
import os
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

Octets = npt.NDArray[np.uint8]
_SAUT, _RETOUR, _GUILLEMET = b'\n\r"'


class Irreguliere(Exception):
    """A NUL byte, too many rows, or quotes that the fast reader could understand otherwise."""


class Guillemet(Irreguliere):
    """A quote where none was expected."""


class Regulier:
    """Whole rows of a file, as long as nothing in them asks for the careful reading.

    Args:
        separateur: with it, quotes are allowed around whole cells of one line, without a quote inside; empty: none is.

    Reading raises Irreguliere, or Guillemet when quotes were not expected.
    """

    def __init__(self, flux: BinaryIO, separateur: str = "") -> None:
        self._flux, self._separateur = flux, separateur
        # What precedes the piece: its last byte, and whether a quote is open there.
        self._dernier, self._dedans, self._debut = _SAUT, False, True
        self._avant, self._apres = _parmi(separateur, _SAUT), _parmi(separateur, _SAUT, _RETOUR)

    def read(self, taille: int) -> memoryview:
        """Next rows, in at most that many bytes; a longer one is cut. Empty at the end."""
        morceau = self._flux.read(taille)
        fin = morceau.rfind(b"\n") + 1 if len(morceau) == taille else 0
        fin = fin or len(morceau)
        self._flux.seek(fin - len(morceau), os.SEEK_CUR)
        if morceau.find(b"\x00", 0, fin) >= 0:
            raise Irreguliere
        # Where a file begins, it is a mark; the fast reader would take it for one wherever it begins to read.
        marque = morceau.startswith(codecs.BOM_UTF8)
        if marque and not self._debut:
            raise Irreguliere
        if not self._separateur:
            if morceau.find(b'"', 0, fin) >= 0:
                raise Guillemet
        elif not morceau:
            if self._dedans:
                raise Irreguliere
        else:
            octets = np.frombuffer(morceau, np.uint8, fin)
            self._suivre(octets[len(codecs.BOM_UTF8) :] if marque else octets)
        self._debut = False
        return memoryview(morceau)[:fin]

    def _suivre(self, morceau: Octets) -> None:
        octets = np.concatenate([np.array([self._dernier], np.uint8), morceau])
        guillemets = np.flatnonzero(morceau == _GUILLEMET) + 1
        if self._dernier == _GUILLEMET and not self._dedans:
            self._exiger(self._apres[octets[1:2]])
        ouvrants, fermants = guillemets[int(self._dedans) :: 2], guillemets[1 - int(self._dedans) :: 2]
        self._exiger(self._avant[octets[ouvrants - 1]])
        self._exiger(self._apres[octets[fermants[fermants + 1 < len(octets)] + 1]])
        sauts = np.flatnonzero((morceau == _SAUT) | (morceau == _RETOUR)) + 1
        self._exiger((np.searchsorted(guillemets, sauts) + self._dedans) % 2 == 0)
        self._dedans ^= bool(len(guillemets) % 2)
        self._dernier = int(octets[-1])

    def _exiger(self, vrais: npt.NDArray[np.bool_]) -> None:
        if not vrais.all():
            raise Irreguliere

    def __enter__(self) -> Regulier:
        return self

    def __exit__(self, *_: object) -> None:
        self._flux.close()


def _parmi(separateur: str, *autres: int) -> npt.NDArray[np.bool_]:
    """True at the bytes that may stand beside a quote."""
    permis = np.zeros(256, dtype=bool)
    permis[[*separateur.encode(), *autres]] = True
    return permis
