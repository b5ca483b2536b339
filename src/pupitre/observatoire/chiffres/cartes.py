"""Outlines for maps: the council's secteurs, or its communes where a source says no more."""

from __future__ import annotations

from functools import lru_cache

from pupitre.documents.formes import Anneau, anneaux_geojson
from pupitre.territoires.models import Decoupage, Secteur
from pupitre.territoires.reference import contours_des_communes

Contours = dict[str, tuple[str, tuple[Anneau, ...]]]


def contours_secteurs(decoupage: Decoupage | None) -> Contours:
    """Code → (name, rings in WGS84). A division never changes: kept in memory."""
    return {} if decoupage is None else _secteurs(decoupage.pk, decoupage.cree_le.isoformat())


@lru_cache(maxsize=32)
def _secteurs(pk: int, _identite: str) -> Contours:
    import shapely

    contours: Contours = {}
    for code, nom, contour in Secteur.objects.filter(decoupage_id=pk).values_list("code", "nom", "contour"):
        anneaux = shapely.get_rings(shapely.get_parts(shapely.from_wkb(bytes(contour))))
        contours[code] = (
            nom,
            tuple(tuple((float(x), float(y)) for x, y in shapely.get_coordinates(a)) for a in anneaux),
        )
    return contours


def contours_communes(noms: dict[str, str]) -> Contours:
    """Code → (name, rings) of the communes whose outline the project holds; the others are left out."""
    return {
        code: (noms[code], anneaux_geojson(geometrie))
        for code, geometrie in contours_des_communes(sorted(noms)).items()
    }
