"""The PDF of a bulletin."""

from __future__ import annotations

from pupitre.documents.bulletin.composition import composer
from pupitre.documents.bulletin.faits import FaitsBulletin
from pupitre.documents.compilation import RACINE, en_pdf

GABARIT = RACINE / "bulletin" / "modele" / "bulletin.typ"


def rendre_bulletin(faits: FaitsBulletin) -> bytes:
    """The PDF/UA-1 of a bulletin: the same facts give the same bytes."""
    return en_pdf(GABARIT, composer(faits), faits.emis_le)
