"""What a check of outlines found, in French, with its place and its size."""

from __future__ import annotations

from dataclasses import dataclass

from pupitre.moteur.observations import Gravite

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Constat:
    """One finding.

    Attributes:
        code: for machines ("chevauchement", "contour_invalide"…).
        gravite: BLOQUANTE forbids the import, the others are shown.
        message: French sentence.
        entites: 1-based ranks of the features concerned, in file order.
        surface_m2: area concerned, when there is one.
    """

    code: str
    gravite: Gravite
    message: str
    entites: tuple[int, ...] = ()
    surface_m2: float | None = None

    def as_dict(self) -> Json:
        return {
            "code": self.code,
            "gravite": str(self.gravite),
            "message": self.message,
            "entites": list(self.entites),
            "surface_m2": self.surface_m2,
        }


def surface_lisible(m2: float) -> str:
    """ "85 m²", "1,4 ha", "3,20 km²"."""
    if m2 < 10_000:
        return f"{m2:,.0f}\u202fm²".replace(",", "\u202f")
    if m2 < 1_000_000:
        return f"{m2 / 10_000:.1f}\u202fha".replace(".", ",")
    return f"{m2 / 1_000_000:.2f}\u202fkm²".replace(".", ",")
