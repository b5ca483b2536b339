"""The page of the territory, and communes that join or leave."""

from datetime import date

import pytest
from django.urls import reverse

from pupitre.acces.droits import Role
from pupitre.socle import horloge
from pupitre.territoires.models import Adhesion
from pupitre.territoires.services import creer_conseil, retirer
from tests.territoires.fabrique import CRETEIL, DEPUIS, LIMEIL


def _adresse(nom, conseil, **arguments):
    return reverse(nom, kwargs={"conseil": conseil.slug, **arguments})


def _texte(reponse):
    return reponse.content.decode().replace("\u202f", " ").replace("\xa0", " ")


@pytest.fixture(autouse=True)
def novembre_2026():
    with horloge.figee(date(2026, 11, 23)):
        yield


def test_communes_with_what_the_law_asks(coordination, plaine):
    page = _texte(coordination.get(_adresse("territoire", plaine)))
    for attendu in (
        "Créteil",
        "93 397",
        "Limeil-Brévannes",
        "Grand Paris Sud Est Avenir",
        "166 334 habitants",
        "le conseil intercommunal rend le CLSPD facultatif",
        "Plus de 15 000 habitants",
        "Article L132-4 du code de la sécurité intérieure",
        "Pas encore de secteurs",
    ):
        assert attendu in page


def test_a_clspd_is_compulsory_there(entrer, plaine):
    conseil = creer_conseil(nature="clspd", nom="Maisons-Alfort", communes=["94046"], depuis=DEPUIS)
    page = _texte(entrer(Role.COORDINATEUR, conseil).get(_adresse("territoire", conseil)))
    assert "CLSPD obligatoire" in page
    assert page.count("(à vérifier)") == 2


def test_a_clspd_is_optional_where_another_council_is_intercommunal(entrer, plaine):
    conseil = creer_conseil(nature="clspd", nom="Créteil", communes=[CRETEIL], depuis=DEPUIS)
    page = _texte(entrer(Role.COORDINATEUR, conseil).get(_adresse("territoire", conseil)))
    assert "le conseil intercommunal rend le CLSPD facultatif" in page


def test_the_law_and_the_members_of_that_day(coordination, plaine):
    retirer(conseil=plaine, commune=LIMEIL, le=date(2026, 6, 1))
    page = _texte(coordination.get(_adresse("territoire", plaine), {"jour": "2013-01-01"}))
    assert "Limeil-Brévannes" in page
    assert "la loi ne demandait pas de coordonnateur" in page
    page = _texte(coordination.get(_adresse("territoire", plaine), {"jour": "2026-06-01"}))
    assert "Limeil-Brévannes" not in page


@pytest.mark.parametrize("jour", ["", "jamais", "0001-01-01", "9999-12-31", "2026-02-30", "\x00"])
def test_any_date_is_answered(coordination, plaine, jour):
    assert coordination.get(_adresse("territoire", plaine), {"jour": jour}).status_code == 200


def test_queries_do_not_grow_with_communes(coordination, plaine, django_assert_max_num_queries):
    coordination.get(_adresse("territoire", plaine))
    with django_assert_max_num_queries(12):
        coordination.get(_adresse("territoire", plaine))


def test_search_as_a_page_and_as_a_fragment(coordination, plaine):
    page = _texte(coordination.get(_adresse("commune_ajouter", plaine), {"q": "maisons alfor"}))
    assert 'value="94046" checked' in page
    assert "<title>" in page
    fragment = _texte(
        coordination.get(
            _adresse("communes_recherche", plaine), {"q": "maisons alfor"}, headers={"HX-Request": "true"}
        )
    )
    assert 'value="94046"' in fragment
    assert "<title>" not in fragment
    sans_script = _texte(coordination.get(_adresse("communes_recherche", plaine), {"q": "maisons alfor"}))
    assert "<title>" in sans_script


def test_what_is_typed_is_escaped(coordination, plaine):
    page = _texte(coordination.get(_adresse("commune_ajouter", plaine), {"q": "<script>x</script>"}))
    assert "<script>x" not in page


def test_a_commune_joins(coordination, plaine):
    reponse = coordination.post(
        _adresse("commune_ajouter", plaine), {"commune": "94046", "depuis": "2027-01-01"}, follow=True
    )
    assert reponse.redirect_chain[-1][0] == _adresse("territoire", plaine)
    assert "Maisons-Alfort est membre depuis le 1er janvier 2027" in _texte(reponse)
    assert plaine.adhesions.get(commune_id="94046").debut == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("saisie", "attendu"),
    [
        ({"commune": CRETEIL, "depuis": "2026-01-01"}, "déjà membre"),
        ({"commune": "99999", "depuis": "2026-01-01"}, "99999"),
        ({"commune": "", "q": "maisons alfort", "depuis": "2026-01-01"}, "Choisissez une commune"),
        ({"commune": "94046", "depuis": "demain"}, "date"),
        ({"commune": "94046"}, "obligatoire"),
        ({"commune": "9404694046", "depuis": "2026-01-01"}, "5"),
    ],
)
def test_refusals_are_said_and_nothing_is_lost(coordination, plaine, saisie, attendu):
    reponse = coordination.post(_adresse("commune_ajouter", plaine), saisie)
    assert reponse.status_code == 422
    page = _texte(reponse)
    assert attendu in page
    assert plaine.adhesions.count() == 3
    if saisie.get("q"):
        assert 'value="maisons alfort"' in page
    if saisie.get("depuis") == "2026-01-01":
        assert 'value="2026-01-01"' in page


def test_a_commune_leaves(coordination, plaine):
    adresse = _adresse("commune_retirer", plaine, commune=LIMEIL)
    assert "Retirer Limeil-Brévannes" in _texte(coordination.get(adresse))
    reponse = coordination.post(adresse, {"le": "2026-06-01"}, follow=True)
    assert "n’est plus membre à partir du 1er juin 2026" in _texte(reponse)
    assert plaine.adhesions.get(commune_id=LIMEIL).fin == date(2026, 5, 31)


@pytest.mark.parametrize("le", ["2011-01-01", "", "hier"])
def test_a_date_that_does_not_suit(coordination, plaine, le):
    reponse = coordination.post(_adresse("commune_retirer", plaine, commune=LIMEIL), {"le": le})
    assert reponse.status_code == 422
    assert plaine.adhesions.get(commune_id=LIMEIL).fin is None


def test_a_commune_of_another_council_is_not_found(coordination, plaine):
    creer_conseil(nature="clspd", nom="Maisons-Alfort", communes=["94046"], depuis=DEPUIS)
    reponse = coordination.post(_adresse("commune_retirer", plaine, commune="94046"), {"le": "2026-06-01"})
    assert reponse.status_code == 404
    assert Adhesion.objects.get(commune_id="94046").fin is None


@pytest.mark.parametrize("code", ["%00", "99999", "94028%27", "../94028"])
def test_an_address_typed_by_hand_is_not_found(coordination, plaine, code):
    assert coordination.get(f"{_adresse('territoire', plaine)}communes/{code}/retirer/").status_code == 404


GESTES = [
    ("territoire", {}, {}),
    ("communes_recherche", {}, {}),
    ("commune_ajouter", {}, {"commune": "94046", "depuis": "2026-01-01"}),
    ("commune_retirer", {"commune": LIMEIL}, {"le": "2026-06-01"}),
]


@pytest.mark.parametrize(("nom", "arguments", "saisie"), GESTES)
def test_the_neighbour_finds_nothing_and_changes_nothing(voisine, plaine, nom, arguments, saisie):
    avant = list(Adhesion.objects.order_by("pk").values())
    adresse = _adresse(nom, plaine, **arguments)
    assert voisine.get(adresse).status_code == 404
    assert voisine.post(adresse, saisie).status_code == 404
    assert list(Adhesion.objects.order_by("pk").values()) == avant


@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.PRESIDENT, Role.PARQUET])
def test_other_roles_see_and_do_not_change(entrer, plaine, role):
    client = entrer(role)
    page = _texte(client.get(_adresse("territoire", plaine)))
    assert "Créteil" in page
    assert "Retirer" not in page
    for nom, arguments, saisie in GESTES[1:]:
        assert client.get(_adresse(nom, plaine, **arguments)).status_code == 403
        assert client.post(_adresse(nom, plaine, **arguments), saisie).status_code == 403
    assert plaine.adhesions.filter(fin=None).count() == 3
