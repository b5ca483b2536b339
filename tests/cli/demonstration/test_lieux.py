"""Fictitious secteurs: they tile the real communes, and say that they are fictitious."""

from __future__ import annotations

import json

import pytest
import shapely

from pupitre.cli.demonstration import lieux
from pupitre.cli.demonstration.hasard import generateur

pytestmark = pytest.mark.une_fois


@pytest.mark.parametrize("ville", lieux.VILLES, ids=lambda v: v.nom)
def test_secteurs_cover_their_commune_without_overlap(ville):
    contours = [lieux.contours()[x.code] for x in lieux.lieux_de(ville.code)]
    commune = lieux.contours_communes()[ville.code]
    assert all(c.is_valid and c.geom_type == "Polygon" for c in contours)
    union = shapely.union_all(contours)
    assert union.symmetric_difference(commune).area < 1e-6 * commune.area
    assert sum(c.area for c in contours) == pytest.approx(union.area, rel=1e-6)


def test_population_and_dwellings_add_up_to_the_communes(tmp_path):
    chemin = tmp_path / "secteurs.geojson"
    lieux.ecrire_decoupage(chemin)
    collection = json.loads(chemin.read_text(encoding="utf-8"))
    traits = [t["properties"] for t in collection["features"]]
    assert 14 <= len(traits) <= 16
    assert "IGN" in collection["attribution"]
    assert "INSEE" in collection["attribution"]
    assert all(t["mention"] == "secteur fictif" for t in traits)
    for ville in lieux.VILLES:
        siens = [t for t in traits if t["commune"] == ville.code]
        assert sum(t["population"] for t in siens) == ville.population
        assert sum(t["logements"] for t in siens) == ville.logements


def test_places_fall_inside_their_secteur():
    rng = generateur("essai")
    for lieu in lieux.LIEUX:
        for _ in range(20):
            lon, lat = lieux.placer(rng, lieu.code)
            assert shapely.contains_xy(lieux.contours()[lieu.code], lon, lat)


def test_shares_lose_nothing():
    assert lieux.partager(10, [1, 1, 1]) == [3, 4, 3]
    assert sum(lieux.partager(93_397, [15, 10, 13, 19, 8, 12, 12, 11])) == 93_397
