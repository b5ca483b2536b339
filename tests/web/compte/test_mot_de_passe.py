"""Choosing and changing one's password; reading one's own rights."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from pupitre.acces import liens
from pupitre.acces.droits import Role
from pupitre.acces.models import Utilisateur
from tests.fabriques import MOT_DE_PASSE, entrer, utilisateur
from tests.territoires import fabrique

pytestmark = pytest.mark.django_db
NOUVEAU = "une autre phrase, longue aussi"


def _changer(client, actuel=MOT_DE_PASSE, un=NOUVEAU, deux=NOUVEAU):
    return client.post(
        reverse("mot_de_passe"), {"old_password": actuel, "new_password1": un, "new_password2": deux}
    )


def test_changer_garde_cette_session_et_ferme_les_autres(client):
    compte = utilisateur()
    ailleurs = entrer(Client(), compte)
    entrer(client, compte)
    assert _changer(client).status_code == 302
    assert client.get("/compte/").status_code == 200
    assert ailleurs.get("/compte/").status_code == 302
    assert Utilisateur.objects.get().check_password(NOUVEAU)


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"actuel": "faux"}, "pas votre mot de passe actuel"),
        ({"deux": NOUVEAU + "x"}, "diffèrent"),
        ({"un": "court", "deux": "court"}, "12 caractères"),
        ({"un": "motdepasse123", "deux": "motdepasse123"}, None),
    ],
)
def test_ce_qui_est_refuse_ne_change_rien(client, champs, message):
    entrer(client, utilisateur(email="motdepasse123@exemple.fr"))
    reponse = _changer(client, **champs)
    assert reponse.status_code == 200
    assert "à revoir" in reponse.content.decode()
    if message:
        assert message in reponse.content.decode()
    assert Utilisateur.objects.get().check_password(MOT_DE_PASSE)


def _adresse(compte):
    qui, jeton = liens.ecrire(compte)
    return reverse("premier_acces", kwargs={"qui": qui, "jeton": jeton})


def test_le_premier_acces_donne_un_mot_de_passe_et_se_ferme(client):
    compte = utilisateur(password=None)
    adresse = _adresse(compte)
    assert "Bienvenue, Camille" in client.get(adresse).content.decode()
    assert client.get(adresse).status_code == 200, "ouvrir la page n’use pas le lien"
    reponse = client.post(adresse, {"new_password1": NOUVEAU, "new_password2": NOUVEAU})
    assert reponse.url == reverse("connexion")
    assert Utilisateur.objects.get().check_password(NOUVEAU)
    assert client.get(adresse).status_code == 410
    assert client.post(adresse, {"new_password1": "x" * 20, "new_password2": "x" * 20}).status_code == 410
    assert Utilisateur.objects.get().check_password(NOUVEAU)


def test_un_mot_de_passe_refuse_n_use_pas_le_lien(client):
    adresse = _adresse(utilisateur(password=None))
    page = client.post(adresse, {"new_password1": "court", "new_password2": "court"})
    assert page.status_code == 200
    assert "à revoir" in page.content.decode()
    assert client.get(adresse).status_code == 200


def test_mes_acces_disent_ce_que_le_role_ouvre_et_a_qui_revient_le_reste(client, tmp_path):
    fabrique.charger_petite_reference(tmp_path)
    entrer(client, utilisateur(Role.MAIRE_MEMBRE, fabrique.plaine_centrale()))
    page = client.get("/compte/").content.decode()
    assert "Consulter le tableau de bord" in page
    assert "Cela revient à" in page
    assert "Plaine centrale" in page


def test_sans_habilitation_la_page_dit_a_qui_demander(client):
    entrer(client, utilisateur())
    reponse = client.get("/", follow=True)
    assert reponse.redirect_chain == [("/compte/", 302)]
    assert "Aucune habilitation" in reponse.content.decode()
