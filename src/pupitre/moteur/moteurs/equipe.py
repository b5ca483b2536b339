"""Threads that read while the one that asks reads too: a page has two cores, and its questions do not wait for each
other."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Equipe:
    """A few threads of one process, started at the first need. `renforts`: how many beside the caller's."""

    def __init__(self, renforts: int) -> None:
        self._renforts = renforts
        self._fils: ThreadPoolExecutor | None = None
        self._pid = -1

    def ensemble(self, lectures: Sequence[Callable[[], T]]) -> list[T]:
        """Results in order. Nobody waits for a thread that another page keeps busy: the caller reads in its place.

        Raises what the first reading that fails raises, once none of them runs any more.
        """
        if len(lectures) < 2 or self._renforts < 1:
            return [lecture() for lecture in lectures]
        fils = self._ouvrir()
        taches = [fils.submit(lecture) for lecture in lectures[1:]]
        try:
            rendus = [lectures[0]()]
            for tache, lecture in zip(taches, lectures[1:], strict=True):
                rendus.append(lecture() if tache.cancel() else tache.result())
            return rendus
        finally:
            for tache in taches:
                if not tache.cancel():
                    tache.exception()

    def _ouvrir(self) -> ThreadPoolExecutor:
        # The threads of a parent are not those of its child.
        if self._fils is None or self._pid != os.getpid():
            self._fils, self._pid = ThreadPoolExecutor(self._renforts, "lecture"), os.getpid()
        return self._fils
