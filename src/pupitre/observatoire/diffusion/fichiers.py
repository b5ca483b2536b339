"""The files of an edition: rendered from its frozen facts until it leaves, kept as they left after."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from pupitre.documents.bulletin import FaitsBulletin
from pupitre.documents.ecrits import Ecrit
from pupitre.observatoire.diffusion import communes, textes
from pupitre.observatoire.diffusion.genres import GENRES, rendre
from pupitre.observatoire.models import Bulletin

Fichiers = Mapping[tuple[str, str], bytes]


def faits_bruts(bulletin: Bulletin) -> FaitsBulletin | Ecrit:
    """The facts as frozen, with the proposed comments."""
    return GENRES[bulletin.periodicite].lire(bulletin.faits)


def faits_de(bulletin: Bulletin) -> FaitsBulletin | Ecrit:
    """The facts with what people wrote over the proposed comments."""
    definitif = bulletin.publie_le is not None
    return textes.appliquer(faits_bruts(bulletin), bulletin.textes, definitif=definitif)


def formats(bulletin: Bulletin) -> tuple[str, ...]:
    """What it gives: a document finished in a word processor leaves in its finished form only."""
    tous = GENRES[bulletin.periodicite].formats
    return tous[:1] if bulletin.fichier_termine and bulletin.publie_le is not None else tous


def document(bulletin: Bulletin, format: str = "pdf", commune: str = "") -> bytes:
    """The file of an edition: as kept when it left, else rendered from the frozen facts.

    Args:
        commune: INSEE code of the reader's: the whole, and the page of that commune.
    Raises:
        KeyError: it has no such format.
    """
    if format not in formats(bulletin):
        raise KeyError(format)
    for code in (commune, "") if format == "pdf" else ("",):
        garde = chemin(bulletin, format, code)
        if bulletin.publie_le is not None and garde.is_file():
            return garde.read_bytes()
    if format == "pdf" and bulletin.fichier_termine:
        return termine(bulletin)
    return rendre(communes.pour(faits_de(bulletin), commune), format)


def termine(bulletin: Bulletin) -> bytes:
    """The PDF that the coordinator finished."""
    return (Path(settings.CONFIGURATION.donnees) / bulletin.fichier_termine).read_bytes()


def chemin(bulletin: Bulletin, format: str = "pdf", commune: str = "") -> Path:
    suffixe = f"-{commune}" if commune else ""
    return (
        Path(settings.CONFIGURATION.donnees)
        / "bulletins"
        / bulletin.conseil.slug
        / f"{bulletin.pk}{suffixe}.{format}"
    )


def rendus(bulletin: Bulletin, codes: tuple[str, ...] = ()) -> Fichiers:
    """Every file as it is about to leave, by format and commune. Slow: call it outside any transaction.

    Args:
        codes: communes that have a document of their own.
    """
    if bulletin.fichier_termine:
        return {("pdf", ""): termine(bulletin)}
    faits = textes.appliquer(faits_bruts(bulletin), bulletin.textes, definitif=True)
    tous = {(f, ""): rendre(faits, f) for f in GENRES[bulletin.periodicite].formats}
    siennes = communes.concernees(faits)
    return tous | {("pdf", c): rendre(communes.pour(faits, c), "pdf") for c in codes if c in siennes}


def garder(bulletin: Bulletin, fichiers: Fichiers) -> None:
    for (format, commune), contenu in fichiers.items():
        ecrire(chemin(bulletin, format, commune), contenu)


def ecrire(destination: Path, contenu: bytes) -> None:
    """Whole, or not at all."""
    destination.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    partiel = destination.with_suffix(destination.suffix + ".partiel")
    with partiel.open("wb") as sortie:
        sortie.write(contenu)
        sortie.flush()
        os.fsync(sortie.fileno())
    os.replace(partiel, destination)
