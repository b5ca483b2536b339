"""How many cells an OpenDocument sheet makes once its repetitions are unrolled, before any reader allocates them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.sources.fichiers import limites, refus

RANGEE, FIN = b"<table:table-row", b"</table:table-row>"
_CELLULE, _COUVERTE = _CELLULES = (b"<table:table-cell", b"<table:covered-table-cell")
# What follows the name of its tag.
_ENTIERE = re.compile(rb"(?=[ />])[^<>]*(?:/>|(?<!/)>(?:<text:p>[^<]*</text:p>)*</table:table-cell>)")
_PLEINE = b" value-type=''/>"
_CELLULE_VIDE = re.compile(rb"<table:(?:covered-)?table-cell(?: [^<>]*)?/>\s*")
_RANGEE_VIDE = re.compile(rb"[^<>]*(?:/>|>\s*(?:" + _CELLULE_VIDE.pattern + rb")*" + FIN + rb")")
_LIGNES = re.compile(rb'table:number-rows-repeated="(\d{1,9})"')
_COLONNES = re.compile(rb'table:number-columns-repeated="(\d{1,9})"')
_APRES_UN_NOM = (b" ", b"/", b">", b"\t", b"\r", b"\n")
# Enough to see whether cells come back.
_ESSAI = 64 * 1024
# A row that long is not worth keeping whole: it is counted tag by tag.
_RANGEE_MAX = 8 * limites.MORCEAU


def borner(flux: IO[bytes]) -> tuple[int, int]:
    """Bytes, and a number that the cells do not exceed, beyond the limit where only `compter` can tell.

    A cell written many times is parsed once (see `_Allege`). What is not understood, or to be refused, is parsed
    whole.
    """
    try:
        return _borner_allege(flux)
    except (_Doute, FichierRefuse, expat.ExpatError):
        flux.seek(0)
        return _lire(flux, _analyseur()), limites.CELLULES_MAX + 1


def compter(flux: IO[bytes]) -> int:
    """Cells of the sheets, tag by tag. Raises FichierRefuse beyond `limites.CELLULES_MAX`."""
    compteur = _Compteur()
    analyseur = _analyseur()
    analyseur.StartElementHandler = compteur.ouvrir
    analyseur.EndElementHandler = compteur.fermer
    analyseur.CharacterDataHandler = compteur.texte
    _lire(flux, analyseur)
    return compteur.cellules


def _analyseur() -> expat.XMLParserType:
    def refuser(*_: object) -> None:
        raise refus.bombe("Il contient des définitions qu’un classeur ne contient jamais.")

    analyseur = expat.ParserCreate()
    analyseur.StartDoctypeDeclHandler = refuser
    return analyseur


def _lire(flux: IO[bytes], analyseur: expat.XMLParserType) -> int:
    octets = 0
    try:
        for morceau in _morceaux(flux):
            octets += len(morceau)
            analyseur.Parse(morceau, False)
        analyseur.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as erreur:
        # The last two: an encoding that nobody knows, or that the parser cannot read.
        raise refus.tronque() from erreur
    return octets


def _morceaux(flux: IO[bytes]) -> Iterator[bytes]:
    octets = 0
    while morceau := flux.read(limites.MORCEAU):
        octets += len(morceau)
        if octets > limites.TAILLE_MAX_ODS:
            raise refus.bombe("Il dépasse la taille permise une fois décompressé.")
        yield morceau


class _Doute(Exception):
    """The document must be parsed whole."""


def _borner_allege(flux: IO[bytes]) -> tuple[int, int]:
    allege = _Allege()
    octets, reste = 0, b""
    for morceau in _morceaux(flux):
        octets += len(morceau)
        reste += morceau
        coupe = reste.rfind(RANGEE)
        if coupe > 0:
            allege.lire(reste[:coupe])
            reste = reste[coupe:]
        if len(reste) > _RANGEE_MAX:
            raise _Doute
    allege.lire(reste)
    return octets, allege.au_plus()


class _Allege:
    """Gives the parser, for each piece that begins with a row, its whole cells once instead of where they all are.

    A whole cell is one element, wherever it is. All that follows one that is left out begins with a tag, and the last
    one is never left out: what the parser takes without them, outside comments and the like, it takes with them.
    """

    def __init__(self) -> None:
        self._crible = _Crible()
        self._analyseur = _analyseur()
        self._analyseur.XmlDeclHandler = self._declarer
        self._analyseur.CommentHandler = self._analyseur.StartCdataSectionHandler = self._douter
        self._analyseur.ProcessingInstructionHandler = self._douter

    def _declarer(self, version: str, encodage: str | None, seul: int) -> None:
        if (encodage or "utf-8").lower() != "utf-8":
            raise _Doute

    def _douter(self, *_: object) -> None:
        raise _Doute

    def lire(self, piece: bytes) -> None:
        """One or more rows, and what comes before the first one of the document."""
        if b"\x00" in piece:
            raise _Doute
        debut = piece.find(RANGEE)
        if debut < 0:
            self._analyseur.Parse(piece, False)
            return
        if debut:
            self._analyseur.Parse(piece[:debut], False)
            piece = piece[debut:]
        if not _reviennent(_distinguer(piece[:_ESSAI])) or not _reviennent(cellules := _distinguer(piece)):
            self._analyseur.Parse(piece, False)
            self._crible.lire(piece)
            return
        textes: list[bytes] = cellules.dictionary.to_pylist()
        rangs = np.asarray(cellules.indices)
        entieres = np.array([_ENTIERE.fullmatch(t) is not None for t in textes])
        gardees = ~entieres[rangs]
        gardees[-1] = True
        une_fois = [textes[i] for i in np.flatnonzero(entieres).tolist()]
        autres = [textes[i] for i in rangs[gardees].tolist()]
        self._analyseur.Parse(_CELLULE.join([b"", *une_fois]) + _CELLULE.join(autres), False)
        debuts = [_debut(t) for t in textes]
        if None in debuts:
            courts = [_abreger(t) if e else t for t, e in zip(textes, entieres, strict=True)]
            self._crible.lire(_CELLULE.join([courts[i] for i in rangs.tolist()]))
        else:
            places = np.flatnonzero(np.array(debuts)[rangs])
            self._crible.ajouter(np.diff(places, append=len(rangs) - 1))

    def au_plus(self) -> int:
        self._analyseur.Parse(b"", True)
        return self._crible.au_plus()


def _distinguer(octets: bytes) -> pa.DictionaryArray:
    """What there is before, between and after the names of the cells' tags."""
    return pc.split_pattern(pa.array([octets], pa.binary()), _CELLULE.decode()).flatten().dictionary_encode()


def _reviennent(cellules: pa.DictionaryArray) -> bool:
    """False where telling cells apart would take longer than parsing them."""
    return 2 * len(cellules.dictionary) <= len(cellules)


def _debut(cellule: bytes) -> bool | None:
    """True where a row begins after that cell; None where the row is not made of the cells told apart, one by one."""
    debuts = cellule.count(RANGEE)
    place = cellule.find(RANGEE) + len(RANGEE)
    if debuts > 1 or b"-repeated" in cellule or _COUVERTE in cellule:
        return None
    if debuts and cellule[place : place + 1] not in _APRES_UN_NOM:
        return None
    return bool(debuts)


def _abreger(entiere: bytes) -> bytes:
    """A cell that is counted as that one."""
    if b"-repeated" in entiere:
        return entiere
    return b"/>" if _CELLULE_VIDE.fullmatch(_CELLULE + entiere) and not _porte(entiere) else _PLEINE


class _Crible:
    """The widest row times the number of rows, down to the last one that may hold something."""

    def __init__(self) -> None:
        self._largeur = self._lignes = self._vides = 0
        self._doute = False

    def lire(self, rangees: bytes) -> None:
        """Whole rows, and what may follow each of them."""
        repetees: dict[bytes, tuple[int, int]] = {}
        for suite in rangees.split(RANGEE)[1:]:
            if suite[:1] not in _APRES_UN_NOM:
                continue
            if b"-repeated" not in suite:
                self._ajouter(1, _compter(suite))
                continue
            if suite not in repetees:
                repetees[suite] = self._repetee(suite)
            self._ajouter(*repetees[suite])

    def ajouter(self, largeurs: npt.NDArray[np.int64]) -> None:
        """Rows that are not repeated, of that many cells."""
        jusqu_ici = int(np.flatnonzero(largeurs).max(initial=-1)) + 1
        self._ajouter(jusqu_ici, int(largeurs.max(initial=0)))
        self._ajouter(len(largeurs) - jusqu_ici, 0)

    def au_plus(self) -> int:
        return limites.CELLULES_MAX + 1 if self._doute else self._largeur * self._lignes

    def _ajouter(self, lignes: int, largeur: int) -> None:
        self._vides += lignes
        if largeur:
            self._lignes += self._vides
            self._vides = 0
            self._largeur = max(self._largeur, largeur)

    def _repetee(self, suite: bytes) -> tuple[int, int]:
        """How many rows these are, and how wide at most: 0 when they hold nothing. `suite`: what follows the name of
        a row's tag, up to the next row.
        """
        balise = suite[: suite.find(b">")]
        repetees = _LIGNES.findall(balise)
        # A mark of repetition written otherwise, or a tag cut by a « > » in one of its attributes.
        self._doute |= balise.count(b"-repeated") != len(repetees)
        self._doute |= b"'" in balise or balise.count(b'"') % 2 == 1
        vide = _RANGEE_VIDE.match(suite)
        lignes = int(repetees[0]) if repetees else 1
        return lignes, 0 if vide and not _porte(vide[0]) else self._mesurer(suite)

    def _mesurer(self, suite: bytes) -> int:
        fin = suite.find(FIN)
        corps = suite[:fin]
        while True:
            place = max(corps.rfind(c) for c in _CELLULES)
            derniere = _CELLULE_VIDE.fullmatch(corps, place) if place >= 0 else None
            if derniere is None or _porte(derniere[0]):
                break
            corps = corps[:place]
        repetees = _COLONNES.findall(corps)
        autres = corps.count(b"-repeated") - len(_LIGNES.findall(corps)) - len(repetees)
        self._doute |= fin < 0 or autres != 0
        return _compter(corps) + sum(map(int, repetees))


def _compter(corps: bytes) -> int:
    return sum(map(corps.count, _CELLULES))


def _porte(balises: bytes) -> bool:
    """True where an attribute may say that a cell holds something."""
    return b"value-type" in balises or b"formula" in balises


class _Compteur:
    """Cells that carry something, times their repetitions; trailing empty repetitions cost nothing."""

    def __init__(self) -> None:
        self.cellules = 0
        self._rangees = 1
        self._rang = 0
        self._dernier_plein = 0
        self._repetition = 1
        self._lignes_vides = 0

    def ouvrir(self, nom: str, attributs: dict[str, str]) -> None:
        if nom.endswith(":table-row"):
            self._rangees = _repetition(attributs.get("table:number-rows-repeated"))
            self._rang = self._dernier_plein = 0
        elif nom.endswith((":table-cell", ":covered-table-cell")):
            self._rang += _repetition(attributs.get("table:number-columns-repeated"))
            if "office:value-type" in attributs or "table:formula" in attributs:
                self._dernier_plein = self._rang

    def texte(self, texte: str) -> None:
        if texte.strip():
            self._dernier_plein = max(self._dernier_plein, self._rang)

    def fermer(self, nom: str) -> None:
        if not nom.endswith(":table-row"):
            return
        if not self._dernier_plein:
            self._lignes_vides += self._rangees
            return
        # Empty rows before a filled one are allocated as wide as it.
        self.cellules += self._dernier_plein * (self._rangees + self._lignes_vides)
        self._lignes_vides = 0
        if self.cellules > limites.CELLULES_MAX:
            raise refus.bombe("Il répète des cellules un très grand nombre de fois.")


def _repetition(valeur: str | None) -> int:
    return int(valeur) if valeur and valeur.isdigit() and len(valeur) < 10 else 1
