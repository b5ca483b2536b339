"""A page that is only read cannot write: GET and HEAD run under a guard at SQL level."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

from django.db import connections

_ECRITURE = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|ALTER|DROP|CREATE)\b", re.IGNORECASE
)
_permise: ContextVar[bool] = ContextVar("ecriture_permise", default=False)
# Of this thread: a connection may be shared with one that writes, as the live server of the tests does.
_en_lecture: ContextVar[bool] = ContextVar("en_lecture", default=False)


class EcritureInterdite(RuntimeError):
    """A GET tried to write. The fault is in the code: move the writing to a POST."""


def _garde(execute, sql, params, many, context):
    if _en_lecture.get() and not _permise.get() and _ECRITURE.match(sql):
        raise EcritureInterdite(f"Une lecture a tenté d’écrire : {sql[:120]}")
    return execute(sql, params, many, context)


@contextmanager
def lecture_seule() -> Iterator[None]:
    jeton = _en_lecture.set(True)
    try:
        with ExitStack() as pile:
            for connexion in connections.all():
                pile.enter_context(connexion.execute_wrapper(_garde))
            yield
    finally:
        _en_lecture.reset(jeton)


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


class GardeDeLecture:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            with lecture_seule():
                return self.get_response(request)
        return self.get_response(request)
