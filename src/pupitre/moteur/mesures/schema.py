"""Columns of the two tables that measures read, and the passage from the first to the second."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pupitre.moteur.observations import SCHEMA_OBSERVATION

if TYPE_CHECKING:
    import ibis

BASE = "__base__"
_IBIS = {
    "string": "string",
    "date32[day]": "date",
    "double": "float64",
    "int8": "int8",
    "int16": "int16",
    "int64": "int64",
}

COLONNES_OBSERVATION: tuple[tuple[str, str], ...] = tuple(
    (c.name, _IBIS[str(c.type)]) for c in SCHEMA_OBSERVATION
)

# One row per key and period. Daily rows are counted by calendar month and keep `granularite` = "jour", so that
# events and monthly counts of the same facts are never added. `n` is the sum of what is published,
# `n_null` the number of rows that the producer withholds, `n_lignes` the number of rows.
CLES_CUBE = ("conseil", "source", "unite", "granularite", "nature", "territoire", "commune", "secteur")
COLONNES_CUBE: tuple[tuple[str, str], ...] = (
    *((c, "string") for c in CLES_CUBE),
    ("debut", "date"),
    ("fin", "date"),
    ("n", "int64"),
    ("n_lignes", "int64"),
    ("n_null", "int64"),
    ("population", "float64"),
    ("logements", "float64"),
)


@cache
def table_observations() -> ibis.Table:
    """Unbound table of observations, for expressions compiled before any file is known."""
    import ibis

    return ibis.table(dict(COLONNES_OBSERVATION), name=BASE)


@cache
def table_cube() -> ibis.Table:
    """Unbound monthly cube."""
    import ibis

    return ibis.table(dict(COLONNES_CUBE), name=BASE)


def agreger(observations: ibis.Table) -> ibis.Table:
    """Observations → monthly cube (COLONNES_CUBE)."""
    import ibis

    o = observations
    jour = o.granularite == "jour"
    premier = o.debut.truncate("M").cast("date")
    dernier = (premier + ibis.interval(months=1) - ibis.interval(days=1)).cast("date")
    periode = o.mutate(debut=jour.ifelse(premier, o.debut), fin=jour.ifelse(dernier, o.fin))
    return periode.group_by(*CLES_CUBE, "debut", "fin").aggregate(
        n=ibis.coalesce(periode.n.sum(), 0).cast("int64"),
        n_lignes=periode.count(),
        n_null=periode.n.isnull().sum(),
        population=periode.population.max(),
        logements=periode.logements.max(),
    )


def par_commune(cube: ibis.Table) -> ibis.Table:
    """Monthly cube → the same summed by commune: no secteur, no territoire, and no exposure, which does not add up.

    What `n` of whole communes needs, in twenty times fewer rows for a large city.
    """
    import ibis

    cles = tuple(c for c in CLES_CUBE if c not in ("territoire", "secteur"))
    sommes = cube.group_by(*cles, "debut", "fin").aggregate(
        n=cube.n.sum().cast("int64"),
        n_lignes=cube.n_lignes.sum().cast("int64"),
        n_null=cube.n_null.sum().cast("int64"),
    )
    nuls = {c: ibis.null(t) for c, t in COLONNES_CUBE if c not in sommes.columns}
    return sommes.mutate(**nuls).select(*(c for c, _ in COLONNES_CUBE))


def sql(expression: ibis.Table, base: str, dialecte: str = "duckdb") -> str:
    """SQL of an expression built on an unbound table, reading from `base` (a quoted view, a read_parquet call)."""
    import ibis

    if dialecte == "pyspark":
        _declarer_spark()
    ouvre = "`" if dialecte in ("pyspark", "databricks") else '"'
    texte: Any = ibis.to_sql(expression, dialect=dialecte)
    return str(texte).replace(f"{ouvre}{BASE}{ouvre}", base)


def _declarer_spark() -> None:
    """Ibis's compiler reads an option that only its Spark backend declares, and that backend imports pandas."""
    import ibis
    from ibis.config import Config

    class Spark(Config):  # type: ignore[misc]
        treat_nan_as_null: bool = False

    if ibis.options.pyspark is None:
        ibis.options.pyspark = Spark()
