"""The site: gunicorn, synchronous workers, the application loaded once before they are forked."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from pupitre.cli.service.enfant import espacer_les_collectes, suivre_le_parent

# Loaded before the fork, to share their memory. Only modules that start no thread when imported: a
# connection of DuckDB or a pool of threads does not survive a fork, each worker opens its own.
_COMMUNS = ("numpy", "pyarrow", "pyarrow.compute", "duckdb", "ibis", "scipy.stats")


class Site(BaseApplication):
    def __init__(self, descripteur: int, travailleurs: int) -> None:
        self._choisis = {
            "bind": [f"fd://{descripteur}"],
            "workers": travailleurs,
            "worker_class": "sync",
            "preload_app": True,
            "timeout": 120,
            "graceful_timeout": 20,
            "max_requests": 5000,
            "max_requests_jitter": 500,
            "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108
            "proc_name": "pupitre",
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        for cle, valeur in self._choisis.items():
            self.cfg.set(cle, valeur)

    def load(self) -> Any:
        from django.core.wsgi import get_wsgi_application

        return get_wsgi_application()


def charger() -> None:
    """All that the workers share, and a refusal before any of them if the base is not ready.

    Exits with 1 when migrations are missing.
    """
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pupitre.projet.settings")
    django.setup()
    from django.db import DEFAULT_DB_ALIAS, connections
    from django.db.migrations.executor import MigrationExecutor
    from django.urls import get_resolver

    executeur = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    en_attente = executeur.migration_plan(executeur.loader.graph.leaf_nodes())
    connections.close_all()
    if en_attente:
        print(
            "La base de données n’est pas à jour de cette version\u202f: lancez «\u202fpupitre initialiser\u202f».",
            file=sys.stderr,
        )
        sys.exit(1)
    get_resolver().url_patterns  # noqa: B018  (imports every view, before the fork)
    for nom in _COMMUNS:
        import_module(nom)
    espacer_les_collectes()


def main() -> None:
    suivre_le_parent()
    descripteur, travailleurs = (int(mot) for mot in sys.argv[1:])
    # gunicorn reads the command line otherwise.
    sys.argv[1:] = []
    charger()
    Site(descripteur, travailleurs).run()


if __name__ == "__main__":
    main()
