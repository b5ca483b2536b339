"""What falls due with time: each room registers its own, `pupitre taches` goes through them.

A duty may be asked twice, or by two processes at once: it writes nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pupitre.socle import horloge

journal = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Devoir:
    """`faire` receives the day and says how much it did; `essayer`, when given, says what it would do."""

    code: str
    libelle: str
    faire: Callable[[date], int]
    essayer: Callable[[date], int] | None = None


@dataclass(frozen=True, slots=True)
class Bilan:
    code: str
    libelle: str
    fait: int
    erreur: str = ""


_DEVOIRS: dict[str, Devoir] = {}


def inscrire(devoir: Devoir) -> None:
    _DEVOIRS[devoir.code] = devoir


def passer(jour: date | None = None, *, essai: bool = False) -> list[Bilan]:
    """Every duty of that day. One that fails does not stop the others: it says why, and will be tried again."""
    jour = jour or horloge.aujourdhui()
    bilans = []
    for devoir in _DEVOIRS.values():
        geste = devoir.essayer if essai else devoir.faire
        if geste is None:
            continue
        try:
            bilans.append(Bilan(devoir.code, devoir.libelle, geste(jour)))
        except Exception as erreur:
            journal.exception("Devoir %s", devoir.code)
            bilans.append(Bilan(devoir.code, devoir.libelle, 0, f"{type(erreur).__name__}\u202f: {erreur}"))
    return bilans
