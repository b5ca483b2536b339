"""The dashboard of one council written by hand for what people would use instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from benchmarks.pays._conseils import Commune
from benchmarks.pays._magasin import entrepot, manifeste
from benchmarks.pays._plat import fichier
from benchmarks.pays._questions import (
    AN,
    AVANT,
    CHIFFRES,
    CHOISI,
    DEPUIS,
    FIN,
    Reponse,
    conclure,
    en_serie,
)

Lire = Callable[[str, Sequence[Any]], list[tuple]]


class Sql:
    """Six series and a ranking, in seven queries with parameters."""

    def __init__(self, nom: str, lire: Lire, mois: str, marque: str = "?", texte: bool = False) -> None:
        self.nom, self._lire, self._mois, self._marque, self._texte = nom, lire, mois, marque, texte

    def tableau(self, commune: Commune) -> Reponse:
        series = []
        for source, nature in CHIFFRES:
            sql = (
                f"SELECT {self._mois}, sum(n) FROM observations WHERE conseil = ? AND source = ? AND debut >= ?"
                f" AND debut <= ?{' AND nature = ?' if nature else ''} GROUP BY 1"
            )
            bornes = (commune.conseil, source, DEPUIS, FIN, *((nature,) if nature else ()))
            series.append(en_serie({self._jour(m): int(n) for m, n in self._executer(sql, bornes)}))
        sql = (
            "SELECT secteur, coalesce(sum(n) FILTER (WHERE debut BETWEEN ? AND ?), 0),"
            " coalesce(sum(n) FILTER (WHERE debut BETWEEN ? AND ?), 0), sum(n)"
            " FROM observations WHERE conseil = ? AND source = ? GROUP BY 1"
        )
        lignes = self._executer(sql, (*AN, *AVANT, commune.conseil, CHOISI))
        return conclure(series, {s: (int(a), int(b), int(c)) for s, a, b, c in lignes})

    def _executer(self, sql: str, valeurs: Sequence[Any]) -> list[tuple]:
        if self._texte:
            valeurs = [v.isoformat() if isinstance(v, date) else v for v in valeurs]
        return self._lire(sql.replace("?", self._marque), valeurs)

    @staticmethod
    def _jour(mois: Any) -> date:
        return date.fromisoformat(f"{mois}-01") if isinstance(mois, str) else date(mois.year, mois.month, 1)


def de_sqlite(con) -> Sql:
    return Sql("SQLite", lambda q, v: con.execute(q, v).fetchall(), "substr(debut, 1, 7)", texte=True)


def de_postgresql(con) -> Sql:
    def lire(sql: str, valeurs: Sequence[Any]) -> list[tuple]:
        return con.execute(sql, valeurs).fetchall()

    return Sql("PostgreSQL", lire, "date_trunc('month', debut)::date", "%s")


class DuckDB:
    """The same queries over the files of Pupitre: its cubes (by commune where it is enough), or the observations."""

    def __init__(self, cube: bool) -> None:
        import duckdb

        self.cube = cube
        self.nom = "DuckDB, cube" if cube else "DuckDB, observations"
        self._con = duckdb.connect(config={"threads": 2})

    def tableau(self, commune: Commune) -> Reponse:
        m = manifeste_lu(commune)
        communal = _lecture([(m.communal or m.cube).chemin] if self.cube else m.fichiers())
        source_ = _lecture([m.cube.chemin]) if self.cube else communal
        mois = "debut" if self.cube else "date_trunc('month', debut)"
        series = []
        for source, nature in CHIFFRES:
            dont = f" AND nature = '{nature}'" if nature else ""
            q = (
                f"SELECT {mois}, sum(n) FROM {communal} WHERE source = '{source}' AND debut >= DATE '{DEPUIS}'"
                f" AND fin <= DATE '{FIN}'{dont} GROUP BY 1"
            )
            series.append(en_serie({_jour(m): int(n) for m, n in self._con.execute(q).fetchall()}))
        dans = ", ".join(
            f"coalesce(sum(n) FILTER (debut >= DATE '{d}' AND fin <= DATE '{f}'), 0)" for d, f in (AN, AVANT)
        )
        q = f"SELECT secteur, {dans}, sum(n) FROM {source_} WHERE source = '{CHOISI}' GROUP BY 1"
        lignes = self._con.execute(q).fetchall()
        return conclure(series, {s: (int(a), int(b), int(c)) for s, a, b, c in lignes})


def _lecture(chemins: Sequence[str]) -> str:
    return f"read_parquet([{', '.join(repr(str(entrepot().racine / c)) for c in chemins)}])"


_LUS: dict[str, Any] = {}


def manifeste_lu(commune: Commune):
    if commune.conseil not in _LUS:
        _LUS[commune.conseil] = manifeste(commune)
    return _LUS[commune.conseil]


def _jour(mois: Any) -> date:
    return date(mois.year, mois.month, 1)


class Pandas:
    """All observations in memory, labels as categories, months already truncated: its best case."""

    nom = "pandas"

    def __init__(self, communes: Sequence[Commune]) -> None:
        import pandas as pd
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        colonnes = ["conseil", "source", "nature", "secteur", "debut", "n"]
        lu = pq.read_table(fichier(communes), columns=colonnes, read_dictionary=colonnes[:4])
        mois = pc.floor_temporal(lu["debut"], unit="month").cast("timestamp[s]")
        lu = lu.set_column(4, "debut", mois).unify_dictionaries()
        self.cadre = lu.to_pandas(self_destruct=True, split_blocks=True)
        self._pd = pd

    def tableau(self, commune: Commune) -> Reponse:
        jour = self._pd.Timestamp
        d = self.cadre[self.cadre["conseil"] == commune.conseil]
        series = []
        for source, nature in CHIFFRES:
            choix = (d["source"] == source) & (d["debut"] >= jour(DEPUIS)) & (d["debut"] <= jour(FIN))
            if nature:
                choix &= d["nature"] == nature
            sommes = d[choix].groupby("debut")["n"].sum()
            series.append(en_serie({m.date(): int(n) for m, n in sommes.items()}))
        d = d[d["source"] == CHOISI]
        tout = d.groupby("secteur", observed=True)["n"].sum()
        periodes = [
            d[(d["debut"] >= jour(a)) & (d["debut"] <= jour(b))].groupby("secteur", observed=True)["n"].sum()
            for a, b in (AN, AVANT)
        ]
        return conclure(series, {s: (*(int(p.get(s, 0)) for p in periodes), int(n)) for s, n in tout.items()})


class Polars:
    """One Parquet file in the order of the councils, read lazily, as its documentation advises."""

    nom = "polars"

    def __init__(self, communes: Sequence[Commune]) -> None:
        import polars as pl

        self._pl = pl
        self._cadre = pl.scan_parquet(fichier(communes))

    def tableau(self, commune: Commune) -> Reponse:
        pl = self._pl
        sources = list({s for s, _ in CHIFFRES})
        d = self._cadre.filter(
            pl.col("conseil") == commune.conseil, pl.col("source").is_in(sources)
        ).collect()
        d = d.with_columns(mois=pl.col("debut").dt.truncate("1mo"))
        series = []
        for source, nature in CHIFFRES:
            choix = [pl.col("source") == source, pl.col("debut").is_between(DEPUIS, FIN)]
            if nature:
                choix.append(pl.col("nature") == nature)
            series.append(
                en_serie(dict(d.filter(*choix).group_by("mois").agg(pl.col("n").sum()).iter_rows()))
            )
        dans = [
            pl.col("n").filter(pl.col("debut").is_between(*p)).sum().alias(str(i))
            for i, p in enumerate((AN, AVANT))
        ]
        rangs = d.filter(pl.col("source") == CHOISI).group_by("secteur").agg(*dans, pl.col("n").sum())
        return conclure(series, {s: (int(a), int(b), int(c)) for s, a, b, c in rangs.iter_rows()})
