"""What a check finds, with areas that can be done by hand: squares of one kilometre."""

import numpy as np
import pytest
import shapely

from pupitre.moteur.geographie.constats import surface_lisible
from pupitre.moteur.geographie.controle import Piece, controler
from tests.moteur.geographie.formes import carre, en_degres


def _pieces(*formes, codes=None):
    degres = en_degres(*formes)
    codes = codes or [f"Q{i}" for i in range(1, len(formes) + 1)]
    return [
        Piece(i, c, f"Quartier {i}", f) for i, (c, f) in enumerate(zip(codes, degres, strict=True), start=1)
    ]


def _trouves(controle):
    return [
        (c.code, c.entites, None if c.surface_m2 is None else round(c.surface_m2, -1))
        for c in controle.constats
    ]


def test_a_clean_division_has_nothing_to_say():
    controle = controler(_pieces(carre(0, 0), carre(1000, 0), carre(0, 1000), carre(1000, 1000)))
    assert controle.constats == ()
    assert not controle.bloque
    assert controle.communes == (None,) * 4


def test_overlap_names_the_pair_and_its_area():
    controle = controler(_pieces(carre(0, 0), carre(800, 0), carre(3000, 0)))
    assert _trouves(controle) == [("chevauchement", (1, 2), 200_000)]
    assert "« Quartier 1 » et « Quartier 2 » se chevauchent sur 20,0 ha" in controle.constats[
        0
    ].message.replace("\u202f", " ")
    assert not controle.bloque


def test_sliver_is_counted_not_listed():
    """One metre wide, a kilometre long: 1,000 m², thinner than two metres."""
    controle = controler(_pieces(carre(0, 0), carre(999, 0)))
    assert [(c.code, c.gravite) for c in controle.constats] == [("chevauchements_menus", "information")]
    assert controle.constats[0].surface_m2 == pytest.approx(1000, rel=0.01)


def test_wide_enough_is_listed():
    controle = controler(_pieces(carre(0, 0), carre(995, 0)))
    assert _trouves(controle) == [("chevauchement", (1, 2), 5000)]


def test_gap_between_secteurs_is_measured_and_named():
    autour = shapely.difference(carre(0, 0, 3000), carre(1000, 1000))
    controle = controler(_pieces(autour))
    assert _trouves(controle) == [("trou", (), 1_000_000)]
    assert "dans «\u202fQuartier 1\u202f»" in controle.constats[0].message


def test_filled_hole_is_no_gap():
    autour = shapely.difference(carre(0, 0, 3000), carre(1000, 1000))
    assert controler(_pieces(autour, carre(1000, 1000))).constats == ()


def test_crossing_outline_is_explained_and_a_correction_proposed():
    x, y = 660_000, 6_854_000
    noeud = shapely.Polygon([(x, y), (x + 1000, y + 1000), (x + 1000, y), (x, y + 1000)])
    controle = controler(_pieces(carre(2000, 0), noeud))
    (constat,) = controle.constats
    assert (constat.code, constat.gravite, constat.entites) == ("contour_a_corriger", "avertissement", (2,))
    assert constat.surface_m2 == pytest.approx(500_000, rel=0.001)
    assert "se croise lui-même, près de 2,4" in constat.message
    assert controle.corriges == (2,)
    assert all(shapely.is_valid(controle.contours))
    assert not shapely.is_valid(en_degres(noeud)[0])


def test_outline_without_area_blocks():
    x, y = 660_000, 6_854_000
    plat = shapely.Polygon([(x, y), (x + 1000, y), (x + 500, y)])
    controle = controler(_pieces(carre(2000, 0), plat))
    assert ("contour_sans_surface", (2,)) in [(c.code, c.entites) for c in controle.constats]
    assert controle.bloque


@pytest.mark.parametrize(
    ("codes", "attendu"),
    [
        (["A", "B", "A"], ("code_en_double", (1, 3))),
        (["A", "", ""], ("code_absent", (2, 3))),
        (["A", "B", "C" * 41], ("code_trop_long", (3,))),
    ],
)
def test_codes_must_tell_the_secteurs_apart(codes, attendu):
    controle = controler(_pieces(carre(0, 0), carre(1000, 0), carre(2000, 0), codes=codes))
    assert [(c.code, c.entites) for c in controle.constats] == [attendu]
    assert controle.bloque


def test_position_within_the_communes():
    communes = dict(zip(["94028", "94002"], en_degres(carre(0, 0, 2000), carre(2000, 0, 2000)), strict=True))
    controle = controler(
        _pieces(carre(0, 0, 2000), carre(2000, 0, 1000), carre(3000, 0, 1500, 1000), carre(9000, 0)), communes
    )
    assert controle.communes == ("94028", "94002", "94002", None)
    assert _trouves(controle) == [
        ("hors_territoire", (3,), 500_000),
        ("hors_territoire", (4,), 1_000_000),
        ("commune_non_couverte", (), 2_000_000),
    ]
    assert (
        controle.constats[-1].message == "2,00\u202fkm² de 94002 (50\u202f%) n’appartiennent à aucun secteur."
    )


def test_another_territory_blocks():
    controle = controler(_pieces(carre(0, 0)), {"94028": en_degres(carre(50_000, 0))[0]})
    assert [c.code for c in controle.constats] == ["autre_territoire"]
    assert controle.bloque


def test_areas_overseas_are_not_in_lambert():
    """A square of a thousandth of a degree at Saint-Denis de La Réunion: 104.0 m by 110.7 m."""
    boites = [shapely.box(55.45, -20.88, 55.451, -20.879)] * 2
    controle = controler([Piece(i, f"Q{i}", f"Quartier {i}", b) for i, b in enumerate(boites, start=1)])
    assert controle.constats[0].surface_m2 == pytest.approx(104.0 * 110.7, rel=0.002)


def test_many_overlaps_are_summed_up():
    formes = [carre(0, 0, 1000 + 10 * i) for i in range(12)]
    controle = controler(_pieces(*formes))
    listes = [c for c in controle.constats if c.code == "chevauchement"]
    assert len(listes) == 25
    assert controle.constats[25].message.startswith("Et 41 autres chevauchements")


@pytest.mark.parametrize(
    ("m2", "attendu"), [(0.4, "0 m²"), (8567, "8 567 m²"), (14_000, "1,4 ha"), (22_430_000, "22,43 km²")]
)
def test_areas_are_written_as_people_say_them(m2, attendu):
    assert surface_lisible(m2).replace("\u202f", " ") == attendu


def test_strasbourg_as_published(donnees_partagees):
    """195 IRIS: a valid division, neighbours that overlap only by slivers, no gap inside."""
    from pupitre.moteur.geographie.lecture import lire_geojson

    lus = lire_geojson((donnees_partagees / "geo" / "strasbourg_iris.geojson").read_bytes())
    pieces = [
        Piece(e.rang, str(e.proprietes["dcomiris"]), e.proprietes["name"], e.contour) for e in lus.entites
    ]
    controle = controler(pieces)
    assert len(pieces) == 195
    assert {c.gravite for c in controle.constats} <= {"information", "avertissement"}
    assert controle.corriges == ()
    assert np.all(shapely.is_valid(np.array(controle.contours)))
