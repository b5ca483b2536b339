"""What happened, day after day: each gesture is made on its day, with what was known then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from pupitre.socle import horloge

Geste = Callable[[], object]


@dataclass
class Chronologie:
    """Gestures to be made, in the order of their days, then in that in which they were noted."""

    _gestes: list[tuple[date, Geste]] = field(default_factory=list)

    def noter(self, jour: date, geste: Geste) -> None:
        self._gestes.append((jour, geste))

    def vivre(self) -> None:
        for jour, geste in sorted(self._gestes, key=lambda g: g[0]):
            with horloge.figee(jour):
                geste()
        self._gestes.clear()
