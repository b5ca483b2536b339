"""How many cells an OpenDocument sheet makes once its repetitions are unrolled, before any reader allocates them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from pupitre.moteur.sources import gardes, limites

RANGEE, FIN = b"<table:table-row", b"</table:table-row>"
_CELLULES = (b"<table:table-cell", b"<table:covered-table-cell")
_CELLULE_VIDE = re.compile(rb"<table:(?:covered-)?table-cell(?: [^<>]*)?/>\s*")
_RANGEE_VIDE = re.compile(rb"[^<>]*(?:/>|>\s*(?:" + _CELLULE_VIDE.pattern + rb")*" + FIN + rb")")
_LIGNES = re.compile(rb'table:number-rows-repeated="(\d{1,9})"')
_COLONNES = re.compile(rb'table:number-columns-repeated="(\d{1,9})"')
_APRES_UN_NOM = (b" ", b"/", b">", b"\t", b"\r", b"\n")
# A row that long is not worth keeping whole: it is counted tag by tag.
_RANGEE_MAX = 8 * gardes.MORCEAU


def borner(flux: IO[bytes]) -> tuple[int, int]:
    """Bytes, and a number that the cells do not exceed, beyond the limit where only `compter` can tell.

    The parser calls nobody back for each tag, which takes most of the time of counting; it still refuses what is not
    well formed.
    """
    crible = _Crible()
    analyseur = _analyseur()
    analyseur.XmlDeclHandler = crible.declarer
    analyseur.CommentHandler = analyseur.StartCdataSectionHandler = crible.douter
    analyseur.ProcessingInstructionHandler = crible.douter
    return _lire(flux, analyseur, crible.lire), crible.au_plus()


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
        raise gardes.bombe("Il contient des définitions qu’un classeur ne contient jamais.")

    analyseur = expat.ParserCreate()
    analyseur.StartDoctypeDeclHandler = refuser
    return analyseur


def _lire(
    flux: IO[bytes], analyseur: expat.XMLParserType, aussi: Callable[[bytes], None] | None = None
) -> int:
    octets = 0
    try:
        while morceau := flux.read(gardes.MORCEAU):
            octets += len(morceau)
            if octets > limites.TAILLE_MAX_ODS:
                raise gardes.bombe("Il dépasse la taille permise une fois décompressé.")
            analyseur.Parse(morceau, False)
            if aussi is not None:
                aussi(morceau)
        analyseur.Parse(b"", True)
    except expat.ExpatError as erreur:
        raise gardes.tronque() from erreur
    return octets


class _Crible:
    """The widest row times the number of rows, down to the last one that may hold something."""

    def __init__(self) -> None:
        self._reste = b""
        self._largeur = self._lignes = self._vides = 0
        self._doute = False

    def declarer(self, version: str, encodage: str | None, seul: int) -> None:
        self._doute = self._doute or (encodage or "utf-8").lower() != "utf-8"

    def douter(self, *_: object) -> None:
        self._doute = True

    def lire(self, morceau: bytes) -> None:
        if self._doute:
            return
        *rangees, self._reste = (self._reste + morceau).split(RANGEE)
        self._doute = b"\x00" in morceau or len(self._reste) > _RANGEE_MAX
        for rangee in rangees:
            self._rangee(rangee)

    def au_plus(self) -> int:
        self._rangee(self._reste)
        return limites.CELLULES_MAX + 1 if self._doute else self._largeur * self._lignes

    def _rangee(self, suite: bytes) -> None:
        """What follows the name of a row's tag, up to the next row. What comes before the first one is no row."""
        if suite[:1] not in _APRES_UN_NOM:
            return
        if b"-repeated" in suite:
            lignes, largeur = self._repetee(suite)
        else:
            lignes, largeur = 1, _compter(suite)
        self._vides += lignes
        if largeur:
            self._lignes += self._vides
            self._vides = 0
            self._largeur = max(self._largeur, largeur)

    def _repetee(self, suite: bytes) -> tuple[int, int]:
        """How many rows these are, and how wide at most: 0 when they hold nothing."""
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
            raise gardes.bombe("Il répète des cellules un très grand nombre de fois.")


def _repetition(valeur: str | None) -> int:
    return int(valeur) if valeur and valeur.isdigit() and len(valeur) < 10 else 1
