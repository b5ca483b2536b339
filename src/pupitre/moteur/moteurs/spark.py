"""Spark: one session per process, for whoever outgrows one machine. Imported only when it is chosen."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pupitre.moteur.moteurs.protocole import Colonnes, T

if TYPE_CHECKING:
    import ibis

VUES = 256
_TYPES = {
    "string": "STRING",
    "date": "DATE",
    "float64": "DOUBLE",
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int64": "BIGINT",
}
_SCHEMAS = {"s3": "s3a"}


class Spark:
    """A lazily opened session, in UTC. The cluster is the one of `spark-defaults.conf`; else this machine.

    Args:
        options: Spark's own settings, before those of its configuration.
    """

    dialecte = "pyspark"

    def __init__(self, options: Mapping[str, str] | None = None) -> None:
        self._options = dict(options or {})
        self._session: Any = None
        self._pid = -1
        self._verrou = threading.RLock()
        self._vues: OrderedDict[str, None] = OrderedDict()

    def session(self) -> Any:
        """The `SparkSession` of this process.

        Raises:
            RuntimeError: the process was forked from one that had opened it.
        """
        with self._verrou:
            if self._session is None:
                self._session, self._pid = self._ouvrir(), os.getpid()
            elif self._pid != os.getpid():
                raise RuntimeError("a Spark session does not survive a fork: open it in each process")
            return self._session

    def executer(self, sql: str) -> pa.Table:
        """See `Moteur.executer`."""
        return self.session().sql(sql).toArrow()

    def lignes(self, sql: str) -> list[dict[str, Any]]:
        """See `Moteur.lignes`."""
        lues: list[dict[str, Any]] = self.executer(sql).to_pylist()
        return lues

    def ensemble(self, lectures: Sequence[Callable[[], T]]) -> list[T]:
        """See `Moteur.ensemble`: one after the other, each has the whole cluster."""
        return [lecture() for lecture in lectures]

    def source(self, adresses: Sequence[str], colonnes: Colonnes) -> str:
        """See `Moteur.source`."""
        return self.vue(adresses, colonnes)

    def vue(self, adresses: Sequence[str], colonnes: Colonnes, *, incompletes: bool = False) -> str:
        """See `Moteur.vue`: a column that a file does not have always reads as null."""
        types = ", ".join(f"`{nom}` {_TYPES[t]}" for nom, t in colonnes)
        nom = "vue_" + hashlib.sha256("\n".join((types, *adresses)).encode()).hexdigest()[:24]
        with self._verrou:
            session = self.session()
            if nom in self._vues:
                self._vues.move_to_end(nom)
                return f"`{nom}`"
            if adresses:
                lus = session.read.schema(types).parquet(*map(adresse, adresses))
            else:
                lus = session.createDataFrame([], types)
            lus.createOrReplaceTempView(nom)
            self._vues[nom] = None
            while len(self._vues) > VUES:
                session.catalog.dropTempView(self._vues.popitem(last=False)[0])
        return f"`{nom}`"

    def table(self, vue: str, colonnes: Colonnes) -> ibis.Table:
        """See `Moteur.table`."""
        import ibis
        import ibis.expr.operations as ops

        noeud: Any = ops.DatabaseTable(
            name=vue.strip("`"), schema=ibis.schema(dict(colonnes)), source=_Source(self)
        )
        return noeud.to_expr()

    def fermer(self) -> None:
        """Stop the session and its executors."""
        with self._verrou:
            if self._session is not None and self._pid == os.getpid():
                self._session.stop()
            self._session, self._pid = None, -1
            self._vues.clear()

    def _ouvrir(self) -> Any:
        from pyspark.sql import SparkSession

        batisseur = SparkSession.builder.appName("pupitre")
        for cle, valeur in self._options.items():
            batisseur = batisseur.config(cle, valeur)
        session = batisseur.getOrCreate()
        # Figures do not depend on the cluster's habits: days in UTC, an overflow is an error and not a null.
        session.conf.set("spark.sql.session.timeZone", "UTC")
        session.conf.set("spark.sql.ansi.enabled", "true")
        return session


class _Source:
    """What Ibis calls when an expression on one of our tables is run.

    Its own Spark backend imports pandas, which would cost every process of the site seconds.
    """

    name = "pyspark"

    def __init__(self, moteur: Spark) -> None:
        self._moteur = moteur

    def __eq__(self, autre: object) -> bool:
        return isinstance(autre, _Source) and autre._moteur is self._moteur

    def __hash__(self) -> int:
        return hash(id(self._moteur))

    def to_pyarrow(self, expression: Any, **_: Any) -> Any:
        from pupitre.moteur.mesures.schema import sql

        lus = self._moteur.executer(sql(expression, "", self._moteur.dialecte))
        return expression.__pyarrow_result__(lus)


def adresse(chemin: str) -> str:
    """How Hadoop names a file: with its scheme, and without what it would take for a pattern."""
    schema, separateur, reste = chemin.partition("://")
    if not separateur:
        schema, reste = "file", os.path.abspath(chemin)
    return f"{_SCHEMAS.get(schema, schema)}://" + re.sub(r"([\[\]{}*?\\])", r"\\\1", reste)
