"""Conventions decide what leaves the team; a neighbour's convention opens nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pupitre.acces.droits import Role
from pupitre.acces.models import Organisation
from pupitre.observatoire.diffusion import editions
from pupitre.observatoire.models import Convention
from pupitre.socle import horloge
from tests.fabriques import empreinte, entrer, utilisateur
from tests.observatoire import fabrique

pytestmark = pytest.mark.django_db


def _tableau(client, conseil, role):
    entrer(client, utilisateur(role, conseil))
    return client.get(reverse("tableau", args=[conseil.slug])).content.decode()


def _csv(client, conseil, role):
    entrer(client, utilisateur(role, conseil))
    return client.get(reverse("tableau-export", args=[conseil.slug, "serie", "csv"]))


def test_sans_convention_les_chiffres_ne_vont_qu_a_l_equipe(monde, client):
    assert "Occupations de hall" in _tableau(client, monde.conseil, Role.MAIRE_MEMBRE)
    Convention.objects.all().delete()
    assert "Occupations de hall" in _tableau(client, monde.conseil, Role.COORDINATEUR)
    assert "Occupations de hall" not in _tableau(client, monde.conseil, Role.MAIRE_MEMBRE)
    assert _csv(client, monde.conseil, Role.MAIRE_MEMBRE).status_code == 404
    assert _csv(client, monde.conseil, Role.COORDINATEUR).status_code == 200


@pytest.mark.parametrize(
    "champs",
    [
        {"destinataires": ["partenaires"]},
        {"usages": ["transmission"]},
        {"fin": date(2024, 12, 31)},
        {"debut": date(2030, 1, 1)},
    ],
)
def test_une_convention_qui_ne_le_permet_pas_ne_l_ouvre_pas(monde, client, champs):
    Convention.objects.update(**champs)
    assert "Occupations de hall" not in _tableau(client, monde.conseil, Role.MAIRE_MEMBRE)


def test_la_convention_d_une_autre_source_n_ouvre_rien(monde, client):
    Convention.objects.all().delete()
    fabrique.source(monde.conseil, code="trams", nom="Incidents de tramway",
                    organisation=fabrique.organisation(monde.conseil, "Transports"))  # fmt: skip
    assert "Occupations de hall" not in _tableau(client, monde.conseil, Role.MAIRE_MEMBRE)


def test_le_bulletin_ne_dit_que_ce_qui_est_permis(monde):
    from pupitre.moteur.erreurs import ErreurPupitre

    Convention.objects.update(usages=["tableau"])
    with pytest.raises(ErreurPupitre, match="Aucun chiffre n’est publié"):
        editions.preparer_periode(conseil=monde.conseil, periode="2026-08")


def test_l_equipe_sait_ce_que_les_maires_ne_lisent_pas(monde, client):
    ecrire = reverse("bulletin-ecrire", args=[monde.conseil.slug])
    assert "que seule votre équipe lit" not in _tableau(client, monde.conseil, Role.COORDINATEUR)
    assert "Ce qui n’y sera pas" not in client.get(ecrire).content.decode()
    Convention.objects.update(usages=["etude"])
    tableau = _tableau(client, monde.conseil, Role.COORDINATEUR)
    assert "source que seule votre équipe lit" in tableau
    assert "la convention ne permet pas cet usage" in tableau
    page = client.get(ecrire).content.decode()
    assert "Bulletins et faits marquants" in page.partition("Ce qui n’y sera pas")[2]
    assert "Études et diagnostics" not in page.partition("Ce qui n’y sera pas")[2]
    assert "que seule votre équipe lit" not in _tableau(client, monde.conseil, Role.MAIRE_MEMBRE)


def test_les_reserves_suivent_les_chiffres(monde, client):
    Convention.objects.update(reserves="Hors parc privé.")
    reponse = _csv(client, monde.conseil, Role.MAIRE_MEMBRE)
    assert "Hors parc privé." in reponse.content.decode("utf-8-sig")


def test_saisir_une_convention_avec_son_fichier_signe(monde, client):
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    adresse = reverse("convention-ajouter", args=[monde.conseil.slug])
    donnees = {
        "organisation": monde.source.organisation_id, "objet": "Partage 2027", "sources": [monde.source.pk],
        "debut": "2027-01-01", "fin": "2027-12-31", "alerte": 60, "destinataires": ["elus"],
        "usages": ["tableau"], "delai": 20, "rythme": 7, "relances_max": 3,
    }  # fmt: skip
    mauvais = donnees | {"signee": SimpleUploadedFile("c.pdf", b"pas un pdf")}
    avant = empreinte()
    assert client.post(adresse, mauvais).status_code == 422
    assert empreinte() == avant
    assert client.post(adresse, donnees | {"fin": "2026-12-31"}).status_code == 422
    assert (
        client.post(adresse, donnees | {"signee": SimpleUploadedFile("c.pdf", b"%PDF-1.7")}).status_code
        == 302
    )
    c = Convention.objects.get(objet="Partage 2027")
    signee = reverse("convention-signee", args=[monde.conseil.slug, c.pk])
    assert b"".join(client.get(signee).streaming_content) == b"%PDF-1.7"
    projet = reverse("convention-document", args=[monde.conseil.slug, c.pk, "odt"])
    assert client.get(projet).content.startswith(b"PK")


def test_un_partenaire_lit_ses_conventions_et_pas_celles_d_un_autre(monde, client):
    voisine = fabrique.organisation(monde.conseil, "Transports", Organisation.Nature.TRANSPORTEUR)
    entrer(client, utilisateur(Role.PARTENAIRE, monde.conseil, organisation=voisine))
    page = client.get(reverse("conventions", args=[monde.conseil.slug]))
    assert page.status_code == 200
    assert "Données de l’observatoire" not in page.content.decode()
    sienne = monde.source.conventions.get()
    assert client.get(reverse("convention", args=[monde.conseil.slug, sienne.pk])).status_code == 404
    entrer(client, utilisateur(Role.PARTENAIRE, monde.conseil, organisation=monde.source.organisation))
    assert client.get(reverse("convention", args=[monde.conseil.slug, sienne.pk])).status_code == 200


def test_l_echeance_attend_sur_la_page_d_accueil(monde, client):
    Convention.objects.update(fin=date(2026, 12, 31))
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    with horloge.figee(date(2026, 11, 23)):
        assert "La convention avec Créteil Habitat expire" in client.get("/").content.decode()
    with horloge.figee(date(2026, 9, 1)):
        assert "La convention avec" not in client.get("/").content.decode()
