"""The same observations out of the store, as someone without Pupitre would keep them."""

from __future__ import annotations

import io
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from benchmarks.pays._conseils import Commune
from benchmarks.pays._magasin import dossier, entrepot, manifeste

COLONNES = ("conseil", "source", "nature", "debut", "departement", "secteur", "n")
LOT = 500_000
_DEPARTEMENT = "CASE WHEN starts_with(commune, '97') THEN commune[:3] ELSE commune[:2] END"


def fichier(communes: Sequence[Commune]) -> Path:
    """One Parquet file of them all, council after council; made once."""
    cible = dossier() / "plat" / f"{len(communes)}.parquet"
    if cible.is_file():
        return cible
    cible.parent.mkdir(parents=True, exist_ok=True)
    partiel = cible.with_suffix(".partiel")
    con = entrepot().connexion
    ecrivain = None
    try:
        for commune in communes:
            chemins = ", ".join(f"'{entrepot().racine / c}'" for c in manifeste(commune).fichiers())
            lus = con.executer(
                f"SELECT conseil, source, nature, debut, {_DEPARTEMENT} AS departement, secteur, n::INTEGER AS n "
                f"FROM read_parquet([{chemins}])"
            )
            ecrivain = ecrivain or pq.ParquetWriter(partiel, lus.schema, compression="zstd")
            ecrivain.write_table(lus)
    finally:
        if ecrivain is not None:
            ecrivain.close()
    partiel.rename(cible)
    return cible


def lots(communes: Sequence[Commune]) -> Iterator[pa.RecordBatch]:
    yield from pq.ParquetFile(fichier(communes)).iter_batches(LOT, columns=list(COLONNES))


def sqlite(communes: Sequence[Commune]) -> sqlite3.Connection:
    """A table and its covering index, on disk; made once."""
    cible = dossier() / "plat" / f"{len(communes)}.sqlite3"
    if not cible.is_file():
        partiel = cible.with_suffix(".partiel-sqlite3")
        partiel.unlink(missing_ok=True)
        con = sqlite3.connect(partiel)
        con.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE; PRAGMA cache_size=-1000000;"
            "CREATE TABLE observations (conseil TEXT, source TEXT, nature TEXT, debut TEXT, departement TEXT,"
            " secteur TEXT, n INTEGER)"
        )
        with con:
            for lot in lots(communes):
                colonnes = [
                    (pc.cast(c, pa.string()) if pa.types.is_date(c.type) else c).to_pylist()
                    for c in lot.columns
                ]
                con.executemany(
                    "INSERT INTO observations VALUES (?,?,?,?,?,?,?)", zip(*colonnes, strict=True)
                )
        con.execute("CREATE INDEX couvrant ON observations (conseil, source, debut, nature, secteur, n)")
        con.execute("ANALYZE")
        con.commit()
        con.close()
        partiel.rename(cible)
    con = sqlite3.connect(f"file:{cible}?mode=ro", uri=True)
    con.execute("PRAGMA mmap_size=30000000000")
    con.execute("PRAGMA cache_size=-1000000")
    return con


def postgresql(url: str, communes: Sequence[Commune]):
    """A table and its covering index in a temporary cluster, vacuumed and analysed."""
    import psycopg

    con = psycopg.connect(url, autocommit=True)
    con.execute(
        "CREATE TABLE observations (conseil text, source text, nature text, debut date, departement text,"
        " secteur text, n integer)"
    )
    debut = time.perf_counter()
    sans_titres = pyarrow.csv.WriteOptions(include_header=False)
    with con.cursor() as curseur, curseur.copy("COPY observations FROM STDIN (FORMAT csv)") as copie:
        for lot in lots(communes):
            texte = io.BytesIO()
            pyarrow.csv.write_csv(lot, texte, sans_titres)
            copie.write(texte.getvalue())
    for reglage in ("work_mem = '256MB'", "maintenance_work_mem = '2GB'", "jit = off"):
        con.execute(f"SET {reglage}")
    con.execute("CREATE INDEX ON observations (conseil, source, debut) INCLUDE (nature, secteur, n)")
    con.execute("VACUUM ANALYZE observations")
    return con, time.perf_counter() - debut
