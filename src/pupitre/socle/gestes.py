"""What asks for a gesture of a person today: each application says its own in `attentes.gestes`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from pupitre.socle.texte import en_lettres


@dataclass(frozen=True, slots=True)
class Geste:
    """One line of « Ma semaine ».

    Attributes:
        quand, ton: a few words beside the title, and the colour of their meaning.
        adresse_nom, arguments, question: the page that settles it.
        pour: the day before which; None: whenever one can, this week.
    """

    picto: str
    titre: str
    pourquoi: str
    quand: str
    ton: str
    bouton: str
    adresse_nom: str
    arguments: dict[str, str]
    en_retard: bool = False
    pour: date | None = None
    question: str = ""


@dataclass(frozen=True, slots=True)
class Temps:
    """The gestures of one moment: late, this week, later."""

    code: str
    titre: str
    gestes: tuple[Geste, ...]


@cache
def _sources() -> tuple[Any, ...]:
    return tuple(
        import_module(f"{application.name}.attentes").gestes
        for application in apps.get_app_configs()
        if module_has_submodule(application.module, "attentes")
    )


def attendus(utilisateur, conseil) -> list[Geste]:
    """All that waits for that person in that council, in no order."""
    return [geste for source in _sources() for geste in source(utilisateur, conseil)]


def classer(gestes: Iterable[Geste], jour: date) -> tuple[Temps, ...]:
    """Late, this week, later: each in the order of their days, those without a day after the others."""
    dimanche = jour + timedelta(days=6 - jour.weekday())
    rangs: dict[str, list[Geste]] = {"retard": [], "semaine": [], "ensuite": []}
    for geste in gestes:
        if geste.en_retard:
            rangs["retard"].append(geste)
        else:
            rangs["semaine" if geste.pour is None or geste.pour <= dimanche else "ensuite"].append(geste)
    titres = {"retard": "En retard", "semaine": "Cette semaine", "ensuite": "Ensuite"}
    return tuple(
        Temps(code, titres[code], tuple(sorted(siens, key=lambda g: g.pour or date.max)))
        for code, siens in rangs.items()
        if siens
    )


def resume(temps: Iterable[Temps]) -> str:
    """ "Sept gestes attendent, deux sont en retard. Rien d’autre ne presse." """
    nombres = {t.code: len(t.gestes) for t in temps}
    presses = nombres.get("retard", 0) + nombres.get("semaine", 0)
    retards = nombres.get("retard", 0)
    if not presses:
        return "Rien ne presse cette semaine."
    debut = f"{en_lettres(presses).capitalize()} {'gestes attendent' if presses > 1 else 'geste attend'}"
    suite = f", {en_lettres(retards)} {'sont' if retards > 1 else 'est'} en retard" if retards else ""
    return f"{debut}{suite}. Rien d’autre ne presse."
