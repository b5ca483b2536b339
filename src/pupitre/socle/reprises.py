"""Background work that a process left when it died: put back in the queue, a few times, then said to have failed.

What is put back may have been almost done: every task can be run again and finds what the first run has left.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from pupitre.socle import horloge

# Longer than the longest reading: on another host, only time tells that a process is dead.
ABANDON = timedelta(minutes=30)
ESSAIS_MAX = 3
TRACES = timedelta(days=30)
_READY, _FAILED = "READY", "FAILED"


def identite() -> str:
    """How a worker signs what it takes: where it runs, and its process."""
    return f"{socket.gethostname()[:40]}/{os.getpid()}/{secrets.token_hex(3)}"


def reprendre_celles_d_ici() -> int:
    """Asked by a worker that starts: those that processes of this host held when they died."""
    ici = socket.gethostname()[:40]
    return _remettre(t for t in DBTaskResult.objects.running() if _mort(ici, t.worker_ids))


def reprendre_les_abandonnees(jour: date) -> int:
    """A duty: those that have been running for too long, wherever that was."""
    return _remettre(DBTaskResult.objects.running().filter(started_at__lt=horloge.maintenant() - ABANDON))


def oublier(jour: date) -> int:
    """A duty: the traces of what was done a month ago. What failed is kept."""
    anciennes = DBTaskResult.objects.successful().filter(finished_at__lt=horloge.maintenant() - TRACES)
    return anciennes.delete()[0]


def _mort(ici: str, signatures: list[str]) -> bool:
    hote, pid, *_ = [*(signatures[-1] if signatures else "").split("/"), "", ""]
    if hote != ici or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return int(pid) == os.getpid()


def _remettre(taches: Iterable[DBTaskResult]) -> int:
    remises = 0
    for tache in list(taches):
        epuisee = len(tache.worker_ids) >= ESSAIS_MAX
        champs = {"status": _FAILED, "finished_at": horloge.maintenant()} if epuisee else {"status": _READY}
        # whoever took it meanwhile keeps it
        encore = Q(pk=tache.pk, status=tache.status, worker_ids=tache.worker_ids)
        remises += DBTaskResult.objects.filter(encore).update(**champs) and not epuisee
    return remises
