"""What each process of the service does first."""

from __future__ import annotations

import ctypes
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
