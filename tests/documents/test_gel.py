import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pupitre.documents.bulletin import FaitsBulletin, LigneTheme, Tableau
from pupitre.documents.formes import Point, Serie
from pupitre.documents.gel import degeler, geler
from pupitre.moteur.resultats import Absent, MotifAbsence
from tests.documents.exemples import EXTREMES, bulletin


@pytest.mark.parametrize("nom", EXTREMES)
def test_a_bulletin_survives_the_database(nom):
    faits = EXTREMES[nom]()
    assert FaitsBulletin.from_dict(json.loads(json.dumps(faits.to_dict()))) == faits


valeurs = st.one_of(
    st.text(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.dates(), st.none(),
    st.builds(Absent, st.sampled_from(MotifAbsence), st.text()),
)  # fmt: skip


@given(st.lists(valeurs))
def test_every_kind_of_cell_comes_back_with_its_type(cellules):
    ligne = LigneTheme("x", tuple(cellules))
    retour = degeler(LigneTheme, json.loads(json.dumps(geler(ligne))))
    assert retour == ligne
    assert [type(v) for v in retour.valeurs] == [type(v) for v in ligne.valeurs]


def test_a_field_added_later_takes_its_default():
    donnees = bulletin(1).to_dict()
    del donnees["faits"]["edition"]
    assert FaitsBulletin.from_dict(donnees).edition == 1


@pytest.mark.parametrize(
    "abime",
    [
        lambda d: d.update(version=99),
        lambda d: d["faits"].update(inconnu=1),
        lambda d: d["faits"].update(genre="quotidien"),
        lambda d: d["faits"].update(emis_le="2026-11-09"),
        lambda d: d["faits"].pop("conseil"),
        lambda d: d["faits"]["chiffres"][0].update(valeur=True),
        lambda d: d["faits"]["themes"][0]["serie"]["points"].reverse(),
        lambda d: d.update(faits=None),
    ],
)
def test_a_tree_that_is_not_a_bulletin_is_refused(abime):
    donnees = json.loads(json.dumps(bulletin(1).to_dict()))
    abime(donnees)
    with pytest.raises(ValueError):
        FaitsBulletin.from_dict(donnees)


def test_what_contradicts_itself_is_refused():
    faits = bulletin(2)
    with pytest.raises(ValueError, match="8 chiffres"):
        replace(faits, chiffres=faits.chiffres * 2)
    with pytest.raises(ValueError, match="même clé"):
        replace(faits, themes=faits.themes[:1] * 2)
    with pytest.raises(ValueError, match="2 valeurs"):
        Tableau("t", ("a", "b"), (LigneTheme("x", (1,)),))
    with pytest.raises(ValueError, match="vont ensemble"):
        Point(date(2026, 1, 1), 3, bas=1.0)
    with pytest.raises(ValueError, match="ordre du temps"):
        Serie("s", "fait", (Point(date(2026, 2, 1), 1), Point(date(2026, 1, 1), 1)))
