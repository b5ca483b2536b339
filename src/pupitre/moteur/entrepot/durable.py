"""Files that exist whole or not at all: written aside, fsynced, renamed, their folder fsynced."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Callable
from pathlib import Path

PREFIXE, SUFFIXE = ".", ".partiel"


def est_partiel(nom: str) -> bool:
    return nom.startswith(PREFIXE) and nom.endswith(SUFFIXE)


def empreinte(chemin: Path) -> str:
    """sha256 of the file, in hexadecimal."""
    with chemin.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def creer_dossier(dossier: Path) -> None:
    """Create `dossier` and its parents, each name made durable in its own parent."""
    manquants = []
    courant = dossier
    while not courant.exists():
        manquants.append(courant)
        courant = courant.parent
    for nouveau in reversed(manquants):
        nouveau.mkdir(mode=0o750, exist_ok=True)
        _fsync_dossier(nouveau.parent)


def nom_de(radical: str, somme: str) -> str:
    """Name of a file whose sha256 is `somme`."""
    return f"{radical}-{somme[:20]}.parquet"


def ecrire(dossier: Path, radical: str, ecriture: Callable[[Path], object]) -> tuple[Path, str]:
    """Write `dossier/radical-<hash of the content>.parquet` and return (path, sha256).

    The name carries the hash, so that two states coexist and writing the same content twice is harmless.
    A kill at any moment leaves either nothing visible, or the whole file.
    """
    somme = ""

    def nommer(partiel: Path) -> str:
        nonlocal somme
        somme = empreinte(partiel)
        return nom_de(radical, somme)

    return _poser(dossier, radical, ecriture, nommer), somme


def poser(dossier: Path, nom: str, contenu: bytes) -> Path:
    """Write `dossier/nom` whole, in the place of what was there."""
    return _poser(dossier, nom, lambda partiel: partiel.write_bytes(contenu), lambda _: nom)


def _poser(
    dossier: Path, radical: str, ecriture: Callable[[Path], object], nommer: Callable[[Path], str]
) -> Path:
    creer_dossier(dossier)
    partiel = dossier / f"{PREFIXE}{radical}.{uuid.uuid4().hex}{SUFFIXE}"
    try:
        ecriture(partiel)
        descripteur = os.open(partiel, os.O_RDONLY)
        try:
            os.fsync(descripteur)
        finally:
            os.close(descripteur)
        final = dossier / nommer(partiel)
        os.replace(partiel, final)
    except BaseException:
        partiel.unlink(missing_ok=True)
        raise
    _fsync_dossier(dossier)
    return final


def _fsync_dossier(dossier: Path) -> None:
    descripteur = os.open(dossier, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)
