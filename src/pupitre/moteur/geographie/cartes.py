"""Outlines for a map of a few hundred pixels: metres, simplified together so that borders stay shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from pupitre.moteur.geographie.projections import en_metres, epsg_metrique

Anneau = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class ContourDeCarte:
    """One outline to fill by the even-odd rule; metres (Lambert-93 in metropolitan France), y northwards."""

    code: str
    nom: str
    anneaux: tuple[Anneau, ...]
    etiquette: tuple[float, float]


def contours_de_carte(
    codes: Sequence[str],
    noms: Sequence[str],
    contours: Sequence[BaseGeometry],
    tolerance: float | None = None,
) -> tuple[ContourDeCarte, ...]:
    """Simplify valid WGS84 outlines for a map.

    Args:
        tolerance: metres; by default a 600th of the map's larger side, about one pixel.
    Returns:
        one outline each, in the order given; `etiquette` is a point inside its largest part.
    """
    if not len(contours):
        return ()
    wgs84 = np.asarray(contours, dtype=object)
    x0, y0, x1, y1 = shapely.total_bounds(wgs84)
    metres = en_metres(wgs84, epsg_metrique((x0 + x1) / 2, (y0 + y1) / 2))
    gauche, bas, droite, haut = shapely.total_bounds(metres)
    pas = max(droite - gauche, haut - bas) / 600 if tolerance is None else tolerance
    simples = shapely.coverage_simplify(metres, pas)
    # A secteur smaller than the tolerance would vanish from the map: it keeps its own outline.
    simples = np.where(shapely.is_empty(simples) | ~shapely.is_valid(simples), metres, simples)
    return tuple(
        ContourDeCarte(code, nom, _anneaux(simple), _etiquette(simple))
        for code, nom, simple in zip(codes, noms, simples, strict=True)
    )


def _anneaux(geometrie: BaseGeometry) -> tuple[Anneau, ...]:
    anneaux = shapely.get_rings(shapely.get_parts(geometrie))
    return tuple(
        tuple((round(float(x), 1), round(float(y), 1)) for x, y in shapely.get_coordinates(anneau))
        for anneau in anneaux
    )


def _etiquette(geometrie: BaseGeometry) -> tuple[float, float]:
    parts = shapely.get_parts(geometrie)
    point = shapely.point_on_surface(parts[int(shapely.area(parts).argmax())])
    return round(float(point.x), 1), round(float(point.y), 1)
