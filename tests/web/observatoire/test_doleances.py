"""Complaints on screen: an office enters its own in two minutes, closes its month; a neighbour sees none of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from pupitre.acces.droits import Role
from pupitre.acces.models import Habilitation
from pupitre.observatoire.models import Doleance, Livraison, MoisDoleances
from pupitre.socle import horloge
from pupitre.territoires.models import Commune
from tests.fabriques import empreinte, entrer, utilisateur
from tests.territoires import fabrique as territoires

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def novembre():
    with horloge.figee(date(2026, 11, 23)):
        yield


def _adresse(monde, nom, *arguments):
    return reverse(nom, args=[monde.conseil.slug, *arguments])


def _maire(monde, code=territoires.LIMEIL):
    return utilisateur(Role.MAIRE_MEMBRE, monde.conseil, commune=Commune.objects.get(code=code))


def _saisie(code=territoires.LIMEIL, **champs):
    return {
        "commune": code,
        "recue_le": "2026-10-12",
        "canal": "telephone",
        "nature": "inc:doleance_rodeo",
        "secteur": "",
        "moment": "soiree",
        "texte": "",
    } | champs


def test_saisir_puis_la_suivante_garde_le_jour_et_la_voie(monde, client):
    entrer(client, _maire(monde))
    reponse = client.post(_adresse(monde, "doleance-saisir"), _saisie(suivante="1"), follow=True)
    gardee = Doleance.objects.get(nature="inc:doleance_rodeo")
    assert (gardee.commune_id, gardee.moment) == (territoires.LIMEIL, "soiree")
    page = reponse.content.decode()
    assert "La doléance est gardée" in page
    assert 'value="2026-10-12"' in page
    assert '<option value="telephone" selected>' in page


def test_un_nom_est_signale_avant_d_etre_garde_et_rien_n_est_perdu(monde, client):
    entrer(client, _maire(monde))
    fautive = _saisie(texte="Mme Petit se plaint des motos")
    avant = empreinte()
    reponse = client.post(_adresse(monde, "doleance-saisir"), fautive)
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert empreinte() == avant
    assert "Mme Petit" in page
    assert "semble désigner une personne" in page
    assert 'type="checkbox" name="confirme"' in page
    assert client.post(_adresse(monde, "doleance-saisir"), fautive | {"confirme": "on"}).status_code == 302


def test_une_mairie_ne_voit_ni_ne_saisit_pour_une_autre(monde, client):
    autre = monde.conseil.doleances.get()
    assert autre.commune_id == territoires.ALFORTVILLE
    entrer(client, _maire(monde))
    assert "vendredi soir" not in client.get(_adresse(monde, "doleances")).content.decode()
    avant = empreinte()
    for nom in ("doleance", "doleance-modifier"):
        assert client.get(_adresse(monde, nom, autre.pk)).status_code == 404
    for nom in ("doleance-suivre", "doleance-supprimer", "doleance-modifier"):
        assert client.post(_adresse(monde, nom, autre.pk), {"suite": "traitee"}).status_code == 404
    assert (
        client.post(_adresse(monde, "doleance-saisir"), _saisie(territoires.ALFORTVILLE)).status_code == 422
    )
    mois = {"commune": territoires.ALFORTVILLE, "mois": "2026-10-01"}
    assert client.post(_adresse(monde, "doleances-clore"), mois).status_code == 404
    assert client.post(_adresse(monde, "doleances-rouvrir"), mois).status_code == 404
    assert empreinte() == avant
    csv = client.get(_adresse(monde, "doleances-export", "csv")).content.decode("utf-8-sig")
    assert "Alfortville" not in csv


def test_sans_commune_la_page_dit_a_qui_le_demander(monde, client):
    compte = _maire(monde)
    Habilitation.objects.filter(utilisateur=compte).update(commune=None)
    entrer(client, compte)
    assert "Pour quelle commune parlez-vous" in client.get(_adresse(monde, "doleances")).content.decode()
    assert client.get(_adresse(monde, "doleance-saisir")).status_code == 403
    assert client.post(_adresse(monde, "doleance-saisir"), _saisie()).status_code == 403


def test_la_mairie_clot_son_mois_et_la_coordination_le_verse(monde, client):
    maire = _maire(monde, territoires.ALFORTVILLE)
    entrer(client, maire)
    assert "Clore les doléances d’octobre 2026" in client.get("/").content.decode()
    page = client.get(_adresse(monde, "doleances")).content.decode()
    assert "Verser" not in page
    mois = {"commune": territoires.ALFORTVILLE, "mois": "2026-10-01"}
    client.post(_adresse(monde, "doleances-clore"), mois)
    assert MoisDoleances.objects.get().clos_par == maire
    assert client.post(_adresse(monde, "doleances-verser"), {"mois": "2026-10"}).status_code == 403
    assert "Clore les doléances" not in client.get("/").content.decode()

    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    assert "Verser les doléances d’octobre 2026" in client.get("/").content.decode()
    page = client.get(_adresse(monde, "doleances")).content.decode()
    assert "Clos par toutes les mairies qui saisissent." in page
    reponse = client.post(_adresse(monde, "doleances-verser"), {"mois": "2026-10"}, follow=True)
    assert "versé à l’observatoire" in reponse.content.decode()
    livraison = Livraison.objects.publiees().get(source__modele="doleances-saisies")
    assert livraison.lecture["total"] == 1
    assert "déjà versé" not in reponse.content.decode()
    assert _adresse(monde, "livraison", livraison.pk) in reponse.content.decode()


def test_suivre_une_doleance(monde, client):
    doleance = monde.conseil.doleances.get()
    entrer(client, _maire(monde, territoires.ALFORTVILLE))
    adresse = _adresse(monde, "doleance-suivre", doleance.pk)
    assert client.post(adresse, {"suite": "transmise", "service": ""}).status_code == 422
    assert client.post(adresse, {"suite": "transmise", "service": "police_municipale"}).status_code == 302
    page = client.get(_adresse(monde, "doleance", doleance.pk)).content.decode()
    assert "police municipale" in page
    assert "police municipale" in client.get(_adresse(monde, "doleances")).content.decode()
    filtree = client.get(_adresse(monde, "doleances"), {"suite": "a_traiter"}).content.decode()
    assert "Aucune doléance ne répond à ce choix" in filtree


def test_les_comptes_par_secteur_et_par_nature(monde, client):
    entrer(client, _maire(monde, territoires.ALFORTVILLE))
    page = client.get(_adresse(monde, "doleances-comptes")).content.decode()
    assert "Alfortville, sans secteur" in page
    csv = client.get(_adresse(monde, "doleances-comptes-export", "csv")).content.decode("utf-8-sig")
    assert "Le bruit" in csv
    assert "non un fait constaté" in csv
    entrer(client, _maire(monde))
    assert "Le bruit" not in client.get(_adresse(monde, "doleances-comptes")).content.decode()
