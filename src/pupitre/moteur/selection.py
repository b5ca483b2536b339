"""What a figure is about: source, natures, places, period. Empty means all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from pupitre.moteur.observations import Granularite


@dataclass(frozen=True, slots=True)
class Selection:
    """A perimeter within one source.

    Attributes:
        source: exactly one: figures of two sources overlap and are never added.
        unite: unit of count; None lets the façade find it, and refuse when there are several.
        granularite: kind of period as delivered; None likewise. A month's row and a year's row of one
            source are two statements about the same facts: never added.
        debut, fin: inclusive; an observation counts when its whole period lies within.
        vide_vaut_zero: whether a delivered period without any row counts as zero. None: yes for lists
            of dated events, no for tables of counts, where an empty cell says nothing.
        seule, pleine: what the inventory of the state that is read says of these rows, so that reading need not
            ask it of each (`inventaire.elaguer`): no other unit nor granularity in the source; each row has its number.
    """

    source: str
    natures: tuple[str, ...] = ()
    territoires: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    secteurs: tuple[str, ...] = ()
    debut: date | None = None
    fin: date | None = None
    unite: str | None = None
    granularite: Granularite | None = None
    vide_vaut_zero: bool | None = None
    seule: bool = False
    pleine: bool = False

    def __post_init__(self) -> None:
        if not self.source:
            raise ValueError("une sélection porte sur une source et une seule")
        if self.debut and self.fin and self.fin < self.debut:
            raise ValueError("la période se termine avant de commencer")

    def sur(self, debut: date, fin: date) -> Selection:
        """The same perimeter over another period."""
        return replace(self, debut=debut, fin=fin)

    @property
    def zero_si_vide(self) -> bool:
        if self.vide_vaut_zero is not None:
            return self.vide_vaut_zero
        return self.granularite is Granularite.JOUR
