"""When to leave one machine: the national roll-up on DuckDB and on Spark over the same files.

Month × nature × département with N-1, at several sizes. Spark is this machine's (`local[*]`), or the master of
`PUPITRE_BANC_MAITRE`. Run: make spark, then python -m benchmarks.moteur.spark [millions of rows…]
"""

from __future__ import annotations

import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pupitre.moteur.mesures import ecriture
from pupitre.moteur.mesures.schema import COLONNES_CUBE
from pupitre.moteur.moteurs.duckdb import partagee
from pupitre.moteur.moteurs.protocole import Moteur

MILLIONS = (1, 4, 16)
PAR_FICHIER = 1_000_000
TOURS = 3
ANNEES = range(2017, 2027)
BORNES = (date(ANNEES[0], 1, 1), date(ANNEES[-1], 12, 31))
NATURES, COMMUNES = 40, 35_000


def remplir(dossier: Path, millions: int) -> list[str]:
    """Cubes as the store lays them out, seeded: councils by the file, months of ten years, communes, natures."""
    mois = np.array([f"{a}-{m:02d}-01" for a in ANNEES for m in range(1, 13)], dtype="datetime64[D]")
    fins = (mois.astype("datetime64[M]") + 1).astype("datetime64[D]") - 1
    noms = np.array([f"n{i:02d}" for i in range(NATURES)])
    communes = np.array([f"{1 + i % 95:02d}{i // 95:03d}" for i in range(COMMUNES)])
    adresses = []
    for rang in range(millions):
        alea = np.random.default_rng(20120101 + rang)
        n = PAR_FICHIER
        quand = alea.integers(0, len(mois), n)
        colonnes: dict[str, Any] = {nom: pa.nulls(n, _ARROW[genre]) for nom, genre in COLONNES_CUBE}
        colonnes |= {
            "conseil": pa.repeat(f"c{rang}", n),
            "source": pa.repeat("police", n),
            "unite": pa.repeat("fait", n),
            "granularite": pa.repeat("mois", n),
            "nature": pa.array(noms[alea.integers(0, NATURES, n)]),
            "commune": pa.array(communes[alea.integers(0, COMMUNES, n)]),
            "debut": pa.array(mois[quand]),
            "fin": pa.array(fins[quand]),
            "n": pa.array(alea.poisson(3, n)),
            "n_lignes": pa.array(np.ones(n, dtype="int64")),
            "n_null": pa.array((alea.random(n) < 0.001).astype("int64")),
        }
        chemin = dossier / f"{rang}.parquet"
        if not chemin.exists():
            pq.write_table(pa.table(colonnes), chemin, compression="zstd")
        adresses.append(str(chemin))
    return adresses


_ARROW = {"string": pa.string(), "date": pa.date32(), "int64": pa.int64(), "float64": pa.float64()}


def mesurer(question: Callable[[], pa.Table], tours: int = TOURS) -> tuple[float, float, float, pa.Table]:
    """(first, median of the next ones) in seconds, processor time of one of those, and what was read."""
    lue = None
    debut = time.perf_counter()
    lue = question()
    premiere, temps, travail = time.perf_counter() - debut, [], _travail()
    for _ in range(tours):
        debut = time.perf_counter()
        lue = question()
        temps.append(time.perf_counter() - debut)
    return premiere, statistics.median(temps), (_travail() - travail) / tours, lue


def _travail() -> float:
    """Processor time of this process and of those it has started: it says the same on a busy machine."""
    total = time.process_time()
    for fiche in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            champs = fiche.read_text().rpartition(")")[2].split()
            if int(champs[1]) == os.getpid():
                total += (int(champs[11]) + int(champs[12])) / os.sysconf("SC_CLK_TCK")
    return total


def croisement(
    tailles: Sequence[int], duckdb: Sequence[float], spark: Sequence[float], fois: float
) -> float | None:
    """Millions of rows from which Spark on `fois` as many cores is faster; None when never.

    `duckdb` and `spark` are seconds on cores that do nothing else.
    Lines through both series; Spark's work is shared without loss, its start is not: the earliest it could be.
    """
    a, b = np.polyfit(tailles, duckdb, 1), np.polyfit(tailles, spark, 1)
    gain = a[0] - b[0] / fois
    return max(0.0, float((b[1] - a[1]) / gain)) if gain > 0 else None


def _question(moteur: Moteur, adresses: Sequence[str]) -> Callable[[], pa.Table]:
    """The measure of the application, over all the years."""
    texte, _ = ecriture.ecrire("consolidation", BORNES, moteur.dialecte)
    return lambda: moteur.executer(ecriture.poser(texte, moteur.vue(adresses, COLONNES_CUBE)))


def _triee(table: pa.Table) -> pa.Table:
    cles = [nom for nom in table.column_names if nom not in ("n", "precedent")]
    types = {"mois": pa.date32(), "n": pa.int64(), "precedent": pa.int64()}
    schema = pa.schema([(nom, types.get(nom, pa.string())) for nom in table.column_names])
    return table.cast(schema).sort_by([(cle, "ascending") for cle in cles])


def main(tailles: Sequence[int] = MILLIONS) -> None:
    if find_spec("pyspark") is None:
        print("moteur Spark : passé, le lot « spark » n’est pas installé (make spark)")
        return
    from pupitre.moteur.moteurs.spark import Spark

    coeurs = len(os.sched_getaffinity(0))
    maitre = os.environ.get("PUPITRE_BANC_MAITRE", f"local[{coeurs}]")
    spark = Spark(
        {
            "spark.master": maitre,
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.memory": "2g",
            "spark.sql.shuffle.partitions": str(coeurs),
        }
    )
    debut = time.perf_counter()
    spark.session().sparkContext.setLogLevel("ERROR")
    ouverture = time.perf_counter() - debut
    debut = time.perf_counter()
    spark.executer("SELECT 1")
    print(f"Spark ({maitre}) : session {ouverture:.1f} s, « SELECT 1 » {time.perf_counter() - debut:.1f} s")
    chauds: dict[str, list[float]] = {"duckdb": [], "spark": []}
    with tempfile.TemporaryDirectory(prefix="pupitre-banc-") as dossier:
        for millions in tailles:
            adresses = remplir(Path(dossier), millions)
            lues = []
            for nom, moteur in (("duckdb", partagee()), ("spark", spark)):
                premiere, chaude, travail, lue = mesurer(_question(moteur, adresses))
                chauds[nom].append(travail / coeurs)
                lues.append(_triee(lue))
                print(
                    f"{millions} M lignes, {nom} : première {premiere:.2f} s, médiane {chaude:.2f} s, "
                    f"processeur {travail:.2f} s"
                )
            assert lues[0].equals(lues[1])
            rapport = chauds["spark"][-1] / chauds["duckdb"][-1]
            print(f"  {lues[0].num_rows} lignes identiques, rapport du travail {rapport:.1f}", flush=True)
    spark.fermer()
    for fois in (1, 4, 16, 64) if len(tailles) > 1 else ():
        seuil = croisement(tailles, chauds["duckdb"], chauds["spark"], fois)
        dit = "jamais" if seuil is None else f"vers {seuil:.0f} M lignes"
        print(f"croisement, Spark sur {fois * coeurs} cœurs contre DuckDB sur {coeurs} : {dit}")


if __name__ == "__main__":
    main([int(t) for t in sys.argv[1:]] or MILLIONS)
