"""What is written for one commune: its mayor reads the whole, and the page of the commune."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from pupitre.documents.bulletin import FaitsBulletin
from pupitre.documents.ecrits import Ecrit

F = TypeVar("F", FaitsBulletin, Ecrit)
PREFIXE = "commune-"


def personnalise(faits: FaitsBulletin | Ecrit) -> bool:
    """Does it hold pages that are one commune's?"""
    if isinstance(faits, Ecrit):
        return False
    return any(t.cle.startswith(PREFIXE) for t in faits.themes)


def pour(faits: F, commune: str) -> F:
    """The same without the pages of the other communes; the whole document when `commune` is empty."""
    if not commune or not personnalise(faits):
        return faits
    garde = tuple(t for t in faits.themes if not t.cle.startswith(PREFIXE) or t.cle == PREFIXE + commune)
    return replace(faits, themes=garde)


__all__ = ["PREFIXE", "personnalise", "pour"]
