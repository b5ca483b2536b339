"""« Mon agenda »: the address is shown once, is one's own, and works without a session."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from pupitre.acces.droits import Role
from pupitre.conseils import abonnements
from pupitre.conseils.models import AbonnementAgenda
from tests.fabriques import empreinte, entrer, utilisateur

pytestmark = pytest.mark.django_db


def _page(monde, nom="mon-agenda", **reste) -> str:
    return reverse(nom, kwargs={"conseil": monde.conseil.slug} | reste)


def _creer(client, monde, **champs) -> str:
    """The path of the address that the page shows."""
    donnees = {"libelle": "Téléphone", "portee": "visibles", "echeances": "on"} | champs
    page = client.post(_page(monde), donnees)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    return re.search(r"http://testserver(/agenda/\w+/seances\.ics)", page.content.decode())[1]


@pytest.fixture
def coordination(monde, client):
    return entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))


def test_l_adresse_est_montree_une_fois_et_se_lit_sans_session(monde, coordination):
    adresse = _creer(coordination, monde)
    assert f"webcal://testserver{adresse}" not in coordination.get(_page(monde)).content.decode()
    assert adresse.split("/")[2] not in coordination.get(_page(monde)).content.decode()
    reponse = Client().get(adresse)
    assert reponse.status_code == 200
    assert reponse["Content-Type"] == "text/calendar; charset=utf-8"
    assert reponse["Cache-Control"] == "private, no-cache"
    assert reponse["X-Robots-Tag"] == "noindex"
    assert not reponse.cookies
    assert len(Calendar.from_ical(reponse.content).walk("VEVENT")) >= 2
    assert "lue pour la dernière fois" in coordination.get(_page(monde)).content.decode()


def test_un_agenda_qui_a_deja_tout_ne_recoit_rien(monde, coordination):
    adresse = _creer(coordination, monde)
    premiere = Client().get(adresse)
    seconde = Client().get(adresse, headers={"If-None-Match": premiere["ETag"]})
    assert (seconde.status_code, seconde.content) == (304, b"")
    assert seconde["ETag"] == premiere["ETag"]
    monde.seance.lieu = "Salle des fêtes"
    monde.seance.save()
    troisieme = Client().get(adresse, headers={"If-None-Match": premiere["ETag"]})
    assert troisieme.status_code == 200
    assert troisieme["ETag"] != premiere["ETag"]
    assert Client().head(adresse)["ETag"] == troisieme["ETag"]
    assert Client().post(adresse).status_code == 405


def test_changer_puis_retirer_l_adresse(monde, coordination):
    adresse = _creer(coordination, monde)
    pk = AbonnementAgenda.objects.exclude(utilisateur=monde.compte).get().pk
    page = coordination.post(_page(monde, "mon-agenda-renouveler", abonnement=pk)).content.decode()
    nouvelle = re.search(r"http://testserver(/agenda/\w+/seances\.ics)", page)[1]
    assert Client().get(adresse).status_code == 404
    assert Client().get(nouvelle).status_code == 200
    assert coordination.post(_page(monde, "mon-agenda-retirer", abonnement=pk)).status_code == 302
    ferme = Client().get(nouvelle)
    assert (ferme.status_code, ferme["Content-Type"]) == (410, "text/plain; charset=utf-8")
    assert b"VEVENT" not in ferme.content


def test_un_compte_ferme_et_une_lecture_trop_frequente(monde, coordination, monkeypatch):
    adresse = _creer(coordination, monde)
    monkeypatch.setattr(abonnements, "PAR_HEURE", 1)
    assert Client().get(adresse).status_code == 200
    trop = Client().get(adresse)
    assert (trop.status_code, trop["Retry-After"]) == (429, "3600")
    compte = AbonnementAgenda.objects.exclude(utilisateur=monde.compte).get().utilisateur
    compte.is_active = False
    compte.save()
    assert Client().get(adresse).status_code == 410


@pytest.mark.parametrize("nom", ["mon-agenda-renouveler", "mon-agenda-retirer"])
def test_l_adresse_d_une_autre_personne_ne_se_touche_pas(monde, coordination, nom):
    """A colleague of the same council and right, then the owner of another address of the same council."""
    avant = empreinte()
    sienne = monde.compte.abonnements_agenda.get()
    assert coordination.post(_page(monde, nom, abonnement=sienne.pk)).status_code == 404
    assert empreinte() == avant
    assert coordination.get(_page(monde)).content.decode().count("Changer l’adresse") == 0


def test_un_formulaire_incomplet_le_dit(monde, coordination):
    avant = empreinte()
    reponse = coordination.post(_page(monde), {"libelle": "", "portee": "tout"})
    assert reponse.status_code == 422
    assert "Dites quel agenda la lira." in reponse.content.decode()
    assert empreinte() == avant


@pytest.mark.parametrize("nom", ["seances", "seances-calendrier"])
def test_on_y_vient_des_seances_et_de_son_compte(monde, coordination, nom):
    for page in (reverse(nom, args=[monde.conseil.slug]), reverse("mes_acces")):
        assert _page(monde) in coordination.get(page).content.decode()
