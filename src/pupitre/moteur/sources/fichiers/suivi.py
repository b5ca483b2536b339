"""How far a reading has got, for whoever listens: a long file can be left and found again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Auditeur = Callable[[str, int, int], None]
_auditeur: ContextVar[Auditeur | None] = ContextVar("auditeur", default=None)


@contextmanager
def ecouter(auditeur: Auditeur) -> Iterator[None]:
    """Within the block, `auditeur(step, done, total)` is told of each advance; `total` is 0 when unknown."""
    jeton = _auditeur.set(auditeur)
    try:
        yield
    finally:
        _auditeur.reset(jeton)


def avancer(etape: str, fait: int = 0, total: int = 0) -> None:
    auditeur = _auditeur.get()
    if auditeur is not None:
        auditeur(etape, fait, total)
