"""DuckDB through Ibis: one database per process, one cursor per thread, safe after a fork."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pupitre.moteur.moteurs.equipe import Equipe
from pupitre.moteur.moteurs.protocole import Colonnes, T

if TYPE_CHECKING:
    import ibis

VUES_PAR_CURSEUR = 256
# A forked child must neither use nor close its parent's database: kept here, untouched.
_HERITEES: list[Any] = []
TYPES = {
    "string": "VARCHAR",
    "date": "DATE",
    "float64": "DOUBLE",
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int64": "BIGINT",
}


def texte(valeur: str) -> str:
    """`valeur` as a literal of SQL."""
    return "'" + valeur.replace("'", "''") + "'"


def lecture(adresses: Sequence[str]) -> str:
    """What a query reads: files that all have all columns."""
    return f"read_parquet([{', '.join(map(texte, adresses))}], hive_partitioning = false)"


def lecture_incomplete(adresses: Sequence[str]) -> str:
    """Observations of files sealed before a column existed, which reads as null, together with today's."""
    noms = ", ".join(map(texte, adresses))
    lus = f"SELECT * FROM read_parquet([{noms}], hive_partitioning = false, union_by_name = true)"  # noqa: S608
    return f"(SELECT CAST(NULL AS SMALLINT) AS duree_h WHERE false UNION ALL BY NAME {lus})"


@dataclass(frozen=True, slots=True)
class Reglages:
    """Limits of the engine in one process. `dossier_temporaire`: where sorts spill; None: no spilling.

    `threads` work on one question, `questions` of one page are read at once.
    """

    threads: int = 2
    questions: int = 1
    memoire: str = "1GB"
    dossier_temporaire: Path | None = None


class Connexion:
    """A lazily opened in-memory DuckDB, in UTC, without extension download."""

    dialecte = "duckdb"

    def __init__(self, reglages: Reglages | None = None) -> None:
        self.reglages = reglages or Reglages()
        self._pid = -1
        self._base: Any = None
        self._verrou = threading.Lock()
        self._fil = threading.local()
        self._systemes: dict[str, Any] = {}
        self._equipe = Equipe(self.reglages.questions - 1)

    def brancher(self, systeme: Any) -> None:
        """Let queries read addresses of an fsspec file system; None changes nothing."""
        if systeme is None:
            return
        schema = systeme.protocol if isinstance(systeme.protocol, str) else systeme.protocol[0]
        with self._verrou:
            if schema not in self._systemes:
                self._systemes[schema] = systeme
                if self._base is not None and self._pid == os.getpid():
                    self._base.register_filesystem(systeme)

    def backend(self) -> Any:
        """The Ibis backend of this thread in this process."""
        return self._curseur()[0]

    def executer(self, sql: str) -> pa.Table:
        """Run one query on this thread's cursor and drain it."""
        return self._curseur()[0].con.sql(sql).to_arrow_table()

    def lignes(self, sql: str) -> list[dict[str, Any]]:
        """The rows of one query as Python values: three times faster than `executer` for a few hundred rows."""
        curseur = self._curseur()[0].con.execute(sql)
        noms = [c[0] for c in curseur.description]
        return [dict(zip(noms, valeurs, strict=True)) for valeurs in curseur.fetchall()]

    def ensemble(self, lectures: Sequence[Callable[[], T]]) -> list[T]:
        """See `Moteur.ensemble`: what a page asks is too short for the engine to share it between cores itself."""
        return self._equipe.ensemble(lectures)

    def ordonner(self, sql: str) -> None:
        """Run a statement that returns nothing of interest (COPY, CREATE VIEW)."""
        self._curseur()[0].con.execute(sql)

    def vue(self, adresses: Sequence[str], colonnes: Colonnes, *, incompletes: bool = False) -> str:
        """See `Moteur.vue`: a view of this thread's cursor."""
        if adresses:
            corps = f"SELECT * FROM {lecture_incomplete(adresses) if incompletes else lecture(adresses)}"  # noqa: S608
        else:
            corps = (
                f"SELECT {', '.join(f'CAST(NULL AS {TYPES[t]}) AS {nom}' for nom, t in colonnes)} WHERE false"
            )
        nom = "vue_" + hashlib.sha256(corps.encode()).hexdigest()[:24]
        return f'"{self.nommer(nom, corps)}"'

    def source(self, adresses: Sequence[str], colonnes: Colonnes) -> str:
        """See `Moteur.source`: the files themselves, which are planned sooner than a view."""
        return lecture(adresses) if adresses else self.vue(adresses, colonnes)

    def nommer(self, nom: str, corps: str) -> str:
        """Make sure that the temporary view `nom` exists on this cursor; `nom` must determine `corps`."""
        backend, vues = self._curseur()
        if nom in vues:
            vues.move_to_end(nom)
            return nom
        backend.con.execute(f'CREATE OR REPLACE TEMP VIEW "{nom}" AS {corps}')
        vues[nom] = None
        while len(vues) > VUES_PAR_CURSEUR:
            ancienne, _ = vues.popitem(last=False)
            backend.con.execute(f'DROP VIEW IF EXISTS "{ancienne}"')
        return nom

    def table(self, vue: str, colonnes: Colonnes) -> ibis.Table:
        """See `Moteur.table`."""
        import ibis
        import ibis.expr.operations as ops

        # Same as backend.table(vue), without asking DuckDB for a schema that we know.
        noeud: Any = ops.DatabaseTable(
            name=vue.strip('"'), schema=ibis.schema(dict(colonnes)), source=self.backend()
        )
        return noeud.to_expr()

    def fermer(self) -> None:
        """Let go of the database; cursors of other threads keep it until they end."""
        with self._verrou:
            self._base, self._pid = None, -1
        self._fil = threading.local()

    def _curseur(self) -> tuple[Any, OrderedDict[str, None]]:
        pid = os.getpid()
        etat = getattr(self._fil, "etat", None)
        if etat is not None and etat[0] == pid:
            return etat[1], etat[2]
        if etat is not None:
            _HERITEES.append(etat)
        import ibis

        backend = ibis.duckdb.from_connection(self._ouvrir(pid).cursor())
        self._fil.etat = (pid, backend, OrderedDict())
        return self._fil.etat[1], self._fil.etat[2]

    def _ouvrir(self, pid: int) -> Any:
        if self._pid not in (pid, -1):
            # The lock may have been held by another thread at the time of the fork.
            self._verrou = threading.Lock()
        with self._verrou:
            if self._pid != pid:
                import duckdb

                if self._base is not None:
                    _HERITEES.append(self._base)
                self._base = duckdb.connect(":memory:", config=self._configuration())
                self._base.execute("SET TimeZone = 'UTC'")
                for systeme in self._systemes.values():
                    self._base.register_filesystem(systeme)
                self._pid = pid
            return self._base

    def _configuration(self) -> dict[str, str | bool | int | float | list[str]]:
        r = self.reglages
        return {
            "threads": r.threads,
            "memory_limit": r.memoire,
            "temp_directory": str(r.dossier_temporaire or ""),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }


@cache
def partagee() -> Connexion:
    """The connection of the process that compacts and reads many councils, opened at first use."""
    return Connexion()


@cache
def lectrice() -> Connexion:
    """The connection of the process that answers pages, opened at first use.

    What a page asks of one council takes a few milliseconds: waking a thread to share it costs more than it brings.
    """
    return Connexion(Reglages(threads=1, questions=2))
