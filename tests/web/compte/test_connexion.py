"""Signing in, signing out, the lock, the return address, the offered accounts."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.urls import reverse

from pupitre.web.compte.demonstration import NOM_FICHIER
from tests.fabriques import MOT_DE_PASSE, entrer, utilisateur

pytestmark = pytest.mark.django_db
CONNEXION = "/connexion/"


def _essai(client, email="camille@exemple.fr", password=MOT_DE_PASSE, **autres):
    return client.post(CONNEXION, {"username": email, "password": password, **autres})


@pytest.fixture
def camille():
    return utilisateur(email="camille@exemple.fr")


def test_le_bon_mot_de_passe_entre_quelle_que_soit_la_casse_de_l_adresse(client, camille):
    reponse = _essai(client, "Camille@Exemple.FR")
    assert (reponse.status_code, reponse.url) == (302, reverse("accueil"))
    assert client.session["_auth_user_id"] == str(camille.pk)


def test_un_refus_ne_dit_pas_si_le_compte_existe_et_garde_l_adresse(client, camille):
    faux = _essai(client, password="autre").content.decode()
    inconnu = _essai(client, "personne@exemple.fr").content.decode()
    message = "ne vont pas ensemble"
    assert message in faux
    assert message in inconnu
    assert 'value="camille@exemple.fr"' in faux
    assert "_auth_user_id" not in client.session


def test_un_compte_ferme_n_entre_pas(client, camille):
    camille.is_active = False
    camille.save()
    assert _essai(client).status_code == 200
    assert "_auth_user_id" not in client.session


def test_les_champs_vides_sont_nommes_un_par_un(client):
    page = client.post(CONNEXION, {}).content.decode()
    assert "2 points sont à revoir" in page
    assert "Écrivez votre mot de passe." in page
    assert page.count('aria-invalid="true"') == 2


@pytest.mark.parametrize(
    ("voulue", "obtenue"),
    [
        ("/compte/", "/compte/"),
        ("https://ailleurs.example/", "/"),
        ("//ailleurs.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_on_revient_a_la_page_voulue_si_elle_est_d_ici(client, camille, voulue, obtenue):
    assert _essai(client, next=voulue).url == obtenue


def test_se_deconnecter_est_un_envoi(client, camille):
    entrer(client, camille)
    assert client.get("/deconnexion/").status_code == 405
    assert "_auth_user_id" in client.session
    assert client.post("/deconnexion/").url == CONNEXION
    assert "_auth_user_id" not in client.session


def test_huit_essais_ferment_la_porte_de_ce_compte_et_de_lui_seul(client, camille, settings):
    settings.AXES_ENABLED = True
    utilisateur(email="voisine@exemple.fr")
    for n in range(8):
        reponse = _essai(client, "camille@exemple.fr" if n % 2 else "CAMILLE@exemple.fr", "faux")
    assert reponse.status_code == 429
    assert "quart d’heure" in reponse.content.decode()
    assert _essai(client).status_code == 429, "même le bon mot de passe attend"
    assert _essai(client, "voisine@exemple.fr").status_code == 302


def test_l_apparence_est_un_temoin_qui_ne_dit_rien_d_autre(client):
    reponse = client.post("/apparence/", {"apparence": "sombre", "suite": CONNEXION})
    assert reponse.url == CONNEXION
    assert reponse.cookies["pupitre_apparence"].value == "sombre"
    assert 'data-apparence="sombre"' in client.get(CONNEXION).content.decode()
    client.post("/apparence/", {"apparence": "auto"})
    assert "data-apparence" not in client.get(CONNEXION).content.decode()


def test_une_apparence_inventee_n_entre_pas_dans_la_page(client):
    client.cookies["pupitre_apparence"] = '"><script>'
    assert "<script>" not in client.get(CONNEXION).content.decode()
    client.post("/apparence/", {"apparence": "clignotant"})
    assert not client.cookies["pupitre_apparence"].value


@pytest.fixture
def fichier_demo(settings, tmp_path, camille):
    settings.CONFIGURATION = replace(settings.CONFIGURATION, donnees=tmp_path)
    comptes = [{"email": camille.email, "mot_de_passe": MOT_DE_PASSE, "role": "x"}]
    (tmp_path / NOM_FICHIER).write_text(json.dumps({"comptes": comptes}), "utf-8")


def test_la_demonstration_offre_ses_comptes(client, fichier_demo, settings):
    settings.DONNEES_FICTIVES = True
    page = client.get(CONNEXION).content.decode()
    assert "Entrer" in page
    assert "Camille Martin" in page


def test_ailleurs_aucun_compte_n_est_offert(client, fichier_demo):
    page = client.get(CONNEXION).content.decode()
    assert "Camille Martin" not in page
    assert MOT_DE_PASSE not in page


def test_un_fichier_de_demonstration_abime_n_empeche_pas_d_entrer(client, fichier_demo, settings, tmp_path):
    settings.DONNEES_FICTIVES = True
    (tmp_path / NOM_FICHIER).write_text("{", "utf-8")
    assert client.get(CONNEXION).status_code == 200
