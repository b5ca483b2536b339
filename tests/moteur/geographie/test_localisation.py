"""A point finds its secteur, the same one every time, as a plain loop would find it."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pupitre.moteur.geographie.localisation import localiser

CARRES = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(0, 1, 2, 2)]


def _naif(lon, lat, contours):
    """One point at a time, first outline that holds it."""
    trouves = []
    for x, y in zip(lon, lat, strict=True):
        point = shapely.Point(x, y)
        trouves.append(next((i for i, c in enumerate(contours) if c.intersects(point)), -1))
    return trouves


def test_inside_outside_boundary_and_unknown_places():
    lon = np.array([0.5, 1.5, 1.0, 5.0, np.nan, 0.5, 1.0, 1.0, np.inf])
    lat = np.array([0.5, 1.5, 0.5, 0.5, 0.5, np.nan, 1.0, 2.0, 0.5])
    assert localiser(lon, lat, CARRES).tolist() == [0, 2, 0, -1, -1, -1, 0, 2, -1]


def test_boundary_follows_the_order_of_outlines():
    assert localiser(np.array([1.0]), np.array([0.5]), CARRES[::-1]).tolist() == [1]


def test_hole_and_parts():
    troue = shapely.difference(shapely.box(0, 0, 4, 4), shapely.box(1, 1, 2, 2))
    multiple = shapely.MultiPolygon([shapely.box(1.2, 1.2, 1.4, 1.4), shapely.box(9, 9, 10, 10)])
    lon, lat = np.array([0.5, 1.3, 1.8, 9.5]), np.array([0.5, 1.3, 1.8, 9.5])
    assert localiser(lon, lat, [troue, multiple]).tolist() == [0, 1, -1, 1]


@pytest.mark.parametrize("contours", [[], [shapely.Polygon()]])
def test_no_outline_holds_nothing(contours):
    assert localiser(np.array([0.5]), np.array([0.5]), contours).tolist() == [-1]


def test_no_point():
    assert localiser(np.array([]), np.array([]), CARRES).shape == (0,)


def test_unlike_shapes_are_refused():
    with pytest.raises(ValueError, match="alike"):
        localiser(np.array([1.0]), np.array([1.0, 2.0]), CARRES)


_coordonnees = st.integers(0, 8).map(lambda n: n / 4)


@settings(max_examples=60)
@given(st.lists(st.tuples(_coordonnees, _coordonnees), min_size=1, max_size=30), st.integers(0, 2**32 - 1))
def test_as_a_plain_loop_on_overlapping_outlines(points, graine):
    """Coordinates on a coarse grid fall on corners and edges as often as inside."""
    hasard = np.random.default_rng(graine)
    coins = hasard.integers(0, 6, (5, 2)) / 4
    contours = [shapely.box(x, y, x + 0.5, y + 0.75) for x, y in coins]
    lon, lat = (np.array(axe, dtype=float) for axe in zip(*points, strict=True))
    assert localiser(lon, lat, contours).tolist() == _naif(lon, lat, contours)


def test_strasbourg_as_a_plain_loop(donnees_partagees):
    from pupitre.moteur.geographie.lecture import lire_geojson

    lus = lire_geojson((donnees_partagees / "geo" / "strasbourg_iris.geojson").read_bytes())
    contours = [e.contour for e in lus.entites]
    x0, y0, x1, y1 = shapely.total_bounds(contours)
    hasard = np.random.default_rng(2026)
    lon, lat = hasard.uniform(x0, x1, 400), hasard.uniform(y0, y1, 400)
    trouves = localiser(lon, lat, contours)
    assert trouves.tolist() == _naif(lon, lat, contours)
    assert 0.3 < np.mean(trouves >= 0) < 0.6
