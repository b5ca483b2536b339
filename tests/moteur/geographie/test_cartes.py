"""Outlines of a map keep their common borders, and lose no secteur."""

import numpy as np
import pytest
import shapely

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.geographie.cartes import contours_de_carte
from pupitre.moteur.geographie.champs import deviner_code, deviner_commune, deviner_nom, valeurs
from pupitre.moteur.geographie.lecture import lire_geojson
from tests.moteur.geographie.formes import ORIGINE, carre, collection, en_degres, entite


def _surface(contour):
    anneaux = [shapely.Polygon(a) for a in contour.anneaux]
    forme = anneaux[0]
    for a in anneaux[1:]:
        forme = shapely.symmetric_difference(forme, a)
    return forme


def test_metres_of_lambert_and_a_label_inside():
    (contour,) = contours_de_carte(["Q1"], ["Quartier"], en_degres(carre(0, 0)), tolerance=0.0)
    assert (contour.code, contour.nom) == ("Q1", "Quartier")
    assert _surface(contour).area == pytest.approx(1_000_000, rel=1e-3)
    assert min(x for x, _ in contour.anneaux[0]) == pytest.approx(ORIGINE[0], abs=0.2)
    assert _surface(contour).contains(shapely.Point(contour.etiquette))


def test_hole_is_kept():
    troue = shapely.difference(carre(0, 0, 3000), carre(1000, 1000))
    (contour,) = contours_de_carte(["Q1"], ["Quartier"], en_degres(troue))
    assert len(contour.anneaux) == 2
    assert _surface(contour).area == pytest.approx(8_000_000, rel=1e-3)


def test_common_border_stays_common():
    """A wavy border between two squares: simplified, it leaves neither gap nor overlap."""
    x0, y0 = ORIGINE
    y = np.linspace(0, 2000, 400)
    vague = np.column_stack((x0 + 1000 + 30 * np.sin(y / 20), y0 + y))
    gauche = shapely.Polygon([(x0, y0 + 2000), (x0, y0), *vague])
    droite = shapely.Polygon([(x0 + 2000, y0), (x0 + 2000, y0 + 2000), *vague[::-1]])
    a, b = contours_de_carte(["1", "2"], ["", ""], en_degres(gauche, droite), tolerance=40)
    assert len(a.anneaux[0]) < 100
    assert shapely.intersection(_surface(a), _surface(b)).area < 500
    assert len(shapely.get_rings(shapely.union(_surface(a), _surface(b)))) == 1


def test_a_tiny_secteur_does_not_vanish():
    contours = contours_de_carte(["1", "2"], ["", ""], en_degres(carre(0, 0, 30_000), carre(40_000, 0, 10)))
    assert all(_surface(c).area > 40 for c in contours)


def test_nothing_to_draw():
    assert contours_de_carte([], [], []) == ()


FORME = en_degres(carre(0, 0))[0]


def _lus(*proprietes):
    return lire_geojson(collection(*(entite(FORME, **p) for p in proprietes)))


@pytest.mark.parametrize(
    ("proprietes", "code", "nom"),
    [
        (
            [{"dcomiris": 674820901, "name": "Vauban"}, {"dcomiris": 674820902, "name": "Gare"}],
            "dcomiris",
            "name",
        ),
        ([{"NOM": "Gare", "ID": 1.0}, {"NOM": "Lac", "ID": 2.0}], "ID", "NOM"),
        ([{"code": 1, "zone": "Gare"}, {"code": 1, "zone": "Lac"}], "zone", "zone"),
        ([{"code": 1}, {"code": 1}], "code", None),
        ([{"x": 1}, {"x": None}], None, None),
        ([{}, {}], None, None),
    ],
)
def test_fields_are_guessed(proprietes, code, nom):
    lus = _lus(*proprietes)
    assert (deviner_code(lus), deviner_nom(lus)) == (code, nom)


def test_values_as_people_write_them():
    lus = _lus({"a": 12.0}, {"a": None}, {"a": " x\x00\ud800 "}, {"a": [1]}, {"b": 1})
    assert valeurs(lus, "a") == ["12", "", "x", "", ""]


def test_unknown_field_lists_those_of_the_file():
    with pytest.raises(FichierRefuse, match="«\u202fcode\u202f», «\u202fnom\u202f»"):
        valeurs(_lus({"code": 1, "nom": "Gare"}), "quartier")


def test_commune_is_the_property_that_holds_only_members():
    lus = _lus({"q": 1, "depcom": 1004}, {"q": 2, "depcom": "01004"})
    assert deviner_commune(lus, {"01004"}) == "depcom"
    assert deviner_commune(lus, {"94028"}) is None
