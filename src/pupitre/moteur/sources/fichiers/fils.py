"""Long columns are worked on while others are: what does it releases the interpreter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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


def ensemble(actions: Iterable[Callable[[], T]]) -> list[T]:
    """Results in order, worked out on every core. An action is forgotten as soon as it is done."""
    with ThreadPoolExecutor(pa.cpu_count()) as fils:
        taches = [fils.submit(action) for action in actions]
    return [t.result() for t in taches]
