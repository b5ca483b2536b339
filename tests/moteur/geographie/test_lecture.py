"""Reading outlines: both projections give the same place, and each bad file says what and where."""

import json
from contextlib import suppress

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.geographie import lecture
from pupitre.moteur.geographie.lecture import lire_geojson
from tests.moteur.geographie.formes import carre, collection, en_degres, entite, quartiers

DEUX = (carre(0, 0), carre(1000, 0))


def test_lambert_and_degrees_give_the_same_outlines():
    lambert = lire_geojson(quartiers(*DEUX, crs="urn:ogc:def:crs:EPSG::2154"))
    degres = lire_geojson(quartiers(*en_degres(*DEUX), crs="urn:ogc:def:crs:OGC:1.3:CRS84"))
    assert (lambert.projection, degres.projection) == ("Lambert-93", "WGS84")
    for a, b in zip(lambert.entites, degres.entites, strict=True):
        assert shapely.hausdorff_distance(a.contour, b.contour) < 1e-9
    assert 2.4 < lambert.entites[0].contour.centroid.x < 2.5
    assert [e.proprietes["code"] for e in lambert.entites] == ["Q1", "Q2"]
    assert lambert.champs == ("code", "nom")


@pytest.mark.parametrize(
    "crs", [None, "EPSG:2154", "urn:ogc:def:crs:EPSG::2154", "urn:ogc:def:crs:EPSG:9.1:2154"]
)
def test_lambert_is_known_by_its_coordinates_alone(crs):
    assert lire_geojson(quartiers(*DEUX, crs=crs)).projection == "Lambert-93"


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(2.45, 48.78), (-61.0, 14.6), (55.5, -21.1), (45.2, -12.8), (-52.3, 4.9), (-149.5, -17.6)],
)
def test_overseas_is_france(lon, lat):
    assert lire_geojson(quartiers(shapely.box(lon, lat, lon + 0.01, lat + 0.01))).projection == "WGS84"


def test_altitudes_and_bom_are_set_aside():
    carre_3d = shapely.force_3d(en_degres(DEUX[0])[0], 42.0)
    lus = lire_geojson(b"\xef\xbb\xbf" + quartiers(carre_3d))
    assert not shapely.has_z(lus.entites[0].contour)


def test_feature_without_outline_is_left_out_and_reported():
    lus = lire_geojson(
        collection(
            entite(None, nom="vide"),
            entite(en_degres(DEUX[0])[0], nom="plein"),
            entite({"type": "Polygon", "coordinates": []}),
        )
    )
    assert [e.rang for e in lus.entites] == [2]
    assert [(c.code, c.entites) for c in lus.constats] == [("contour_vide", (1,)), ("contour_vide", (3,))]


def test_open_ring_is_closed_and_reported():
    anneau = np.array(en_degres(DEUX[0])[0].exterior.coords)[:-1].tolist()
    lus = lire_geojson(collection(entite({"type": "Polygon", "coordinates": [anneau]})))
    assert lus.entites[0].contour.is_valid
    assert [(c.code, c.entites) for c in lus.constats] == [("anneau_ouvert", (1,))]


_POINT = {"type": "Point", "coordinates": [2.4, 48.8]}
_LIGNE = {"type": "LineString", "coordinates": [[2.4, 48.8], [2.5, 48.9]]}


def _polygone(*positions):
    return {"type": "Polygon", "coordinates": [list(positions)]}


REFUS = {
    "not json": (b"bonjour", "n’est pas un GeoJSON", 1),
    "truncated": (quartiers(*en_degres(*DEUX))[:-40], "n’est pas un GeoJSON", 1),
    "zip": (b"PK\x03\x04\xff\xfe", "archive ZIP", None),
    "latin-1": ('{"a": "é"}'.encode("latin-1"), "UTF-8", None),
    "NUL bytes": (b"\x00" * 50, "n’est pas un GeoJSON", 1),
    "empty": (b"", "est vide", None),
    "blank": (b" \n ", "est vide", None),
    "too deep": (b"[" * 200_000, "n’est pas un GeoJSON", None),
    "list": (b"[]", "n’est pas une liste de contours", None),
    "another json": (b'{"a": 1}', "n’est pas une liste de contours", None),
    "topojson": (b'{"type": "Topology"}', "TopoJSON", None),
    "features is no list": (
        b'{"type": "FeatureCollection", "features": {}}',
        "n’est pas une liste de contours",
        None,
    ),
    "no feature": (collection(), "ne contient aucun contour", None),
    "only empty features": (collection(entite(None), entite(None)), "ne contient aucun contour", None),
    "feature is a number": (b'{"type": "FeatureCollection", "features": [3]}', "entité n°\u202f1", 1),
    "points": (collection(entite(en_degres(DEUX[0])[0]), entite(_POINT)), "entité n°\u202f2", 2),
    "lines": (collection(entite(_LIGNE)), "est une surface", 1),
    "geometry collection": (
        collection(entite({"type": "GeometryCollection", "geometries": [_POINT]})),
        "GeometryCollection",
        1,
    ),
    "NaN": (
        collection(entite(_polygone([2.4, 48.8], [2.5, float("nan")], [2.5, 48.9], [2.4, 48.8]))),
        "coordonnée n°\u202f2",
        1,
    ),
    "null": (
        collection(entite(_polygone([2.4, 48.8], [None, 48.8], [2.5, 48.9], [2.4, 48.8]))),
        "n°\u202f2",
        1,
    ),
    "text": (
        collection(entite(_polygone([2.4, 48.8], ["Créteil", 48.8], [2.5, 48.9], [2.4, 48.8]))),
        "listes de nombres",
        1,
    ),
    "one ordinate": (collection(entite(_polygone([2.4], [2.5], [2.6], [2.4]))), "listes de nombres", 1),
    "two vertices": (
        collection(entite(_polygone([2.4, 48.8], [2.5, 48.9], [2.4, 48.8]))),
        "moins de trois sommets",
        1,
    ),
    "latitude first": (quartiers(shapely.box(48.7, 2.4, 48.8, 2.5)), "la latitude semble précéder", None),
    "elsewhere": (quartiers(shapely.box(-74.1, 40.7, -74.0, 40.8)), "ne sont pas situés en France", None),
    "web mercator": (
        quartiers(shapely.box(272_000, 6_230_000, 273_000, 6_231_000), crs="EPSG:3857"),
        "EPSG:3857",
        None,
    ),
    "neither": (quartiers(shapely.box(2e7, 2e7, 2.1e7, 2.1e7)), "ne sont pas situés en France", None),
    "contradiction": (quartiers(*DEUX, crs="urn:ogc:def:crs:OGC:1.3:CRS84"), "contradictoire", None),
    "the other contradiction": (quartiers(*en_degres(*DEUX), crs="EPSG:2154"), "contradictoire", None),
    "mixed": (quartiers(DEUX[0], en_degres(DEUX[1])[0]), "ne sont pas situés en France", None),
    "crs without name": (
        quartiers(*en_degres(*DEUX)).replace(b"{", b'{"crs": {"type": "link"}, ', 1),
        "n’est pas lue",
        None,
    ),
    "a number beyond floats": (
        quartiers(shapely.box(2, 48, 3, 49)).replace(b"[3.0, 48.0]", b"[1" + b"0" * 400 + b", 48.0]", 1),
        "listes de nombres",
        1,
    ),
}


def test_property_names_lose_what_no_page_can_show():
    forme = en_degres(DEUX[0])[0]
    lus = lire_geojson(collection(entite(forme, **{"no\ud800m\x00": "x"})))
    assert lus.champs == ("nom",)


@pytest.mark.parametrize("cas", REFUS)
def test_bad_file_says_what_and_where(cas):
    contenu, attendu, ligne = REFUS[cas]
    with pytest.raises(FichierRefuse) as refus:
        lire_geojson(contenu)
    assert attendu.replace("\u202f", " ") in str(refus.value).replace("\u202f", " ")
    assert refus.value.lieu.ligne == ligne
    assert all((refus.value.quoi, refus.value.pourquoi, refus.value.que_faire))


def test_two_hundred_megabytes_are_refused_before_reading(monkeypatch):
    monkeypatch.setattr(lecture.json, "loads", lambda _: pytest.fail("the file was parsed"))
    with pytest.raises(FichierRefuse, match="trop lourd"):
        lire_geojson(bytes(200 * 2**20))


def test_too_many_features(monkeypatch):
    monkeypatch.setattr(lecture, "ENTITES_MAXIMALES", 1)
    with pytest.raises(FichierRefuse, match="trop d’entités"):
        lire_geojson(quartiers(*DEUX))


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.sampled_from(["Polygon", "Feature"]),
    lambda sous: (
        st.lists(sous, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "coordinates", "properties", "geometry", "crs"]), sous, max_size=4
        )
    ),
    max_leaves=12,
)


@given(st.lists(_json, max_size=3), _json)
def test_any_json_is_read_or_refused(entites, crs):
    document = {"type": "FeatureCollection", "features": entites, "crs": crs}
    with suppress(FichierRefuse):
        lire_geojson(json.dumps(document).encode())


@given(_json)
def test_any_geometry_is_read_or_refused(coordonnees):
    with suppress(FichierRefuse):
        lire_geojson(collection(entite({"type": "MultiPolygon", "coordinates": coordonnees})))
