"""The national roll-up: month × nature × département over ten years, each with the same month of the year before.

Run: python -m benchmarks.pays.national --tailles 10[,1] [--sans PostgreSQL,SQLite]

Pupitre and DuckDB hand over Arrow tables; PostgreSQL and SQLite keep the result in a temporary table, which costs
them less than handing it over. All must find as many lines, the same totals and the same totals of the year before.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from benchmarks import _mesure
from benchmarks._mesure import but, duree
from benchmarks.pays import _plat
from benchmarks.pays._conseils import Commune
from benchmarks.pays._faits import PREMIER
from benchmarks.pays._magasin import FIN, entrepot, manifeste, preparer
from outils.postgres_temporaire import PostgresqlAbsent, binaires, grappe

from pupitre.moteur.consolidation import consolider

TOURS = 5
AUTRES = ("PostgreSQL", "SQLite", "DuckDB, cube")
DEBUT = date(PREMIER.year + 1, PREMIER.month, 1)
Somme = tuple[int, int, int]
Course = tuple[Callable[[], object], Callable[[object], Somme]]


def _pupitre(communes: Sequence[Commune]) -> Course:
    etats = [manifeste(c) for c in communes]

    def somme(table: pa.Table) -> Somme:
        return table.num_rows, pc.sum(table["n"]).as_py(), pc.sum(table["precedent"]).as_py()

    return lambda: consolider(entrepot(), etats, DEBUT, FIN), somme


def _duckdb(communes: Sequence[Commune]) -> Course:
    import duckdb

    con = duckdb.connect(config={"threads": 2})
    etats = [manifeste(c) for c in communes]
    chemins = ", ".join(f"'{entrepot().racine / (m.communal or m.cube).chemin}'" for m in etats)
    q = f"""
        WITH s AS MATERIALIZED (
            SELECT debut AS mois, source, unite, nature,
                   CASE WHEN commune LIKE '97%' THEN commune[:3] ELSE commune[:2] END AS d, sum(n)::BIGINT AS n
            FROM read_parquet([{chemins}])
            WHERE granularite IN ('jour', 'mois') AND debut >= DATE '{PREMIER}' AND fin <= DATE '{FIN}'
            GROUP BY ALL)
        SELECT a.*, p.n AS precedent
        FROM s a LEFT JOIN s p ON p.source = a.source AND p.unite = a.unite AND p.nature = a.nature AND p.d = a.d
            AND p.mois + INTERVAL 1 YEAR = a.mois
        WHERE a.mois >= DATE '{DEBUT}'"""

    def somme(table: pa.Table) -> Somme:
        return table.num_rows, pc.sum(table["n"]).as_py(), pc.sum(table["precedent"]).as_py()

    return lambda: con.sql(q).to_arrow_table(), somme


def _sql(mois: str, annee_avant: str, debut: str) -> str:
    return f"""
        CREATE TEMP TABLE consolide AS
        WITH s AS MATERIALIZED (
            SELECT {mois} AS mois, source, nature, departement, sum(n) AS n FROM observations GROUP BY 1, 2, 3, 4)
        SELECT a.*, p.n AS precedent
        FROM s a LEFT JOIN s p ON p.source = a.source AND p.nature = a.nature AND p.departement = a.departement
            AND p.mois = {annee_avant}
        WHERE a.mois >= {debut}"""


_TOTAL = "SELECT count(*), sum(n), sum(precedent) FROM consolide"


def _course(con, q: str) -> Course:
    def courir() -> None:
        con.execute("DROP TABLE IF EXISTS consolide")
        con.execute(q)

    def somme(_: object) -> Somme:
        lignes, n, avant = con.execute(_TOTAL).fetchone()
        return int(lignes), int(n), int(avant)

    return courir, somme


def _postgresql(communes: Sequence[Commune], pile: ExitStack) -> Course:
    url = pile.enter_context(grappe(binaires()))
    con, _ = _plat.postgresql(url, communes)
    pile.enter_context(con)
    mois = "date_trunc('month', debut)::date"
    return _course(con, _sql(mois, "(a.mois - interval '1 year')::date", f"DATE '{DEBUT}'"))


def _sqlite(communes: Sequence[Commune]) -> Course:
    con = _plat.sqlite(communes)
    con.execute("PRAGMA temp_store=MEMORY")
    avant = "(CAST(substr(a.mois, 1, 4) AS INTEGER) - 1) || substr(a.mois, 5)"
    return _course(con, _sql("substr(debut, 1, 7)", avant, f"'{DEBUT:%Y-%m}'"))


def mesurer(millions: float, noms: Sequence[str], tours: int) -> dict[str, float]:
    communes = preparer(millions)
    with ExitStack() as pile:
        courses: dict[str, Course] = {"Pupitre": _pupitre(communes)}
        for nom in noms:
            try:
                if nom == "PostgreSQL":
                    courses[nom] = _postgresql(communes, pile)
                else:
                    courses[nom] = (_sqlite if nom == "SQLite" else _duckdb)(communes)
            except PostgresqlAbsent as erreur:
                print(f"{nom} n’est pas mesuré : {erreur}", file=sys.stderr)
        sommes = {nom: somme(courir()) for nom, (courir, somme) in courses.items()}
        if len(set(sommes.values())) > 1:
            raise SystemExit(f"les totaux diffèrent : {sommes}")
        # The slow ones are run once more, the others in turn: a median of SQLite alone would take minutes.
        lents = [n for n in ("SQLite",) if n in courses]
        medianes = _mesure.alterner({n: c for n, (c, _) in courses.items() if n not in lents}, tours)
        return medianes | _mesure.alterner({n: courses[n][0] for n in lents}, 1)


def main() -> None:
    analyse = argparse.ArgumentParser(description=__doc__)
    analyse.add_argument("--tailles", default="10", help="millions d’observations")
    analyse.add_argument("--sans", default="", help="moteurs à ne pas mesurer")
    analyse.add_argument("--tours", type=int, default=TOURS)
    options = analyse.parse_args()
    sans = {n.strip().lower() for n in options.sans.split(",")}
    noms = [n for n in AUTRES if n.lower() not in sans]
    mesures = {float(t): mesurer(float(t), noms, options.tours) for t in options.tailles.split(",")}
    print(
        "Consolidation nationale, mois × nature × département sur dix ans, avec le même mois de l’année d’avant :\n"
    )
    _mesure.tableau(
        ("Observations", "Pupitre", *noms),
        ((f"{t:g} M", *(duree(m.get(n)) for n in ("Pupitre", *noms))) for t, m in mesures.items()),
    )
    for t, m in mesures.items():
        for nom, au_moins in (("PostgreSQL", 10), ("SQLite", 40)):
            if nom in m:
                but(f"à {t:g} M, {nom} sur Pupitre", m[nom] / m["Pupitre"], au_moins=au_moins)
        if "DuckDB, cube" in m:
            but(
                f"à {t:g} M, Pupitre sur DuckDB écrit à la main",
                m["Pupitre"] / m["DuckDB, cube"],
                au_plus=1.2,
            )


if __name__ == "__main__":
    main()
