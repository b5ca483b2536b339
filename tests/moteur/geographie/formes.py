"""Small GeoJSON files for tests: squares of metres in Lambert-93 around Créteil, or in WGS84."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import shapely

from pupitre.moteur.geographie.projections import depuis_metres

ORIGINE = (660_000.0, 6_854_000.0)


def carre(x: float, y: float, cote: float = 1000.0, hauteur: float | None = None) -> shapely.Polygon:
    """A rectangle in Lambert-93 metres, `x` and `y` from the origin."""
    x0, y0 = ORIGINE[0] + x, ORIGINE[1] + y
    return shapely.box(x0, y0, x0 + cote, y0 + (cote if hauteur is None else hauteur))


def en_degres(*formes) -> list[shapely.Geometry]:
    return list(depuis_metres(np.array(formes, dtype=object), "EPSG:2154"))


def entite(forme, **proprietes: Any) -> dict[str, Any]:
    geometrie = forme if isinstance(forme, dict) or forme is None else json.loads(shapely.to_geojson(forme))
    return {"type": "Feature", "properties": proprietes, "geometry": geometrie}


def collection(*entites: dict[str, Any], crs: str | None = None, **autres: Any) -> bytes:
    document: dict[str, Any] = {"type": "FeatureCollection", "features": list(entites), **autres}
    if crs is not None:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(document).encode()


def quartiers(*formes, crs: str | None = None) -> bytes:
    """Features coded Q1, Q2… named « Quartier 1 »…"""
    return collection(
        *(entite(f, code=f"Q{i}", nom=f"Quartier {i}") for i, f in enumerate(formes, start=1)), crs=crs
    )
