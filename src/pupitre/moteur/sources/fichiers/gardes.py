"""Checks made on the bytes of a file before any reader allocates memory for it."""

from __future__ import annotations

import zipfile
import zlib
from functools import lru_cache
from pathlib import Path
from typing import IO

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.sources.fichiers import cellules_ods, cellules_xlsx, limites, refus

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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


def refuser_ole(fichier: Path) -> None:
    """Raises FichierRefuse for an OLE container: an encrypted workbook, or the old .xls format."""
    with fichier.open("rb") as flux:
        debut = flux.read(4 * limites.MORCEAU)
    if "EncryptedPackage".encode("utf-16-le") in debut:
        raise FichierRefuse(
            "Le classeur est protégé par un mot de passe.",
            "Son contenu est chiffré\u202f: Pupitre ne peut pas l’ouvrir.",
            "Enlevez le mot de passe d’ouverture dans votre tableur, enregistrez, puis déposez le fichier.",
        )
    if "WordDocument".encode("utf-16-le") in debut:
        raise refus.pas_un_tableau("C’est un document Word.")
    raise FichierRefuse(
        "Le fichier est dans l’ancien format Excel (.xls).",
        "Ce format, remplacé en 2007, ne peut pas être contrôlé avant lecture.",
        "Ouvrez-le dans votre tableur et enregistrez-le au format .xlsx ou .ods.",
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
                raise refus.bombe(f"Il annonce {refus.mo(declare)} une fois décompressé.")
            _parcourir(archive, genre)
            return genre
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as erreur:
        raise refus.tronque() from erreur


def _genre(archive: zipfile.ZipFile, noms: set[str]) -> str:
    if "xl/workbook.xml" in noms:
        return "xlsx"
    if "xl/workbook.bin" in noms:
        raise FichierRefuse(
            "Le fichier est au format .xlsb.", "Ce format binaire n’est pas lu.", refus.ENREGISTRER
        )
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
        raise refus.pas_un_tableau("C’est un document OpenDocument, mais pas un classeur.")
    if "word/document.xml" in noms:
        raise refus.pas_un_tableau("C’est un document Word.")
    raise refus.pas_un_tableau("C’est une archive qui ne contient pas de classeur à sa racine.")


def _debut(archive: zipfile.ZipFile, nom: str) -> bytes:
    with archive.open(nom) as flux:
        return flux.read(limites.MORCEAU)


def _parcourir(archive: zipfile.ZipFile, genre: str) -> None:
    total = cellules = textes = 0
    for membre in archive.infolist():
        with archive.open(membre) as flux:
            if genre == "xlsx" and membre.filename.startswith("xl/worksheets/sheet"):
                octets, nombre, rectangle = cellules_xlsx.borner(flux)
                if rectangle > limites.RECTANGLE_MAX:
                    with archive.open(membre) as encore:
                        nombre, rectangle = cellules_xlsx.compter(encore)
                cellules += nombre
                if rectangle > limites.RECTANGLE_MAX:
                    raise refus.bombe(
                        "Une cellule perdue, très loin du tableau, oblige à ouvrir une feuille immense."
                    )
            elif genre == "ods" and membre.filename == "content.xml":
                octets, au_plus = cellules_ods.borner(flux)
                if au_plus > limites.CELLULES_MAX:
                    with archive.open(membre) as encore:
                        au_plus = cellules_ods.compter(encore)
                cellules += au_plus
            elif membre.filename == "xl/sharedStrings.xml":
                octets, textes = _plus_long_texte(flux)
            else:
                octets = _vider(flux)
        total += octets
        if total > limites.TAILLE_MAX_DECOMPRESSE:
            raise refus.bombe("Il dépasse la taille permise une fois décompressé.")
    if cellules > limites.CELLULES_MAX:
        raise refus.bombe(f"Il contient plus de {limites.CELLULES_MAX:,} cellules.".replace(",", "\u202f"))
    if textes * cellules > limites.TEXTES_MAX:
        raise refus.bombe("Il répète un très long texte dans un très grand nombre de cellules.")


def _vider(flux: IO[bytes]) -> int:
    octets = 0
    while morceau := flux.read(limites.MORCEAU):
        octets += len(morceau)
        if octets > limites.TAILLE_MAX_DECOMPRESSE:
            raise refus.bombe("Il dépasse la taille permise une fois décompressé.")
    return octets


def _plus_long_texte(flux: IO[bytes]) -> tuple[int, int]:
    """Bytes read, and length in bytes of the longest shared string (its markup included)."""
    octets = depuis = pire = 0
    while morceau := flux.read(limites.MORCEAU):
        debut = 0
        while (fin := morceau.find(b"</si>", debut)) >= 0:
            pire = max(pire, depuis + fin - debut)
            depuis, debut = 0, fin + 5
        depuis += len(morceau) - debut
        octets += len(morceau)
        if octets > limites.TAILLE_MAX_DECOMPRESSE:
            raise refus.bombe("Il dépasse la taille permise une fois décompressé.")
    return octets, max(pire, depuis if depuis > 64 else 0)
