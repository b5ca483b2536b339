"""Flat files: their encoding, their separator, and their cells, read by pieces so that memory stays bounded."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa

from pupitre.moteur.erreurs import FichierRefuse, Lieu
from pupitre.moteur.sources.fichiers import limites, refus, suivi
from pupitre.moteur.sources.fichiers.feuille import Feuille, reduire
from pupitre.moteur.sources.fichiers.reguliers import distincts, lire_regulier

SEPARATEURS = (";", ",", "\t", "|")
LOT = 20_000
# Bytes under which the fast reader gains nothing.
COURT = 256 * 1024
# Fewer accented letters than that say nothing of an encoding.
LETTRES_MIN = 5
_PARASITES = frozenset(map(chr, range(32))) - frozenset("\t\r\n\x0b\x0c\x1a")
LETTRES = frozenset("éèêëàâäçùûüîïôöœÉÈÊÀÂÇÙÛÎÔŒ’«»°€")


def decoder(octets: bytes) -> tuple[str, str]:
    """Text and its encoding: BOM first, then UTF-8, then the eight-bit encoding that writes the most French.

    Raises FichierRefuse on NUL bytes, and on bytes that no French text in these encodings contains.
    """
    encodage = encodage_de(octets)
    return octets.decode(encodage), encodage


def encodage_de(octets: bytes) -> str:
    """Same as `decoder`, without holding the text whole."""
    for marque, nom in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if octets.startswith(marque):
            place = _faute(octets, nom)
            if place is not None:
                raise _encodage(octets, place)
            _refuser_nul(octets if nom == "utf-8-sig" else _nuls_utf16(octets))
            return nom
    _refuser_nul(octets)
    encodage = "utf-8" if _faute(octets, "utf-8") is None else _huit_bits(octets)
    _refuser_binaire(octets[:65536].decode(encodage, "replace"))
    return encodage


def _faute(octets: bytes, encodage: str) -> int | None:
    """Where the bytes stop being text of that encoding; None when they all are."""
    decodeur = codecs.getincrementaldecoder(encodage)()
    for debut in range(0, len(octets), limites.MEBIOCTET):
        try:
            decodeur.decode(octets[debut : debut + limites.MEBIOCTET])
        except UnicodeDecodeError as erreur:
            return debut + erreur.start
    try:
        decodeur.decode(b"", final=True)
    except UnicodeDecodeError:
        return len(octets) - 1
    return None


def _huit_bits(octets: bytes) -> str:
    """Windows-1252 unless an older encoding, of a Macintosh or of DOS, writes clearly more French letters."""
    echantillon = bytes(o for o in octets[: limites.MEBIOCTET] if o >= 0x80)
    notes = {
        nom: sum(c in LETTRES for c in echantillon.decode(nom, "replace"))
        for nom in ("cp1252", "cp850", "mac_roman")
        if _faute(octets, nom) is None
    }
    if not notes:
        raise _encodage(octets, _faute(octets, "cp1252") or 0)
    meilleur = max(notes, key=lambda nom: (notes[nom], nom == "cp1252"))
    if "cp1252" in notes and notes[meilleur] < 2 * notes["cp1252"] + 2:
        return "cp1252"
    if notes[meilleur] < max(LETTRES_MIN, 0.5 * len(echantillon)):
        if "cp1252" not in notes:
            raise _encodage(octets, _faute(octets, "cp1252") or 0)
        return "cp1252"
    return meilleur


def _nuls_utf16(octets: bytes) -> bytes:
    texte = octets.decode("utf-16")
    return texte.encode("utf-8") if "\x00" in texte else b""


def _refuser_nul(octets: bytes) -> None:
    place = octets.find(b"\x00")
    if place >= 0:
        raise FichierRefuse(
            "Le fichier contient des octets nuls.",
            "Ce n’est pas du texte, ou le fichier a été abîmé pendant l’envoi.",
            refus.ENREGISTRER,
            Lieu(ligne=octets.count(b"\n", 0, place) + 1),
        )


def _refuser_binaire(texte: str) -> None:
    """A binary file decodes as Windows-1252 more often than not: its control characters give it away."""
    debut = texte[:65536]
    parasites = sum(map(debut.count, _PARASITES))
    if parasites > max(2, len(debut) // 1000):
        raise refus.pas_un_tableau("Son contenu n’est pas du texte.")


def _encodage(octets: bytes, place: int) -> FichierRefuse:
    return FichierRefuse(
        "L’encodage du fichier n’est pas reconnu.",
        "Il n’est ni en UTF-8 ni en Windows-1252 («\u202fANSI\u202f»)\u202f: des caractères y sont illisibles.",
        "Enregistrez-le depuis votre tableur en «\u202fCSV UTF-8\u202f» ou au format .xlsx.",
        Lieu(ligne=octets.count(b"\n", 0, place) + 1),
    )


def deviner_separateur(texte: str) -> str:
    """The separator that cuts the first lines most evenly: `;`, `,`, tab or `|`; `;` for one column."""
    lignes = [ligne for ligne in texte[:65536].splitlines()[:60] if ligne.strip()]
    meilleur, score = ";", 0.0
    for separateur in SEPARATEURS:
        try:
            largeurs = [len(r) for r in csv.reader(lignes, delimiter=separateur)]
        except csv.Error:
            continue
        if not largeurs:
            continue
        mode = max(set(largeurs), key=lambda n: (largeurs.count(n), n))
        if mode < 2:
            mode = max(largeurs)
        if mode < 2:
            continue
        note = largeurs.count(mode) / len(largeurs) + min(mode, 50) / 1000
        if note > score:
            meilleur, score = separateur, note
    return meilleur


class Texte(NamedTuple):
    """A flat file: where to read it again, its encoding, its separator, and its cells when they had to be read to know.

    `source`: its bytes, when they had to be looked at whole.
    """

    source: bytes | Path
    encodage: str
    separateur: str
    feuille: Feuille | None


def ouvrir_texte(source: bytes | Path) -> Texte:
    """Reads a regular file once, by pieces, and looks at others whole. Raises as `decoder` does."""
    tete = _tete(source)
    encodage = "utf-8-sig" if tete.startswith(codecs.BOM_UTF8) else "utf-8"
    separateur = deviner_separateur(tete.decode(encodage, "ignore"))
    feuille = _lire_simple(source, encodage, separateur) if _commence_en_utf8(tete) else None
    if feuille is not None:
        if encodage == "utf-8":
            _refuser_binaire(tete.decode(encodage, "replace"))
        return Texte(source, encodage, separateur, feuille)
    octets = source.read_bytes() if isinstance(source, Path) else source
    encodage = encodage_de(octets)
    return Texte(octets, encodage, deviner_separateur(tete.decode(encodage, "ignore")), None)


def _commence_en_utf8(tete: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(tete)
    except UnicodeDecodeError:
        return False
    return True


def _flux(source: bytes | Path) -> BinaryIO:
    return source.open("rb") if isinstance(source, Path) else io.BytesIO(source)


def _tete(source: bytes | Path) -> bytes:
    with _flux(source) as flux:
        return flux.read(65536)


def lire_feuille(source: bytes | Path, encodage: str, separateur: str) -> Feuille:
    """All the cells as text, by lots of rows. Raises FichierRefuse when they are too many, or badly quoted."""
    if (simple := _lire_simple(source, encodage, separateur)) is not None:
        return simple
    colonnes: list[list[pa.Array]] = []
    numeros: list[int] = []
    reguliers, lignes, cellules, largeur = True, 0, 0, 0
    with _flux(source) as tout:
        octets = tout.read()
    attendues = octets.count(b"\n") if encodage != "utf-16" else octets.count(b"\n") // 2
    with io.TextIOWrapper(io.BytesIO(octets), encodage, newline="") as flux:
        lecteur = csv.reader(flux, delimiter=separateur)
        debut = 1
        while lot := _lot(lecteur):
            rangees = [r for r, _ in lot]
            for _, fin in lot:
                numeros.append(debut)
                debut = fin + 1
            reguliers = reguliers and numeros[-1] == len(numeros) and debut == len(numeros) + 1
            largeurs = set(map(len, rangees))
            largeur = max(largeur, *largeurs)
            lignes += len(rangees)
            cellules += len(rangees) * max(largeurs)
            if cellules > limites.CELLULES_MAX_TEXTE or largeur * lignes > limites.RECTANGLE_MAX_TEXTE:
                raise refus.bombe("Il contient trop de cellules pour un fichier de partenaire.")
            _verser(colonnes, rangees, lignes - len(rangees))
            suivi.avancer("ouverture", lignes, max(attendues, lignes))
    reduites = reduire([pa.chunked_array(p, pa.string()) for p in colonnes])
    if not any(map(_parle, reduites)):
        raise FichierRefuse("Le fichier est vide.", "Il ne contient aucune cellule remplie.", refus.RENVOYER)
    return Feuille("", reduites, 0, () if reguliers else tuple(numeros))


def _lire_simple(source: bytes | Path, encodage: str, separateur: str) -> Feuille | None:
    """The same cells ten times faster, for a file that is regular; None for others."""
    taille = source.stat().st_size if isinstance(source, Path) else len(source)
    if taille < COURT:
        return None
    dossier = source.parent if isinstance(source, Path) else None
    colonnes = lire_regulier(lambda: _flux(source), encodage, separateur, dossier)
    if colonnes is None or not any(map(_parle, colonnes)):
        return None
    suivi.avancer("ouverture", len(colonnes[0]), len(colonnes[0]))
    return Feuille("", colonnes, 0, dossier=dossier)


def _lot(lecteur: Any) -> list[tuple[list[str], int]]:
    """Next rows, each with the line of the file where it ends."""
    try:
        return [(rangee, lecteur.line_num) for rangee in islice(lecteur, LOT)]
    except csv.Error as erreur:
        raise FichierRefuse(
            "Le fichier texte est mal formé.",
            "Un guillemet ouvert n’est jamais refermé, ou une cellule est démesurée.",
            "Enregistrez-le à nouveau depuis votre tableur, en CSV ou en .xlsx.",
            Lieu(ligne=lecteur.line_num),
        ) from erreur


def _verser(colonnes: list[list[pa.Array]], rangees: list[list[str]], avant: int) -> None:
    """Add a lot of rows, column by column; a column that begins here is empty in the rows `avant`."""
    par_colonne: Iterator[tuple[str, ...]] = zip_longest(*rangees, fillvalue="")
    remplies = [pa.array([c or None for c in colonne], pa.string()) for colonne in par_colonne]
    while len(colonnes) < len(remplies):
        colonnes.append([pa.nulls(avant, pa.string())])
    for rang, pieces in enumerate(colonnes):
        pieces.append(remplies[rang] if rang < len(remplies) else pa.nulls(len(rangees), pa.string()))


def _parle(colonne: pa.Array) -> bool:
    return any((texte := c.as_py()) and texte.strip() for c in distincts(colonne))
