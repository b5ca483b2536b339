"""Opening a council on screen."""

from __future__ import annotations

import pytest
from django.urls import reverse

from pupitre.acces.droits import Role
from pupitre.territoires.models import Conseil
from tests import fabriques
from tests.territoires import fabrique as territoires


@pytest.fixture
def administrateur(db, tmp_path, client):
    territoires.charger_petite_reference(tmp_path)
    return fabriques.entrer(client, fabriques.utilisateur(Role.ADMINISTRATEUR))


def _ouvrir(client, code, **champs):
    return client.post(reverse("conseil-creer"), {"code": code, "depuis": "2026-01-05", **champs})


def test_une_commune_par_son_nom_donne_un_clspd_et_sa_pleniere(administrateur):
    assert _ouvrir(administrateur, "limeil brevannes").status_code == 302
    conseil = Conseil.objects.get()
    assert (conseil.nature, [c.nom for c in conseil.communes_as_of()]) == ("clspd", ["Limeil-Brévannes"])
    assert [f.nature for f in conseil.formations.all()] == ["pleniere"]
    assert "Limeil-Brévannes" in administrateur.get(reverse("conseils-ouverts")).content.decode()


def test_une_intercommunalite_par_son_numero_donne_un_cispd(administrateur):
    from pupitre.territoires.models import Commune

    code = Commune.objects.get(code=territoires.LIMEIL).ept
    assert _ouvrir(administrateur, code, nom="Sud Est").status_code == 302
    assert (Conseil.objects.get().nature, Conseil.objects.get().nom) == ("cispd", "Sud Est")


@pytest.mark.parametrize("code", ["99999", "Nulle-Part-sur-Mer", "", "123456789"])
def test_un_territoire_inconnu_est_refuse_sans_perdre_la_saisie(administrateur, code):
    reponse = _ouvrir(administrateur, code, nom="Mon conseil")
    assert reponse.status_code == 422
    assert "Mon conseil" in reponse.content.decode()
    assert not Conseil.objects.exists()


def test_le_meme_conseil_ne_s_ouvre_pas_deux_fois(administrateur):
    _ouvrir(administrateur, territoires.CRETEIL)
    reponse = _ouvrir(administrateur, territoires.CRETEIL)
    assert reponse.status_code == 422
    assert Conseil.objects.count() == 1


def test_la_coordination_n_ouvre_pas_de_conseil(administrateur, client):
    conseil = territoires.plaine_centrale()
    fabriques.entrer(client, fabriques.utilisateur(Role.COORDINATEUR, conseil))
    assert _ouvrir(client, territoires.CRETEIL).status_code == 403
    assert Conseil.objects.count() == 1
