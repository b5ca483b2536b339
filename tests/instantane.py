"""What many tests start from is made once a process, then put back: the same rows, the same files."""

from __future__ import annotations

import pickle
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from pupitre.socle import horloge


@dataclass(frozen=True, slots=True)
class Instantane:
    """`objet`: what the builder returned, pickled. `tables`: name, columns, rows."""

    objet: bytes
    tables: tuple[tuple[str, tuple[str, ...], list[tuple]], ...]
    fichiers: Path


_PRIS: dict[tuple, Instantane] = {}


def partir_de(construire: Callable[[Path], Any], dossier: Path) -> Any:
    """What `construire(dossier)` makes: really made the first time, restored afterwards.

    It is made again on another day, and once for tests that commit: what follows a commit leaves rows too.
    """
    cle = (construire, horloge.aujourdhui(), connection.in_atomic_block)
    pris = _PRIS.get(cle)
    if pris is None:
        avant = _comptes()
        objet = construire(dossier)
        _PRIS[cle] = _prendre(objet, avant, dossier)
        return objet
    shutil.copytree(pris.fichiers, dossier, dirs_exist_ok=True)
    with transaction.atomic(), connection.cursor() as curseur:
        for table, colonnes, lignes in pris.tables:
            noms = ", ".join(map(connection.ops.quote_name, colonnes))
            valeurs = ", ".join(["%s"] * len(colonnes))
            curseur.executemany(
                f"INSERT INTO {connection.ops.quote_name(table)} ({noms}) VALUES ({valeurs})", lignes
            )
        for remise in connection.ops.sequence_reset_sql(
            no_style(), apps.get_models(include_auto_created=True)
        ):
            curseur.execute(remise)
    return pickle.loads(pris.objet)


@cache
def _tables() -> tuple[str, ...]:
    return tuple(sorted(connection.introspection.django_table_names(only_existing=True, include_views=False)))


def _comptes() -> dict[str, int]:
    with connection.cursor() as curseur:
        return {t: _compter(curseur, t) for t in _tables()}


def _compter(curseur: Any, table: str) -> int:
    curseur.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
    return curseur.fetchone()[0]


def _prendre(objet: object, avant: dict[str, int], dossier: Path) -> Instantane:
    tables = []
    with connection.cursor() as curseur:
        for table in _tables():
            if _compter(curseur, table) == avant[table]:
                continue
            assert not avant[table], (
                f"{table} n’était pas vide : on ne saurait dire quelles lignes sont neuves"
            )
            curseur.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            colonnes = tuple(c[0] for c in curseur.description)
            tables.append((table, colonnes, [tuple(li) for li in curseur.fetchall()]))
    fichiers = Path(tempfile.mkdtemp(prefix="pupitre-instantane-")) / "fichiers"
    shutil.copytree(dossier, fichiers)
    return Instantane(pickle.dumps(objet), tuple(tables), fichiers)
