"""The machine of a measure and the versions measured, in lines that can be compared."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from outils.postgres_temporaire import PostgresqlAbsent, binaires

PAQUETS = (
    "duckdb",
    "ibis-framework",
    "pyarrow",
    "fastexcel",
    "numpy",
    "pandas",
    "polars",
    "openpyxl",
    "odfpy",
)


def decrire(concurrents: Path = Path(".venv/concurrents")) -> str:
    memoire = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    charge = os.getloadavg()[0]
    versions = [f"{nom} {v}" for nom in PAQUETS if (v := _version(nom, concurrents))]
    versions += [f"SQLite {sqlite3.sqlite_version}", _postgresql()]
    return (
        f"- {os.cpu_count()} cœurs, {memoire:.0f} Gio, {platform.system()} {platform.machine()} ; "
        f"charge à la fin : {charge:.1f}".replace(".", ",")
        + f" ({datetime.now(UTC):%Y-%m-%d %H:%M} UTC)\n- Python {platform.python_version()}, "
        + ", ".join(v for v in versions if v)
    )


def _version(nom: str, concurrents: Path) -> str:
    dossiers = [os.environ.get("PUPITRE_CONCURRENTS", str(concurrents))]
    trouvees = [d.version for d in metadata.distributions(name=nom)]
    return next(iter(trouvees or [d.version for d in metadata.distributions(name=nom, path=dossiers)]), "")


def _postgresql() -> str:
    try:
        sortie = subprocess.run([binaires() / "postgres", "--version"], capture_output=True, text=True)
    except (OSError, PostgresqlAbsent):
        return ""
    return f"PostgreSQL {sortie.stdout.split()[2]}" if sortie.stdout else ""
