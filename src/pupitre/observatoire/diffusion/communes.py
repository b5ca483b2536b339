"""What is written for one commune: its mayor reads the whole, and the page of the commune."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from pupitre.documents.bulletin import FaitsBulletin
from pupitre.documents.ecrits import Bloc, Ecrit, Titre

F = TypeVar("F", FaitsBulletin, Ecrit)
PREFIXE = "commune-"


def personnalise(faits: FaitsBulletin | Ecrit) -> bool:
    """Does it hold parts that are one commune's?"""
    if isinstance(faits, Ecrit):
        return any(isinstance(b, Titre) and b.ancre.startswith(PREFIXE) for b in faits.blocs)
    return any(t.cle.startswith(PREFIXE) for t in faits.themes)


def concernees(faits: FaitsBulletin | Ecrit) -> frozenset[str]:
    """INSEE codes of the communes that have a part of their own."""
    if isinstance(faits, Ecrit):
        cles = [b.ancre for b in faits.blocs if isinstance(b, Titre)]
    else:
        cles = [t.cle for t in faits.themes]
    return frozenset(c.removeprefix(PREFIXE) for c in cles if c.startswith(PREFIXE))


def pour(faits: F, commune: str) -> F:
    """A bulletin without the pages of the other communes; a weekly page that begins with that commune.

    The whole document, as it is, when `commune` is empty.
    """
    if not commune or not personnalise(faits):
        return faits
    if isinstance(faits, Ecrit):
        connue = commune in concernees(faits)
        return replace(faits, blocs=_en_tete(faits.blocs, PREFIXE + commune)) if connue else faits
    garde = tuple(t for t in faits.themes if not t.cle.startswith(PREFIXE) or t.cle == PREFIXE + commune)
    return replace(faits, themes=garde)


def _en_tete(blocs: tuple[Bloc, ...], ancre: str) -> tuple[Bloc, ...]:
    """The part under `ancre` before the other communes' parts."""
    debut = next(i for i, b in enumerate(blocs) if isinstance(b, Titre) and b.ancre.startswith(PREFIXE))
    ici = next(i for i, b in enumerate(blocs) if isinstance(b, Titre) and b.ancre == ancre)
    fin = next((i for i in range(ici + 1, len(blocs)) if isinstance(blocs[i], Titre)), len(blocs))
    return (*blocs[:debut], *blocs[ici:fin], *blocs[debut:ici], *blocs[fin:])


__all__ = ["PREFIXE", "concernees", "personnalise", "pour"]
