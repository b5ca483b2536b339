"""A page that is only read cannot write."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from pupitre.acces.models import Utilisateur
from pupitre.acces.services import creer_compte
from pupitre.socle.lecture_seule import (
    EcritureInterdite,
    GardeDeLecture,
    ecriture_permise,
    lecture_seule,
    lue_une_fois,
)
from tests.fabriques import entrer, utilisateur

pytestmark = pytest.mark.django_db


def _vue_qui_ecrit(request):
    creer_compte(email="intruse@exemple.fr", prenom="I", nom="N", password=None)
    return HttpResponse()


@pytest.mark.parametrize("methode", ["get", "head", "options"])
def test_une_lecture_qui_ecrit_echoue_et_rien_n_est_ecrit(methode):
    requete = getattr(RequestFactory(), methode)("/")
    with pytest.raises(EcritureInterdite):
        GardeDeLecture(_vue_qui_ecrit)(requete)
    assert not Utilisateur.objects.exists()


def test_un_envoi_peut_ecrire():
    GardeDeLecture(_vue_qui_ecrit)(RequestFactory().post("/"))
    assert Utilisateur.objects.get().email == "intruse@exemple.fr"


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO essai VALUES (1)",
        "  update essai set n = 2",
        "\n\tDELETE FROM essai",
        "REPLACE INTO essai VALUES (1)",
        "DROP TABLE essai",
        "CREATE TABLE essai2 (n integer)",
        "ALTER TABLE essai ADD m integer",
    ],
)
def test_chaque_forme_d_ecriture_est_vue(sql):
    with lecture_seule(), connection.cursor() as curseur, pytest.raises(EcritureInterdite):
        curseur.execute(sql)


def test_une_lecture_lit():
    with lecture_seule(), connection.cursor() as curseur:
        curseur.execute("SELECT 1")
        assert curseur.fetchone() == (1,)


def test_une_exception_dit_pourquoi_et_se_referme():
    with pytest.raises(ValueError, match="dit pourquoi"), ecriture_permise(""):
        pass
    with lecture_seule():
        with ecriture_permise("consigner une lecture"):
            creer_compte(email="une@exemple.fr", prenom="U", nom="N", password=None)
        with pytest.raises(EcritureInterdite):
            creer_compte(email="deux@exemple.fr", prenom="D", nom="N", password=None)


def test_une_session_perimee_s_efface_pendant_une_lecture(client):
    """The password changed elsewhere: this session falls at its next page, which is a GET."""
    compte = utilisateur()
    entrer(client, compte)
    compte.set_password("un autre mot de passe")
    compte.save()
    assert client.get("/compte/").status_code == 302
    assert not Session.objects.exists()


@lue_une_fois
def _comptes(prefixe: str) -> tuple[str, ...]:
    return tuple(Utilisateur.objects.filter(email__startswith=prefixe).values_list("email", flat=True))


def _compte(email: str) -> Utilisateur:
    return creer_compte(email=email, prenom="A", nom="B", password=None)


def test_dans_une_page_lue_la_meme_question_n_est_posee_qu_une_fois(django_assert_num_queries):
    _compte("ana@exemple.fr")
    with lecture_seule(), django_assert_num_queries(2):
        assert _comptes("ana") == _comptes("ana") == ("ana@exemple.fr",)
        assert _comptes("zoe") == ()


def test_d_une_page_a_l_autre_elle_est_posee_de_nouveau():
    with lecture_seule():
        assert _comptes("ana") == ()
    _compte("ana@exemple.fr")
    with lecture_seule():
        assert _comptes("ana") == ("ana@exemple.fr",)


def test_hors_d_une_lecture_rien_n_est_retenu():
    assert _comptes("ana") == ()
    _compte("ana@exemple.fr")
    assert _comptes("ana") == ("ana@exemple.fr",)


def test_ce_qu_une_lecture_a_ecrit_par_exception_se_lit_ensuite():
    with lecture_seule():
        assert _comptes("ana") == ()
        with ecriture_permise("essai"):
            _compte("ana@exemple.fr")
            assert _comptes("ana") == ("ana@exemple.fr",)
        assert _comptes("ana") == ("ana@exemple.fr",)
