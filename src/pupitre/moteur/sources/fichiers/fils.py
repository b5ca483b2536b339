"""Long columns are worked on while others are: what does it releases the interpreter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import pyarrow as pa

P = ParamSpec("P")
T = TypeVar("T")


def en_fond(action: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
    """Starts in a thread of its own, which ends with it."""
    fil = ThreadPoolExecutor(1)
    tache = fil.submit(action, *args, **kwargs)
    fil.shutdown(wait=False)
    return tache


def devancer(suite: Iterator[T]) -> Iterator[T]:
    """The same, each one made in a thread while the one before is worked on."""
    fini = object()
    with ThreadPoolExecutor(1) as fil:
        tache: Future[T | object] = fil.submit(next, suite, fini)
        while (un := tache.result()) is not fini:
            tache = fil.submit(next, suite, fini)
            yield un  # type: ignore[misc]


def ensemble(actions: Iterable[Callable[[], T]]) -> list[T]:
    """Results in order, worked out on every core. An action is forgotten as soon as it is done."""
    with ThreadPoolExecutor(pa.cpu_count()) as fils:
        taches = [fils.submit(action) for action in actions]
    return [t.result() for t in taches]
