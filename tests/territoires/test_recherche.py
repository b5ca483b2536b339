"""A commune is found as people type it."""

import pytest
from django.db import transaction

from pupitre.territoires.recherche import chercher
from pupitre.territoires.services import charger_reference


@pytest.fixture(scope="module")
def france(django_db_setup, django_db_blocker):
    """The whole official code, once for the module, undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        charger_reference()
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("texte", "code"),
    [
        ("94028", "94028"),
        (" 94 028 ", "94028"),
        ("2a004", "2A004"),
        ("2A 004", "2A004"),
        ("01001", "01001"),
        ("94000", "94028"),
        ("75012", "75056"),
        ("creteil", "94028"),
        ("CRÉTEIL", "94028"),
        ("crteil", "94028"),
        ("creteill", "94028"),
        ("St Etienne", "42218"),
        ("Saint-Étienne", "42218"),
        ("saint etienne", "42218"),
        ("limeil brevanes", "94044"),
        ("limeilbrevannes", "94044"),
        ("Brévannes Limeil", "94044"),
        ("alfortvile", "94002"),
        ("l'hay les roses", "94038"),
        ("hay les roses", "94038"),
        ("saint denis 93", "93066"),
        ("Saint-Denis (974)", "97411"),
        ("saint denis", "97411"),
        ("paris 12", "75056"),
        ("mulouse", "68224"),
        ("ajacio", "2A004"),
        ("ville neuve saint georges", "94078"),
    ],
)
def test_first_answer(france, db, texte, code):
    assert chercher(texte)[0].code == code


def test_beginning_then_population(france, db):
    noms = [t.nom for t in chercher("crét", limite=3)]
    assert noms[0] == "Créteil"
    saints = chercher("saint-denis", limite=50)
    exacts = [t.population for t in saints if t.score == 100]
    assert exacts == sorted(exacts, reverse=True)
    assert [t.score for t in saints] == sorted((t.score for t in saints), reverse=True)


def test_a_postcode_lists_all_its_communes(france, db):
    """01400 is also the code of Seillonnaz, which comes first."""
    premiere, *autres = chercher("01400", limite=50)
    assert premiere.code == "01400"
    assert len(autres) > 5
    assert all("01400" in t.codes_postaux for t in autres)


def test_a_code_comes_before_the_same_postcode(france, db):
    """94120 is the postcode of Fontenay-sous-Bois; 93001 the code of Aubervilliers."""
    assert chercher("94120")[0].nom == "Fontenay-sous-Bois"
    assert (chercher("93001")[0].nom, chercher("93001")[0].score) == ("Aubervilliers", 100.0)


@pytest.mark.parametrize("texte", ["", "   ", "---", "«»", "xqzwk", "99999", "\x00", "%_' OR 1=1"])
def test_nothing_is_found_without_failing(france, db, texte):
    assert chercher(texte) == []


def test_very_long_text(france, db):
    assert chercher("saint " * 500) == []


def test_one_query_once_the_index_is_built(france, db, django_assert_num_queries):
    chercher("creteil")
    with django_assert_num_queries(1):
        chercher("alfortville")
