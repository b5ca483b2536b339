"""A worker of background tasks, within the transaction of a test."""

from __future__ import annotations

from unittest.mock import patch

from django.core.management import call_command

from pupitre.socle import reprises

_FERMER = "django_tasks_db.management.commands.db_worker.close_old_connections"


def travailler() -> None:
    """Do all that waits, then stop."""
    with patch(_FERMER):
        call_command(
            "db_worker",
            batch=True,
            startup_delay=False,
            interval=0,
            verbosity=0,
            worker_id=reprises.identite(),
        )
