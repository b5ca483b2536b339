"""A page that is only read cannot write: GET and HEAD run under a guard at SQL level."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connections

_ECRITURE = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|ALTER|DROP|CREATE)\b", re.IGNORECASE
)
_permise: ContextVar[bool] = ContextVar("ecriture_permise", default=False)
# Of this thread: a connection may be shared with one that writes, as the live server of the tests does.
_en_lecture: ContextVar[bool] = ContextVar("en_lecture", default=False)
_lus: ContextVar[dict[Hashable, Any] | None] = ContextVar("lus", default=None)

P = ParamSpec("P")
R = TypeVar("R")


class EcritureInterdite(RuntimeError):
    """A GET tried to write. The fault is in the code: move the writing to a POST."""


def _garde(execute, sql, params, many, context):
    if _en_lecture.get() and not _permise.get() and _ECRITURE.match(sql):
        raise EcritureInterdite(f"Une lecture a tenté d’écrire : {sql[:120]}")
    return execute(sql, params, many, context)


@contextmanager
def lecture_seule() -> Iterator[None]:
    jeton, memoire = _en_lecture.set(True), _lus.set({})
    try:
        with ExitStack() as pile:
            for connexion in connections.all():
                pile.enter_context(connexion.execute_wrapper(_garde))
            yield
    finally:
        _en_lecture.reset(jeton)
        _lus.reset(memoire)


@contextmanager
def ecriture_permise(raison: str) -> Iterator[None]:
    """The named exceptions: a reading that must be logged, an expired session that is removed."""
    if not raison:
        raise ValueError("une écriture pendant une lecture dit pourquoi")
    jeton = _permise.set(True)
    try:
        yield
    finally:
        _permise.reset(jeton)
        if (lus := _lus.get()) is not None:
            lus.clear()


def lue_une_fois(lecture: Callable[P, R]) -> Callable[P, R]:
    """Within one read-only page, asked again with the same arguments it answers what it has read.

    Nothing can have changed meanwhile, since nothing may be written. Elsewhere it reads each time. Its answer is
    shared: a tuple, a frozenset or a mapping that nobody changes.
    """

    @wraps(lecture)
    def lire(*args: P.args, **kwargs: P.kwargs) -> R:
        lus = _lus.get()
        if lus is None or _permise.get():
            return lecture(*args, **kwargs)
        cle = (lecture, args, tuple(sorted(kwargs.items())))
        if cle not in lus:
            lus[cle] = lecture(*args, **kwargs)
        return lus[cle]

    return lire


class GardeDeLecture:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            with lecture_seule():
                return self.get_response(request)
        return self.get_response(request)
