"""What each process of the service does first."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def suivre_le_parent() -> None:
    """Be told to stop if the supervisor dies without a word (SIGKILL): no orphan."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    # The parent may have died before the line above.
    if os.getppid() != int(os.environ.get("PUPITRE_SUPERVISEUR", os.getppid())):
        sys.exit(0)


def espacer_les_collectes() -> None:
    """A page or a document makes tens of thousands of objects that die by themselves: looked at a few times, not
    hundreds."""
    gc.set_threshold(20_000, 20, 20)


def ceder_le_pas() -> None:
    """A file that is read, a night's work: done with what the pages leave. A person who waits comes first."""
    from pupitre.socle.courriel import EN_FOND

    os.nice(10)
    os.environ[EN_FOND] = "1"
