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
_TEXTE_OU_MARQUE = re.compile(rf"'(?:[^']|'')*'|{MARQUE}")
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


def poser(requete: str, source: str) -> str:
    """The query on what it reads (`Entrepot.source_cube`, a view): wherever MARQUE is one, and not said by a text."""
    if "'" not in source:
        return requete.replace(MARQUE, source)
    return _TEXTE_OU_MARQUE.sub(lambda m: source if m[0] == MARQUE else m[0], requete)


@lru_cache(maxsize=1024)
def _ecrire(mesure: str, arguments: Arguments, dialecte: str) -> tuple[str, pa.Schema]:
    fonction: Callable[..., Any] = getattr(expressions, mesure)
    expression = fonction(table_cube(), *arguments)
    texte_lu = sql(expression, MARQUE, dialecte)
    if dialecte == "duckdb" and mesure in _PAR_FORME:
        texte_lu = _aplatir(texte_lu)
    return texte_lu, expression.schema().to_pyarrow()


def _aplatir(requete: str) -> str:
    """The same query without the `SELECT *` that Ibis writes around a filter, which takes time to plan."""
    import sqlglot
    from sqlglot import exp

    arbre = sqlglot.parse_one(requete, read="duckdb")
    dehors: Any = arbre.find(exp.From)
    dedans = dehors.this
    if not isinstance(dedans, exp.Subquery):
        return requete
    choix, ou = dedans.this, dedans.this.args.get("where")
    table = choix.find(exp.From).this
    autres = [c for c, v in choix.args.items() if v and not c.startswith(("expressions", "from", "where"))]
    if (
        ou is None
        or autres
        or not choix.is_star
        or not isinstance(table, exp.Table)
        or arbre.args.get("where")
    ):
        return requete
    for colonne in ou.find_all(exp.Column):
        colonne.set("table", exp.to_identifier(dedans.alias, quoted=True))
    table.set("alias", dedans.args["alias"])
    dehors.set("this", table)
    arbre.set("where", ou)
    return arbre.sql("duckdb")


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
