"""The one clock: tests and the demonstration may set it, nothing else reads the time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta

from django.utils import timezone

_fixee: ContextVar[datetime | None] = ContextVar("horloge_fixee", default=None)


def maintenant() -> datetime:
    return _fixee.get() or timezone.now()


def aujourdhui() -> date:
    return jour_de(maintenant())


def jour_de(instant: datetime) -> date:
    """The day it was in Paris: what the database keeps is in UTC, a day behind between midnight and two."""
    return timezone.localdate(instant)


def debut_du(jour: date) -> datetime:
    """Its midnight in Paris: what an indexed instant is compared with, day by day."""
    return timezone.make_aware(datetime.combine(jour, time.min))


def fin_du(jour: date) -> datetime:
    """The midnight that ends it."""
    return debut_du(jour + timedelta(days=1))


def heure(instant: datetime) -> str:
    """ "14 h 30", "9 h": what it was in Paris."""
    local = timezone.localtime(instant)
    return f"{local.hour}\u00a0h\u00a0{local.minute:02}" if local.minute else f"{local.hour}\u00a0h"


@contextmanager
def figee(instant: datetime | date) -> Iterator[None]:
    """Set the clock within the block; a date means noon in Paris."""
    if not isinstance(instant, datetime):
        instant = timezone.make_aware(datetime.combine(instant, time(12)))
    jeton = _fixee.set(instant)
    try:
        yield
    finally:
        _fixee.reset(jeton)
