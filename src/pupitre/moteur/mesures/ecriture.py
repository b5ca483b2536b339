"""SQL of measures. Ibis takes longer to write a query than DuckDB to run it: the most asked are written once."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from dataclasses import fields, replace
from datetime import date
from functools import lru_cache
from typing import Any

import pyarrow as pa

from pupitre.moteur.mesures import expressions
from pupitre.moteur.mesures.calendrier import Case
from pupitre.moteur.mesures.schema import sql, table_cube
from pupitre.moteur.moteurs.duckdb import texte
from pupitre.moteur.selection import Selection

Arguments = tuple[Hashable, ...]
MARQUE = '"__vue__"'
# They compare texts and days with columns, and do nothing else with them.
_PAR_FORME = frozenset({"sommes", "sommes_masquees", "sommes_ensemble"})
# What stands for the n-th text and for the n-th day of a question; no council lives in the year 9000.
_PLACE = re.compile(r"'⟦(\d{4})⟧'|MAKE_DATE\(9(\d{3}), 1, 1\)")
_TEXTES_MAX, _JOURS_MAX = 10_000, 1000


@lru_cache(maxsize=1024)
def ecrire(mesure: str, arguments: Arguments, dialecte: str) -> tuple[str, pa.Schema]:
    """SQL of a measure, which reads from MARQUE, and schema of its rows."""
    if dialecte != "duckdb" or mesure not in _PAR_FORME:
        return _ecrire(mesure, arguments, dialecte)
    lues = sorted(set(_textes(arguments)))
    textes = list(dict.fromkeys(valeur for _, valeur in lues))
    jours = sorted(set(_jours(arguments)))
    if len(textes) > _TEXTES_MAX or len(jours) > _JOURS_MAX:
        return _ecrire(mesure, arguments, dialecte)
    # Days keep their order, which bounds what is read; texts, that of their field, so that questions about other
    # sources and other natures have the same shape.
    places: dict[str | date, Any] = {v: f"⟦{i:04d}⟧" for i, v in enumerate(textes)}
    places |= {v: date(9000 + i, 1, 1) for i, v in enumerate(jours)}
    modele, schema = _ecrire(mesure, _remplacer(arguments, places), dialecte)

    def valeur(trouvee: re.Match[str]) -> str:
        if trouvee[1] is not None:
            return texte(textes[int(trouvee[1])])
        return f"DATE '{jours[int(trouvee[2])].isoformat()}'"

    return _PLACE.sub(valeur, modele), schema


@lru_cache(maxsize=1024)
def _ecrire(mesure: str, arguments: Arguments, dialecte: str) -> tuple[str, pa.Schema]:
    fonction: Callable[..., Any] = getattr(expressions, mesure)
    expression = fonction(table_cube(), *arguments)
    return sql(expression, MARQUE, dialecte), expression.schema().to_pyarrow()


def _textes(arguments: object) -> Iterator[tuple[int, str]]:
    """Texts of selections, each with the rank of its field; not the names of columns."""
    if isinstance(arguments, Selection):
        for rang, champ in enumerate(fields(arguments)):
            valeur = getattr(arguments, champ.name)
            yield from (
                (rang, v) for v in (valeur if isinstance(valeur, tuple) else (valeur,)) if type(v) is str
            )
    elif isinstance(arguments, tuple):
        for argument in arguments:
            yield from _textes(argument)


def _jours(arguments: object) -> Iterator[date]:
    """First and last days of selections and periods."""
    if isinstance(arguments, (Selection, Case)):
        yield from (j for j in (arguments.debut, arguments.fin) if j is not None)
    elif isinstance(arguments, tuple):
        for argument in arguments:
            yield from _jours(argument)


def _remplacable(valeur: object) -> bool:
    """A member of an enumeration is a text, and is not one of those."""
    return type(valeur) in (str, date)


def _remplacer(arguments: Any, places: dict[str | date, Any]) -> Any:
    if isinstance(arguments, Case):
        # Whether a period is complete is nothing to the engine.
        return Case(places[arguments.debut], places[arguments.fin])
    if isinstance(arguments, tuple):
        return tuple(_remplacer(a, places) for a in arguments)
    if not isinstance(arguments, Selection):
        return arguments
    mises: dict[str, Any] = {}
    for champ in fields(arguments):
        valeur = getattr(arguments, champ.name)
        if isinstance(valeur, tuple):
            mises[champ.name] = tuple(places[v] for v in valeur)
        elif _remplacable(valeur):
            mises[champ.name] = places[valeur]
    return replace(arguments, **mises)
