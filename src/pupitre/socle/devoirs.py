"""What falls due with time: each application lists its own in `devoirs.DEVOIRS`, `pupitre taches` runs them.

They are read on first use: what a duty needs is not imported by a page. A duty may be asked twice, or killed
half-way: it writes nothing twice. Two processes do not go through them at once.
"""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import module_has_submodule

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge, reprises

journal = logging.getLogger(__name__)


class DejaEnCours(ErreurPupitre):
    """Another process is at it."""


@dataclass(frozen=True, slots=True)
class Devoir:
    """`faire` receives the day and says how much it did.

    Attributes:
        essayer: says what it would do; needed by a duty that does more than write in the database.
        en_dernier: after all the others, whose letters it sends.
    """

    code: str
    libelle: str
    faire: Callable[[date], int]
    essayer: Callable[[date], int] | None = None
    en_dernier: bool = False


@dataclass(frozen=True, slots=True)
class Bilan:
    code: str
    libelle: str
    fait: int
    erreur: str = ""


def _relever(jour: date) -> int:
    from pupitre.socle.courriel.envoi import relever

    return relever()["traites"]


def _a_envoyer(jour: date) -> int:
    from pupitre.socle.courriel.envoi import a_envoyer

    return a_envoyer()


DEVOIRS = (
    Devoir("menage", "Traces de travaux finis, effacées", reprises.oublier),
    Devoir("reprises", "Travaux interrompus, remis en file", reprises.reprendre_les_abandonnees),
    Devoir("courriels", "Courriels envoyés", _relever, _a_envoyer, en_dernier=True),
)


@cache
def tous() -> tuple[Devoir, ...]:
    """Of every installed application, those that come last at the end."""
    trouves = [
        devoir
        for application in apps.get_app_configs()
        if module_has_submodule(application.module, "devoirs")
        for devoir in getattr(import_module(f"{application.name}.devoirs"), "DEVOIRS", ())
    ]
    return tuple(sorted(trouves, key=lambda d: d.en_dernier))


def passer(jour: date | None = None, *, essai: bool = False) -> list[Bilan]:
    """Every duty of that day. One that fails does not stop the others: it says why, and will be tried again.

    Args:
        essai: say what would be done, and leave no trace.

    Raises:
        DejaEnCours: another process is going through them.
    """
    jour = jour or horloge.aujourdhui()
    with _seul():
        return [_passer(devoir, jour, essai) for devoir in tous()]


def _passer(devoir: Devoir, jour: date, essai: bool) -> Bilan:
    try:
        return Bilan(devoir.code, devoir.libelle, _essayer(devoir, jour) if essai else devoir.faire(jour))
    except Exception as erreur:
        journal.exception("Devoir %s", devoir.code)
        return Bilan(devoir.code, devoir.libelle, 0, f"{type(erreur).__name__}\u202f: {erreur}")


def _essayer(devoir: Devoir, jour: date) -> int:
    if devoir.essayer is not None:
        return devoir.essayer(jour)
    with transaction.atomic():
        n = devoir.faire(jour)
        transaction.set_rollback(True)
    return n


@contextmanager
def _seul() -> Iterator[None]:
    """The lock falls with the process that holds it, however it ends."""
    dossier = Path(settings.CONFIGURATION.donnees)
    dossier.mkdir(parents=True, exist_ok=True, mode=0o750)
    with (dossier / ".echeances.verrou").open("a") as verrou:
        try:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DejaEnCours(
                "Rien n’a été fait.",
                "Un autre processus passe déjà en revue ce qui est dû.",
                "Attendez qu’il ait fini\u202f: «\u202fpupitre servir\u202f» le fait aussi, toutes les heures.",
            ) from None
        yield
