"""The secteurs as an inline SVG: paths and numbers only, since the CSP forbids style attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pupitre.territoires.decoupages import contours
from pupitre.territoires.models import Decoupage

if TYPE_CHECKING:
    from pupitre.moteur.geographie.cartes import ContourDeCarte

COTE = 640
MARGE = 6


@dataclass(frozen=True, slots=True)
class Trace:
    """`numero`: the row of the table beside the map, written at (x, y)."""

    numero: int
    code: str
    nom: str
    chemin: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Carte:
    largeur: int
    hauteur: int
    traces: tuple[Trace, ...]


def carte(decoupage: Decoupage) -> Carte | None:
    """None when the division has no secteur."""
    return dessiner(contours(decoupage))


def dessiner(dessins: Sequence[ContourDeCarte]) -> Carte | None:
    points = [point for d in dessins for anneau in d.anneaux for point in anneau]
    if not points:
        return None
    gauche, droite = min(x for x, _ in points), max(x for x, _ in points)
    bas, haut = min(y for _, y in points), max(y for _, y in points)
    echelle = (COTE - 2 * MARGE) / max(droite - gauche, haut - bas, 1.0)

    def placer(x: float, y: float) -> tuple[float, float]:
        return round(MARGE + (x - gauche) * echelle, 1), round(MARGE + (haut - y) * echelle, 1)

    def chemin(anneau) -> str:
        return "M" + "L".join("{:g} {:g}".format(*placer(x, y)) for x, y in anneau[:-1]) + "Z"

    traces = []
    for numero, dessin in enumerate(dessins, start=1):
        x, y = placer(*dessin.etiquette)
        traces.append(Trace(numero, dessin.code, dessin.nom, "".join(map(chemin, dessin.anneaux)), x, y))
    return Carte(
        largeur=round((droite - gauche) * echelle) + 2 * MARGE,
        hauteur=round((haut - bas) * echelle) + 2 * MARGE,
        traces=tuple(traces),
    )
