"""Checks made on the bytes of a file before any reader allocates memory for it."""

from __future__ import annotations

import re
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path
from typing import IO

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.sources import limites

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Near is up to column BZZ and row 4999, 10 million cells: near cells written in the usual way cannot make a
# rectangle that is too large. These find all the others; a literal prefix keeps the scan fast (`<col` and
# `<conditionalFormatting` are not cells).
PROCHE = 2054 * 4999
CELLULE_INHABITUELLE = re.compile(rb'<c(?!o| r="[AB]?[A-Z]{1,2}[1-4]?\d{1,3}")')
LIGNE_HABITUELLE = re.compile(rb'<row r="[1-4]?\d{1,3}"')
# Tall and narrow, as lists of facts are: 26 columns of 459,999 rows make no more than RECTANGLE_MAX either.
HAUTE = 26 * 459_999
CELLULE_HORS_DES_HAUTES = re.compile(rb'<c(?!o| r="[A-Z](?:[1-3]?\d{1,5}|4[0-5]\d{4})")')
LIGNE_DES_HAUTES = re.compile(rb'<row r="(?:[1-3]?\d{1,5}|4[0-5]\d{4})"')
BALISE = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^>]*)")
PLACE = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Z]*)(\d+)["']""")
MAGIES = {
    b"%PDF": "un document PDF",
    b"\x89PNG": "une image",
    b"\xff\xd8\xff": "une photographie",
    b"GIF8": "une image",
    b"Rar!": "une archive RAR",
    b"7z\xbc\xaf\x27\x1c": "une archive 7z",
    b"{\\rtf": "un document RTF",
    b"SQLite format 3": "une base de données",
    b"\x7fELF": "un programme",
    b"MZ\x90": "un programme",
    b"BZh": "une archive bzip2",
}
MORCEAU = 1024 * 1024
ENREGISTRER = "Ouvrez-le dans votre tableur et enregistrez-le au format .xlsx, .ods ou .csv."
RENVOYER = "Demandez au partenaire de l’envoyer à nouveau."


def refuser_taille(octets: int, maximum: int) -> None:
    """Raises FichierRefuse when the file is heavier than `maximum` bytes."""
    if octets > maximum:
        raise FichierRefuse(
            "Le fichier est trop lourd pour être lu.",
            f"Il pèse {_mo(octets)}, la limite est de {_mo(maximum)}.",
            "Découpez-le (une année ou un territoire par fichier) et déposez chaque partie.",
        )


def _mo(octets: int) -> str:
    return f"{octets / limites.MEBIOCTET:,.0f}\u202fMo".replace(",", "\u202f")


def refuser_ole(fichier: Path) -> None:
    """Raises FichierRefuse for an OLE container: an encrypted workbook, or the old .xls format."""
    with fichier.open("rb") as flux:
        debut = flux.read(4 * MORCEAU)
    if "EncryptedPackage".encode("utf-16-le") in debut:
        raise FichierRefuse(
            "Le classeur est protégé par un mot de passe.",
            "Son contenu est chiffré\u202f: Pupitre ne peut pas l’ouvrir.",
            "Enlevez le mot de passe d’ouverture dans votre tableur, enregistrez, puis déposez le fichier.",
        )
    if "WordDocument".encode("utf-16-le") in debut:
        raise pas_un_tableau("C’est un document Word.")
    raise FichierRefuse(
        "Le fichier est dans l’ancien format Excel (.xls).",
        "Ce format, remplacé en 2007, ne peut pas être contrôlé avant lecture.",
        "Ouvrez-le dans votre tableur et enregistrez-le au format .xlsx ou .ods.",
    )


def pas_un_tableau(raison: str) -> FichierRefuse:
    return FichierRefuse("Ce fichier n’est pas un tableau.", raison, ENREGISTRER)


def tronque() -> FichierRefuse:
    return FichierRefuse(
        "Le fichier est abîmé ou incomplet.",
        "La fin du fichier manque ou ne correspond pas à son sommaire\u202f: l’envoi a pu être interrompu.",
        RENVOYER,
    )


def bombe(raison: str) -> FichierRefuse:
    return FichierRefuse(
        "Le classeur est démesuré une fois ouvert.",
        raison,
        "Ne gardez que le tableau utile dans un classeur neuf, puis déposez-le.",
    )


def genre_archive(fichier: Path) -> str:
    """Kind of workbook; the same file, unchanged, is checked once. See `_genre_archive`."""
    etat = fichier.stat()
    return _genre_archive(fichier.resolve(), etat.st_size, etat.st_mtime_ns, etat.st_ino)


def oublier_archives() -> None:
    """Forgets the archives already checked, for a measure of a first reading."""
    _genre_archive.cache_clear()


@lru_cache(maxsize=32)
def _genre_archive(fichier: Path, taille: int, modifie: int, inode: int) -> str:
    """ "xlsx" or "ods", after checking the whole archive. Raises FichierRefuse otherwise.

    Every member is inflated once, by pieces, and thrown away: declared sizes are not believed.
    """
    try:
        with zipfile.ZipFile(fichier) as archive:
            noms = set(archive.namelist())
            if any(i.flag_bits & 1 for i in archive.infolist()):
                raise FichierRefuse(
                    "L’archive est protégée par un mot de passe.",
                    "Son contenu est chiffré.",
                    "Déposez le classeur lui-même, sans mot de passe.",
                )
            genre = _genre(archive, noms)
            declare = sum(i.file_size for i in archive.infolist())
            if declare > limites.TAILLE_MAX_DECOMPRESSE:
                raise bombe(f"Il annonce {_mo(declare)} une fois décompressé.")
            _parcourir(archive, genre)
            return genre
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as erreur:
        raise tronque() from erreur


def _genre(archive: zipfile.ZipFile, noms: set[str]) -> str:
    if "xl/workbook.xml" in noms:
        return "xlsx"
    if "xl/workbook.bin" in noms:
        raise FichierRefuse("Le fichier est au format .xlsb.", "Ce format binaire n’est pas lu.", ENREGISTRER)
    if "mimetype" in noms:
        with archive.open("mimetype") as flux:
            mimetype = flux.read(200).decode("ascii", "replace").strip()
        if mimetype.startswith("application/vnd.oasis.opendocument.spreadsheet"):
            if "META-INF/manifest.xml" in noms and b"encryption-data" in _debut(
                archive, "META-INF/manifest.xml"
            ):
                raise FichierRefuse(
                    "Le classeur est protégé par un mot de passe.",
                    "Son contenu est chiffré.",
                    "Enlevez le mot de passe d’ouverture dans votre tableur, enregistrez, puis déposez-le.",
                )
            return "ods"
        raise pas_un_tableau("C’est un document OpenDocument, mais pas un classeur.")
    if "word/document.xml" in noms:
        raise pas_un_tableau("C’est un document Word.")
    raise pas_un_tableau("C’est une archive qui ne contient pas de classeur à sa racine.")


def _debut(archive: zipfile.ZipFile, nom: str) -> bytes:
    with archive.open(nom) as flux:
        return flux.read(MORCEAU)


def _parcourir(archive: zipfile.ZipFile, genre: str) -> None:
    from pupitre.moteur.sources.cellules_ods import borner, compter

    total = cellules = textes = 0
    for membre in archive.infolist():
        with archive.open(membre) as flux:
            if genre == "xlsx" and membre.filename.startswith("xl/worksheets/sheet"):
                octets, nombre, rectangle = _parcourir_feuille(flux)
                cellules += nombre
                if rectangle > limites.RECTANGLE_MAX:
                    cellules -= nombre
                    with archive.open(membre) as encore:
                        octets, nombre, rectangle = _parcourir_feuille(encore, haute=True)
                    cellules += nombre
                if rectangle > limites.RECTANGLE_MAX:
                    with archive.open(membre) as encore:
                        exactes, rectangle = _mesurer_feuille(encore)
                    cellules += max(0, exactes - nombre)
                if rectangle > limites.RECTANGLE_MAX:
                    raise bombe(
                        "Une cellule perdue, très loin du tableau, oblige à ouvrir une feuille immense."
                    )
            elif genre == "ods" and membre.filename == "content.xml":
                octets, au_plus = borner(flux)
                if au_plus > limites.CELLULES_MAX:
                    with archive.open(membre) as encore:
                        au_plus = compter(encore)
                cellules += au_plus
            elif membre.filename == "xl/sharedStrings.xml":
                octets, textes = _plus_long_texte(flux)
            else:
                octets = _vider(flux)
        total += octets
        if total > limites.TAILLE_MAX_DECOMPRESSE:
            raise bombe("Il dépasse la taille permise une fois décompressé.")
    if cellules > limites.CELLULES_MAX:
        raise bombe(f"Il contient plus de {limites.CELLULES_MAX:,} cellules.".replace(",", "\u202f"))
    if textes * cellules > limites.TEXTES_MAX:
        raise bombe("Il répète un très long texte dans un très grand nombre de cellules.")


def _vider(flux: IO[bytes]) -> int:
    octets = 0
    while morceau := flux.read(MORCEAU):
        octets += len(morceau)
        if octets > limites.TAILLE_MAX_DECOMPRESSE:
            raise bombe("Il dépasse la taille permise une fois décompressé.")
    return octets


def _plus_long_texte(flux: IO[bytes]) -> tuple[int, int]:
    """Bytes read, and length in bytes of the longest shared string (its markup included)."""
    octets = depuis = pire = 0
    while morceau := flux.read(MORCEAU):
        debut = 0
        while (fin := morceau.find(b"</si>", debut)) >= 0:
            pire = max(pire, depuis + fin - debut)
            depuis, debut = 0, fin + 5
        depuis += len(morceau) - debut
        octets += len(morceau)
        if octets > limites.TAILLE_MAX_DECOMPRESSE:
            raise bombe("Il dépasse la taille permise une fois décompressé.")
    return octets, max(pire, depuis if depuis > 64 else 0)


def _colonne(lettres: bytes) -> int:
    rang = 0
    for c in lettres:
        rang = rang * 26 + c - 64
    return rang


def _parcourir_feuille(flux: IO[bytes], haute: bool = False) -> tuple[int, int, int]:
    """Bytes, number of cells, and cells of the rectangle that a reader would allocate at worst.

    When every cell is written in the usual way and near, the rectangle is at most PROCHE (HAUTE, with `haute`,
    when all are in the first columns). Else it is said to be RECTANGLE_MAX + 1, so that a longer pass decides: the
    first one stops there.
    """
    cellule = CELLULE_HORS_DES_HAUTES if haute else CELLULE_INHABITUELLE
    ligne, au_plus = (LIGNE_DES_HAUTES, HAUTE) if haute else (LIGNE_HABITUELLE, PROCHE)
    octets = cellules = 0
    lointaine = False
    reste = b""
    while morceau := flux.read(MORCEAU):
        if not octets:
            lointaine = b"<worksheet" not in morceau[:4096]
        octets += len(morceau)
        if octets > limites.TAILLE_MAX_DECOMPRESSE:
            raise bombe("Il dépasse la taille permise une fois décompressé.")
        cellules += morceau.count(b"<c ")
        # A piece ends before its last tag, which may be cut.
        coupe = morceau.rfind(b"<")
        piece = reste + morceau[:coupe]
        reste = morceau[coupe:] if coupe >= 0 else b""
        lointaine = lointaine or bool(cellule.search(piece)) or _ligne_lointaine(piece, ligne)
        if lointaine and not haute:
            break
    return octets, cellules, limites.RECTANGLE_MAX + 1 if lointaine else au_plus


def _ligne_lointaine(piece: bytes, habituelle: re.Pattern[bytes]) -> bool:
    """`find` goes from row to row three times faster than a pattern does."""
    place = piece.find(b"<row")
    while place >= 0:
        if not habituelle.match(piece, place):
            return True
        place = piece.find(b"<row", place + 4)
    return False


def _mesurer_feuille(flux: IO[bytes]) -> tuple[int, int]:
    """Cells and rectangle of a sheet, tag by tag; cells that do not say their place follow one another."""
    cellules = rangees = rang = colonnes = lignes = 0
    reste = b""
    while morceau := flux.read(MORCEAU):
        coupe = morceau.rfind(b"<")
        piece = reste + morceau[:coupe] if coupe >= 0 else reste + morceau
        reste = morceau[coupe:] if coupe >= 0 else b""
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
