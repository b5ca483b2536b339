"""Import of secteurs on screen: report, consent, refusal, and the map under a strict CSP."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pupitre.acces.droits import Role
from pupitre.territoires.decoupages import importer_decoupage, recevoir_contours
from pupitre.territoires.models import ContoursRecus, Decoupage
from tests.moteur.geographie.formes import carre, collection, en_degres, entite, quartiers
from tests.territoires.test_decoupages import NOEUD

PROPRE = quartiers(*en_degres(carre(0, 0), carre(1000, 0)))
SAISIE = {"nom": "Quartiers 2026", "debut": "2026-01-01", "origine": "Service SIG, mars 2026"}


def _adresse(nom, conseil, **arguments):
    return reverse(nom, kwargs={"conseil": conseil.slug, **arguments})


def _texte(reponse):
    return reponse.content.decode().replace("\u202f", " ").replace("\xa0", " ")


def _deposer(client, conseil, contenu=PROPRE, **saisie):
    fichier = SimpleUploadedFile("quartiers.geojson", contenu, content_type="application/geo+json")
    return client.post(_adresse("secteurs_importer", conseil), {**SAISIE, **saisie, "fichier": fichier})


def test_report_then_confirmation(coordination, plaine):
    reponse = _deposer(coordination, plaine)
    attente = ContoursRecus.objects.get()
    assert reponse.url == _adresse("secteurs_controle", plaine, recus=attente.pk)
    page = _texte(coordination.get(reponse.url))
    assert "Rien n’a encore changé" in page
    assert "2 secteurs, en WGS84" in page
    assert "propriété « code »" in page
    assert not Decoupage.objects.exists()
    assert "attend votre confirmation" in _texte(coordination.get(_adresse("territoire", plaine)))

    fin = coordination.post(reponse.url, {"geste": "confirmer"}, follow=True)
    decoupage = Decoupage.objects.get()
    assert (decoupage.nom, decoupage.debut, decoupage.origine) == (
        "Quartiers 2026",
        date(2026, 1, 1),
        SAISIE["origine"],
    )
    page = _texte(fin)
    assert "Quartier 2" in page
    assert "<svg" in page
    assert coordination.get(reponse.url).status_code == 404


def test_abandoned(coordination, plaine):
    adresse = _deposer(coordination, plaine).url
    coordination.post(adresse, {"geste": "abandonner"})
    assert not ContoursRecus.objects.exists()
    assert not Decoupage.objects.exists()


@pytest.mark.parametrize(
    ("contenu", "saisie", "attendu"),
    [
        (b"bonjour", {}, "n’est pas un GeoJSON"),
        (b"", {}, "Le fichier est vide"),
        (collection(entite({"type": "Point", "coordinates": [2.4, 48.8]})), {}, "L’entité n° 1"),
        (quartiers(carre(0, 0), crs="EPSG:4326"), {}, "contradictoire"),
        (PROPRE, {"champ_code": "insee"}, "Aucune entité ne porte"),
        (PROPRE, {"debut": "un jour"}, "date"),
        (PROPRE, {"origine": ""}, "obligatoire"),
    ],
)
def test_refusals_keep_what_was_typed(coordination, plaine, contenu, saisie, attendu):
    reponse = _deposer(coordination, plaine, contenu, **saisie)
    assert reponse.status_code == 422
    page = _texte(reponse)
    assert attendu in page
    assert 'value="Quartiers 2026"' in page
    assert not ContoursRecus.objects.exists()


def test_a_date_in_the_past_of_a_division(coordination, plaine):
    importer_decoupage(conseil=plaine, fichier=PROPRE, nom="Anciens", debut=date(2026, 3, 1), origine="Ville")
    page = _texte(_deposer(coordination, plaine))
    assert "« Anciens » est déjà en vigueur depuis le 1er mars 2026" in page
    assert Decoupage.objects.count() == 1


def test_a_blocking_finding_offers_no_confirmation(coordination, plaine):
    formes = en_degres(carre(0, 0), carre(1000, 0))
    adresse = _deposer(
        coordination, plaine, collection(*(entite(f, code="A", nom="Gare") for f in formes))
    ).url
    page = _texte(coordination.get(adresse))
    assert "est porté par les entités n° 1, 2" in page
    assert 'value="confirmer"' not in page
    assert coordination.post(adresse, {"geste": "confirmer"}).status_code == 422
    assert not Decoupage.objects.exists()


def test_a_correction_needs_consent(coordination, plaine):
    adresse = _deposer(coordination, plaine, quartiers(*en_degres(carre(2000, 0), NOEUD))).url
    page = _texte(coordination.get(adresse))
    assert "se croise lui-même" in page
    assert "Accepter la correction proposée" in page
    refus = coordination.post(adresse, {"geste": "confirmer"})
    assert refus.status_code == 422
    assert "Acceptez les corrections proposées" in _texte(refus)
    assert not Decoupage.objects.exists()
    coordination.post(adresse, {"geste": "confirmer", "corriger": "oui"})
    assert Decoupage.objects.get().secteurs.count() == 2


def test_a_received_file_that_vanished(coordination, plaine, settings):
    adresse = _deposer(coordination, plaine).url
    (settings.MEDIA_ROOT / ContoursRecus.objects.get().fichier).unlink()
    reponse = coordination.get(adresse)
    assert "n’est plus tel qu’il a été reçu" in _texte(reponse)
    assert coordination.post(adresse, {"geste": "confirmer"}).status_code == 422


def test_names_of_a_hostile_file_are_escaped(coordination, plaine):
    forme = en_degres(carre(0, 0))[0]
    mechant = "<script>alert(1)</script>"
    adresse = _deposer(
        coordination, plaine, collection(entite(forme, code="A", nom=mechant, **{mechant: 1}))
    ).url
    assert mechant not in _texte(coordination.get(adresse))
    coordination.post(adresse, {"geste": "confirmer"})
    assert mechant not in _texte(coordination.get(_adresse("territoire", plaine)))


def test_map_holds_no_style_and_french_numbers_do_not_break_it(coordination, plaine):
    importer_decoupage(conseil=plaine, fichier=PROPRE, nom="Q", debut=date(2020, 1, 1), origine="Ville")
    page = coordination.get(_adresse("territoire", plaine)).content.decode()
    svg = page[page.index("<svg viewBox") : page.index("</figure>")]
    assert "style=" not in svg
    assert re.search(r'viewBox="0 0 640 \d+"', svg)
    assert len(re.findall(r'<path d="M[\d. LZM]+"', svg)) == 2
    assert all("," not in v for v in re.findall(r' (?:x|y|d)="([^"]*)"', svg))


def test_the_map_costs_no_query_per_secteur(coordination, plaine, django_assert_max_num_queries):
    formes = en_degres(*(carre(500 * i, 0, 500) for i in range(12)))
    importer_decoupage(
        conseil=plaine, fichier=quartiers(*formes), nom="Q", debut=date(2020, 1, 1), origine="Ville"
    )
    with django_assert_max_num_queries(14):
        assert coordination.get(_adresse("territoire", plaine)).status_code == 200


def test_history_of_divisions(coordination, plaine):
    for nom, annee in (("Anciens", 2020), ("Nouveaux", 2025)):
        importer_decoupage(conseil=plaine, fichier=PROPRE, nom=nom, debut=date(annee, 1, 1), origine="Ville")
    page = _texte(coordination.get(_adresse("territoire", plaine)))
    assert "31 déc. 2024" in page
    ancien = Decoupage.objects.get(nom="Anciens")
    page = _texte(coordination.get(_adresse("decoupage", plaine, decoupage=ancien.pk)))
    assert "jusqu’au 31 décembre 2024" in page
    assert ancien.fichier_sha256[:16] in page


def test_the_neighbour_finds_nothing_and_changes_nothing(voisine, plaine):
    decoupage = importer_decoupage(
        conseil=plaine, fichier=PROPRE, nom="Q", debut=date(2020, 1, 1), origine="Ville"
    )
    attente = recevoir_contours(
        conseil=plaine, fichier=PROPRE, nom_fichier="q", nom="R", debut=date(2025, 1, 1), origine="Ville"
    )
    controle = _adresse("secteurs_controle", plaine, recus=attente.pk)
    assert voisine.get(_adresse("decoupage", plaine, decoupage=decoupage.pk)).status_code == 404
    assert voisine.get(controle).status_code == 404
    for geste in ("confirmer", "abandonner"):
        assert voisine.post(controle, {"geste": geste}).status_code == 404
    assert _deposer(voisine, plaine).status_code == 404
    assert (Decoupage.objects.get(), ContoursRecus.objects.get()) == (decoupage, attente)


def test_another_council_s_objects_are_not_found_under_one_s_own_address(voisine, plaine):
    from pupitre.territoires.models import Conseil

    decoupage = importer_decoupage(
        conseil=plaine, fichier=PROPRE, nom="Q", debut=date(2020, 1, 1), origine="Ville"
    )
    attente = recevoir_contours(
        conseil=plaine, fichier=PROPRE, nom_fichier="q", nom="R", debut=date(2025, 1, 1), origine="Ville"
    )
    sienne = Conseil.objects.get(slug="maisons-alfort")
    assert voisine.get(_adresse("decoupage", sienne, decoupage=decoupage.pk)).status_code == 404
    reponse = voisine.post(_adresse("secteurs_controle", sienne, recus=attente.pk), {"geste": "confirmer"})
    assert reponse.status_code == 404
    assert Decoupage.objects.get() == decoupage


@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.DGS, Role.PARQUET])
def test_other_roles_look_and_do_not_import(entrer, plaine, role):
    decoupage = importer_decoupage(
        conseil=plaine, fichier=PROPRE, nom="Q", debut=date(2020, 1, 1), origine="Ville"
    )
    client = entrer(role)
    assert client.get(_adresse("decoupage", plaine, decoupage=decoupage.pk)).status_code == 200
    assert client.get(_adresse("secteurs_importer", plaine)).status_code == 403
    assert _deposer(client, plaine).status_code == 403
    assert not ContoursRecus.objects.exists()
