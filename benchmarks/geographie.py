"""A point finds its secteur: ratios measured in one run. `python benchmarks/geographie.py`.

Three hundred irregular outlines made here, so that nothing outside the repository is needed; the real
195 IRIS of Strasbourg too where `PUPITRE_DONNEES_PARTAGEES` names the folder of shared data.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(RACINE / "src")]

import numpy as np  # noqa: E402
import shapely  # noqa: E402

from pupitre.moteur.geographie.lecture import lire_geojson  # noqa: E402
from pupitre.moteur.geographie.localisation import localiser  # noqa: E402

POINTS = 1_000_000
NAIFS = 2_000


def trois_cents(hasard: np.random.Generator) -> list[Any]:
    """A Voronoi division of a city, each border cut into some thirty segments."""
    germes = shapely.multipoints(hasard.uniform((2.30, 48.70), (2.55, 48.90), (300, 2)))
    ville = shapely.buffer(shapely.Point(2.425, 48.80), 0.11)
    parts = shapely.get_parts(shapely.voronoi_polygons(germes, extend_to=ville))
    return list(shapely.segmentize(shapely.intersection(parts, ville), 0.0003))


def duree(geste: Callable[[], Any]) -> tuple[float, Any]:
    depart = time.perf_counter()
    resultat = geste()
    return time.perf_counter() - depart, resultat


def boucle(lon: Any, lat: Any, contours: list[Any]) -> list[int]:
    """What one writes first: for each point, the first outline that holds it."""
    points = shapely.points(lon, lat)
    return [next((i for i, c in enumerate(contours) if c.intersects(p)), -1) for p in points]


def jointure(lon: Any, lat: Any, contours: list[Any]) -> Any:
    """What a spatial join does: an index over the outlines, one predicate per candidate."""
    rangs = np.full(len(lon), -1)
    points, trouves = shapely.STRtree(contours).query(shapely.points(lon, lat), predicate="intersects")
    rangs[points[::-1]] = trouves[::-1]
    return rangs


def mesurer(nom: str, contours: list[Any]) -> None:
    hasard = np.random.default_rng(2026)
    x0, y0, x1, y1 = shapely.total_bounds(contours)
    lon, lat = hasard.uniform(x0, x1, POINTS), hasard.uniform(y0, y1, POINTS)
    sommets = len(shapely.get_coordinates(contours))
    nus = [shapely.from_wkb(shapely.to_wkb(c)) for c in contours]
    naif, attendus = duree(lambda: boucle(lon[:NAIFS], lat[:NAIFS], nus))
    tranche = POINTS // 10
    joint, par_jointure = duree(lambda: jointure(lon[:tranche], lat[:tranche], nus))
    temps, trouves = min((duree(lambda: localiser(lon, lat, contours)) for _ in range(3)), key=lambda m: m[0])
    assert trouves[:NAIFS].tolist() == attendus
    assert np.array_equal(trouves[:tranche] < 0, par_jointure < 0)
    print(f"{nom} : {POINTS:,} points dans {len(contours)} contours ({sommets:,} sommets) en {temps:.2f} s")
    print(f"  boucle naïve / localiser, par point : {naif / NAIFS / (temps / POINTS):,.0f} fois plus")
    print(f"  jointure spatiale / localiser, par point : {joint / tranche / (temps / POINTS):,.1f} fois plus")


def main() -> None:
    mesurer("division fictive", trois_cents(np.random.default_rng(1)))
    partagees = os.environ.get("PUPITRE_DONNEES_PARTAGEES")
    if partagees:
        fichier = Path(partagees) / "geo" / "strasbourg_iris.geojson"
        mesurer("IRIS de Strasbourg", [e.contour for e in lire_geojson(fichier.read_bytes()).entites])


if __name__ == "__main__":
    main()
