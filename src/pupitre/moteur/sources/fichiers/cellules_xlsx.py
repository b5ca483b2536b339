"""How many cells an Excel sheet makes, and the rectangle that a reader allocates for it, before any does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

import numpy as np
import numpy.typing as npt

from pupitre.moteur.sources.fichiers import limites, refus
from pupitre.moteur.sources.fichiers.fils import devancer

BALISE = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^>]*)")
PLACE = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Z]*)(\d+)["']""")
# The usual writing: « <c r="AB12" », « <row r="12" ».
_PLACE_USUELLE, _RANGEE = (np.uint32(int.from_bytes(m, "little")) for m in (b' r="', b"<row"))
_APRES_UN_NOM = np.isin(np.arange(256), list(b" \t\r\n/>"))
_LETTRES_MAX, _CHIFFRES_MAX = 3, 7
Places = npt.NDArray[np.int64]
Octets = npt.NDArray[np.uint8]


def borner(flux: IO[bytes]) -> tuple[int, int, int]:
    """Bytes, cells and rectangle; a rectangle beyond the limit where only `compter` can tell.

    Tags are looked at a piece at a time rather than one by one.
    """
    octets = cellules = lignes = colonnes = 0
    doute = False
    for lus, piece in devancer(_pieces(flux)):
        if not octets:
            doute = b"<worksheet" not in piece[:4096]
        octets += lus
        if octets > limites.TAILLE_MAX_DECOMPRESSE:
            raise refus.bombe("Il dépasse la taille permise une fois décompressé.")
        if doute:
            continue
        bornes = _bornes(piece)
        doute = bornes is None
        if bornes is not None:
            cellules += bornes[0]
            lignes, colonnes = max(lignes, bornes[1]), max(colonnes, bornes[2])
    return octets, cellules, limites.RECTANGLE_MAX + 1 if doute else lignes * colonnes


def compter(flux: IO[bytes]) -> tuple[int, int]:
    """Cells and rectangle, tag by tag; cells that do not say their place follow one another."""
    cellules = rangees = rang = colonnes = lignes = 0
    for _, piece in _pieces(flux):
        for m in BALISE.finditer(piece):
            place = PLACE.search(m[2])
            if m[1] == b"row":
                rangees = int(place[2]) if place else rangees + 1
                rang = 0
            else:
                cellules += 1
                rang = _colonne(place[1]) if place and place[1] else rang + 1
                lignes = max(lignes, int(place[2]) if place else rangees)
                colonnes = max(colonnes, rang)
    return cellules, max(lignes, rangees) * colonnes


def _pieces(flux: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """How many bytes are read, and the whole tags that they complete: the last one may be cut."""
    reste = b""
    while morceau := flux.read(limites.MORCEAU):
        coupe = morceau.rfind(b"<")
        if coupe >= 0:
            yield len(morceau), reste + morceau[:coupe]
            reste = morceau[coupe:]
        elif len(reste) > limites.MORCEAU:
            raise refus.bombe("Une de ses balises est plus longue que ce qu’un tableur écrit.")
        else:
            yield len(morceau), b""
            reste += morceau
    yield 0, reste


def _colonne(lettres: bytes) -> int:
    rang = 0
    for c in lettres:
        rang = rang * 26 + c - 64
    return rang


def _bornes(piece: bytes) -> tuple[int, int, int] | None:
    """Cells, last row and last column; None where a cell or a row does not say its place in the usual way."""
    piece += bytes(4 + _LETTRES_MAX + _CHIFFRES_MAX + 4)
    octets = np.frombuffer(piece, np.uint8)
    mots = np.ndarray((len(piece) - 3,), "<u4", piece, strides=(1,))
    balises = np.flatnonzero(octets == ord("<"))
    lettre = octets[balises + 1]
    cellules = balises[lettre == ord("c")]
    cellules = cellules[_APRES_UN_NOM[octets[cellules + 2]]] + 2
    rangees = balises[lettre == ord("r")]
    rangees = rangees[(mots[rangees] == _RANGEE) & _APRES_UN_NOM[octets[rangees + 4]]] + 4
    if not ((mots[cellules] == _PLACE_USUELLE).all() and (mots[rangees] == _PLACE_USUELLE).all()):
        return None
    colonnes, places = _lire(octets, cellules + 4, 26, ord("A") - 1, _LETTRES_MAX)
    lignes, fins = _lire(octets, np.concatenate([places, rangees + 4]), 10, ord("0"), _CHIFFRES_MAX)
    if not ((colonnes > 0).all() and (octets[fins] == ord('"')).all() and (lignes > 0).all()):
        return None
    return len(cellules), int(lignes.max(initial=0)), int(colonnes.max(initial=0))


def _lire(octets: Octets, places: Places, base: int, avant: int, au_plus: int) -> tuple[Places, Places]:
    """Number written at each place, letters or figures, and where it ends. `avant`: the character before the first."""
    nombres = np.zeros(len(places), dtype=np.int64)
    premier = 1 if base == 26 else 0
    for _ in range(au_plus):
        chiffres = octets[places].astype(np.int64) - avant
        lus = (chiffres >= premier) & (chiffres < base + premier)
        if not lus.any():
            break
        nombres = np.where(lus, nombres * base + chiffres, nombres)
        places = places + lus
    return nombres, places
