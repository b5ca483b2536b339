"""A throw-away installation for the benchmarks that need one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def installation(base: str = "") -> Iterator[Path]:
    """Its folder; Django is set up on it as the server does, the database is not made yet.

    Args:
        base: URL of a PostgreSQL database; SQLite without it.
    """
    with tempfile.TemporaryDirectory(prefix="pupitre-mesure-") as dossier:
        donnees = Path(dossier).resolve()
        os.environ |= {
            "PUPITRE_MODE": "demonstration",
            "PUPITRE_DONNEES": str(donnees),
            "PUPITRE_CLE_SECRETE": "banc-de-mesure-" * 4,
            "DJANGO_SETTINGS_MODULE": "pupitre.projet.settings",
        }
        os.environ.pop("DATABASE_URL", None)
        if base:
            os.environ["DATABASE_URL"] = base
        import django

        django.setup()
        from django.conf import settings

        from pupitre.cli.service.enfant import espacer_les_collectes

        espacer_les_collectes()

        settings.STORAGES["staticfiles"] = {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        }
        yield donnees
