"""Councils and their members over time."""

from datetime import date

import pytest

from pupitre.territoires.models import Adhesion, Conseil
from pupitre.territoires.selectors import membres_as_of
from pupitre.territoires.services import (
    TerritoireRefuse,
    adherer,
    creer_conseil,
    creer_conseil_du_code,
    retirer,
)
from tests.territoires.fabrique import ALFORTVILLE, CRETEIL, DEPUIS, LIMEIL, PLAINE, voisin

JOUR = date(2026, 1, 1)


def _codes(conseil, jour):
    return {c.code for c in conseil.communes_as_of(jour)}


def test_cispd_of_three_communes(plaine):
    assert (str(plaine), plaine.slug) == ("CISPD «\u202fPlaine centrale\u202f»", "plaine-centrale")
    assert _codes(plaine, JOUR) == set(PLAINE)
    assert _codes(plaine, date(2011, 12, 31)) == set()


def test_clspd_from_the_code_of_a_commune(reference):
    conseil = creer_conseil_du_code(code=" 2a004 ", depuis=DEPUIS)
    assert (conseil.nature, conseil.nom, conseil.slug) == ("clspd", "Ajaccio", "ajaccio")
    assert _codes(conseil, JOUR) == {"2A004"}


@pytest.mark.parametrize("code", ["200058006", "200 058 006"])
def test_cispd_from_an_ept_fills_its_members(reference, code):
    conseil = creer_conseil_du_code(code=code, depuis=DEPUIS)
    assert (conseil.nature, conseil.nom) == ("cispd", "Grand Paris Sud Est Avenir")
    assert _codes(conseil, JOUR) == set(PLAINE)


def test_cispd_from_an_epci_fills_its_members(reference):
    conseil = creer_conseil_du_code(code="200054781", nom="Métropole", depuis=DEPUIS)
    assert conseil.nom == "Métropole"
    assert _codes(conseil, JOUR) == {*PLAINE, "94046"}


def test_two_councils_of_the_same_name_have_two_addresses(reference):
    slugs = [creer_conseil(nature="clspd", nom="Créteil", communes=[CRETEIL]).slug for _ in range(4)]
    assert slugs == ["creteil", "creteil-94", "creteil-94028", "creteil-2"]


@pytest.mark.parametrize(
    ("options", "attendu"),
    [
        ({"nature": "clspd", "communes": ["99999"]}, "99999"),
        ({"nature": "clspd", "communes": PLAINE}, "qu’une commune"),
        ({"nature": "cispd", "communes": []}, "Aucune commune"),
        ({"nature": "cispd", "epci": "123456789"}, "123456789"),
    ],
)
def test_refusals_create_nothing(reference, options, attendu):
    with pytest.raises(TerritoireRefuse, match=attendu):
        creer_conseil(nom="Essai", **options)
    assert not Conseil.objects.exists()


def test_a_commune_leaves_and_the_past_stays(plaine):
    retirer(conseil=plaine, commune=LIMEIL, le=JOUR)
    assert _codes(plaine, date(2025, 12, 31)) == set(PLAINE)
    assert _codes(plaine, JOUR) == {CRETEIL, ALFORTVILLE}


def test_a_commune_comes_back(plaine):
    retirer(conseil=plaine, commune=LIMEIL, le=date(2020, 1, 1))
    adherer(conseil=plaine, commune=LIMEIL, depuis=JOUR)
    assert [LIMEIL in _codes(plaine, j) for j in (date(2019, 12, 31), date(2025, 12, 31), JOUR)] == [
        True,
        False,
        True,
    ]
    assert plaine.adhesions.filter(commune_id=LIMEIL).count() == 2


def test_a_membership_that_never_took_effect_leaves_no_trace(plaine):
    adherer(conseil=plaine, commune="94046", depuis=JOUR)
    assert retirer(conseil=plaine, commune="94046", le=JOUR) is None
    assert not plaine.adhesions.filter(commune_id="94046").exists()


@pytest.mark.parametrize("depuis", [date(2011, 1, 1), DEPUIS, JOUR])
def test_twice_a_member_is_refused(plaine, depuis):
    with pytest.raises(TerritoireRefuse, match="déjà membre"):
        adherer(conseil=plaine, commune=CRETEIL, depuis=depuis)
    assert plaine.adhesions.count() == 3


def test_not_a_member_cannot_leave(plaine):
    autre = voisin()
    with pytest.raises(TerritoireRefuse, match="n’est pas membre"):
        retirer(conseil=plaine, commune="94046", le=JOUR)
    with pytest.raises(TerritoireRefuse, match="n’est pas membre"):
        retirer(conseil=plaine, commune=CRETEIL, le=date(2011, 1, 1))
    assert _codes(autre, JOUR) == {"94046"}


def test_the_last_commune_cannot_leave(plaine):
    retirer(conseil=plaine, commune=LIMEIL, le=JOUR)
    retirer(conseil=plaine, commune=ALFORTVILLE, le=JOUR)
    with pytest.raises(TerritoireRefuse, match="dernière commune"):
        retirer(conseil=plaine, commune=CRETEIL, le=JOUR)
    assert _codes(plaine, JOUR) == {CRETEIL}


def test_a_clspd_takes_no_second_commune(reference):
    conseil = voisin()
    with pytest.raises(TerritoireRefuse, match="qu’une commune"):
        adherer(conseil=conseil, commune=CRETEIL, depuis=JOUR)
    assert Adhesion.objects.count() == 1


def test_members_with_their_ept_in_two_queries(plaine, django_assert_num_queries):
    with django_assert_num_queries(2):
        membres = membres_as_of(plaine, JOUR)
        assert [(a.commune.nom, a.commune.epci.nom, ept) for a, ept in membres][1] == (
            "Créteil",
            "Métropole du Grand Paris",
            "Grand Paris Sud Est Avenir",
        )
