"""The list of personal links, and their withdrawal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.acces.models import LienActe
from pupitre.acces.selectors import liens_de
from pupitre.socle import horloge
from pupitre.web.liens_ouverts.views import GESTES
from tests.fabriques import OBJETS_DES_LIENS, entrer, utilisateur

pytestmark = pytest.mark.django_db


@pytest.fixture
def equipe(monde, client):
    return entrer(client, utilisateur(Role.ASSISTANT, monde.conseil))


def _adresse(monde, nom="liens-ouverts", **reste) -> str:
    return reverse(nom, kwargs={"conseil": monde.conseil.slug} | reste)


def test_chaque_geste_se_dit():
    assert set(GESTES) == set(OBJETS_DES_LIENS)


def test_un_lien_se_suit_puis_se_retire(monde, equipe):
    jeton = monde.lien("reponse-convocation")
    lien = LienActe.objects.latest("pk")
    chemin = reverse("reponse-convocation", args=[jeton])
    Client().get(chemin)
    page = equipe.get(_adresse(monde), {"q": "morel"}).content.decode()
    assert "Répondre à une convocation" in page
    assert "1 fois" in page
    assert equipe.post(_adresse(monde, "lien-ouvert-retirer", personnel=lien.pk)).status_code == 302
    assert Client().get(chemin).status_code == 410
    assert "retiré" in equipe.get(_adresse(monde), {"etat": "retire"}).content.decode()


def test_les_quatre_etats(monde):
    def creer(**champs):
        lien = actes.creer(acte="visa", objet=1, conseil=monde.conseil, nom="Essai", jours=7)
        LienActe.objects.filter(pk=lien.pk).update(**champs)
        return lien

    hier = horloge.maintenant() - timedelta(days=1)
    servi, expire, retire, ouvert = creer(), creer(expire_le=hier), creer(revoque_le=hier), creer()
    actes.accomplir(servi)
    etats = dict(liens_de(monde.conseil, q="Essai").values_list("pk", "etat"))
    assert etats == {servi.pk: "servi", expire.pk: "expire", retire.pk: "retire", ouvert.pk: "ouvert"}


def test_l_equipe_voisine_ne_retire_rien(monde, client):
    entrer(client, utilisateur(Role.COORDINATEUR, monde.voisin))
    chemin = reverse("lien-ouvert-retirer", args=[monde.voisin.slug, monde.lien_de_depot.pk])
    assert client.post(chemin).status_code == 404
    monde.lien_de_depot.refresh_from_db()
    assert monde.lien_de_depot.revoque_le is None


def test_la_liste_tient_en_peu_de_requetes(monde, equipe, django_assert_max_num_queries):
    for n in range(60):
        actes.creer(acte="depot", objet=n, conseil=monde.conseil, nom=f"Personne {n}", jours=7)
    equipe.get(_adresse(monde))
    with django_assert_max_num_queries(9):
        equipe.get(_adresse(monde), {"etat": "tous"})
