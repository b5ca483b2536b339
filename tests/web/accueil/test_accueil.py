"""The first page of each person; health; refusals and failures."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from unittest.mock import Mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pupitre.acces.droits import Role
from pupitre.conseils.decisions import services as decisions
from pupitre.observatoire import attentes as observatoire_attentes
from pupitre.observatoire.collecte import services
from pupitre.socle import gestes, horloge
from pupitre.territoires.models import Conseil
from tests.conseils import fabrique_seances as seances
from tests.fabriques import entrer, utilisateur
from tests.observatoire import fabrique as observatoire
from tests.territoires import fabrique

pytestmark = pytest.mark.django_db


@pytest.fixture
def calme(monde, monkeypatch):
    """Nothing is being written, nobody asks anything, and only the observatory may."""
    monde.conseil.bulletins.filter(publie_le__isnull=True).delete()
    monde.conseil.demandes_diagnostic.all().delete()
    monkeypatch.setattr(gestes, "_sources", lambda: (observatoire_attentes.gestes,))
    return monde


def _page(client, adresse="/"):
    reponse = client.get(adresse)
    assert reponse.status_code == 200
    return reponse.content.decode()


def test_le_premier_jour_la_coordonnatrice_est_guidee(client, tmp_path):
    fabrique.charger_petite_reference(tmp_path)
    entrer(client, utilisateur(Role.COORDINATEUR, fabrique.plaine_centrale()))
    page = _page(client)
    assert "Premiers pas" in page
    assert page.count("à faire maintenant") == 1
    assert "Alfortville, Créteil et Limeil-Brévannes" in page


def test_puis_la_page_dit_ce_qui_attend(calme, monde, client):
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    with horloge.figee(date(2026, 11, 23)):
        page = _page(client)
    assert "Publier «\u202foctobre.csv\u202f»" in page
    assert "Un geste attend. Rien d’autre ne presse." in page
    assert f"/livraisons/{monde.a_publier.pk}/" in page
    assert "Septembre 2026" in page, "le dernier bulletin"


def test_un_mois_qui_manque_se_voit_apres_son_delai_et_pas_avant(calme, monde, client):
    services.rejeter(livraison=monde.a_publier, raison="doublon")
    entrer(client, utilisateur(Role.ASSISTANT, monde.conseil))
    with horloge.figee(date(2026, 11, 20)):
        assert "n’a pas livré" not in _page(client)
    with horloge.figee(date(2026, 11, 21)):
        page = _page(client)
        assert "Créteil Habitat n’a pas livré octobre 2026" in page
        assert "Un geste attend, un est en retard." in page
        assert "1\u00a0jour de retard" in page
    with horloge.figee(date(2026, 12, 21)):
        page = _page(client)
        assert "Créteil Habitat n’a pas livré octobre 2026 et novembre 2026" in page
        assert "31\u00a0jours de retard" in page


def test_le_bulletin_du_dernier_mois_publie_est_a_ecrire(monde, client):
    services.publier(livraison=monde.a_publier)
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    with horloge.figee(date(2026, 11, 10)):
        assert "Écrire le bulletin d’octobre 2026" in _page(client)


def test_rien_n_attend_se_dit_aussi(calme, monde, client):
    services.rejeter(livraison=monde.a_publier, raison="doublon")
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    with horloge.figee(date(2026, 10, 25)):
        page = _page(client)
    assert "Rien ne presse cette semaine." in page
    assert "Tout est à jour" in page


def test_une_elue_lit_et_ne_voit_pas_le_travail_de_l_equipe(monde, client):
    entrer(client, utilisateur(Role.PRESIDENT, monde.conseil))
    page = _page(client)
    assert "Le territoire, septembre 2026" in page
    assert "Pas d’évolution significative" in page or "pas d’évolution significative" in page
    assert "octobre.csv" not in page
    assert "Déposer" not in page


def test_le_parquet_lit_le_bulletin_et_pas_le_tableau(monde, client):
    entrer(client, utilisateur(Role.PARQUET, monde.conseil))
    page = _page(client)
    assert "Bulletin de septembre 2026" in page
    assert "tableau-de-bord" not in page


def test_un_partenaire_voit_ses_depots_et_pas_ceux_d_un_autre(monde, client):
    autre = observatoire.organisation(monde.conseil, "Transports", "transporteur")
    observatoire.source(monde.conseil, code="bus", nom="Incidents dans les bus", organisation=autre)
    entrer(client, utilisateur(Role.PARTENAIRE, monde.conseil, organisation=monde.source.organisation))
    page = _page(client)
    assert "octobre.csv" in page
    assert "Occupations de hall" in page
    assert "Incidents dans les bus" not in page


def test_une_prefecture_choisit_parmi_les_conseils_de_son_departement(monde, client):
    fabrique.creer_conseil(nature="clspd", nom="Maisons", communes=["94046"], depuis=fabrique.DEPUIS)
    entrer(client, utilisateur(Role.PREFECTURE, monde.conseil))
    page = _page(client)
    assert "Plaine centrale" in page
    assert "Maisons" in page
    assert "Clémenciat" not in page, "l’autre département"


def test_plusieurs_conseils_le_rail_permet_d_en_changer(monde, client):
    compte = utilisateur(Role.DGS, monde.conseil)
    compte.habilitations.create(role=Role.DGS, conseil=monde.voisin, debut=date(2024, 1, 1))
    entrer(client, compte)
    assert "Vos conseils" in _page(client)
    page = _page(client, f"/conseils/{monde.conseil.slug}/")
    assert "Changer de conseil" in page
    assert f'href="/conseils/{monde.voisin.slug}/"' in page


def test_l_administrateur_arrive_aux_comptes(client):
    entrer(client, utilisateur(Role.ADMINISTRATEUR))
    assert client.get("/").url == "/administration/comptes/"


def test_un_conseil_fictif_le_dit_sur_chaque_page(monde, client):
    entrer(client, utilisateur(Role.PRESIDENT, monde.conseil))
    assert "Données fictives" not in _page(client)
    Conseil.objects.filter(pk=monde.conseil.pk).update(fictif=True)
    assert "Données fictives" in _page(client)


@pytest.mark.parametrize(("role", "maximum"), [(Role.COORDINATEUR, 49), (Role.MAIRE_MEMBRE, 20)])
def test_la_semaine_ne_coute_pas_plus_avec_la_vie_du_conseil(monde, client, role, maximum):
    """One question for each kind of gesture, however many wait."""
    entrer(client, utilisateur(role, monde.conseil))

    def requetes() -> int:
        with CaptureQueriesContext(connection) as lues:
            assert client.get("/").status_code == 200
        return len(lues)

    client.get("/")
    avant = requetes()
    assert avant <= maximum
    pleniere = monde.seance.formation
    for n in range(12):
        qui = seances.personne(monde.conseil, f"Nouveau{n}")
        seances.membre(pleniere, qui, debut=horloge.aujourdhui())
        seances.seance_tenue(monde.conseil, pleniere, objet=f"Séance {n}")
        decisions.prendre(
            formation=pleniere, texte=f"Décision {n}", responsable=qui, echeance=date(2026, 1, 1 + n)
        )
    assert requetes() <= avant + 1  # « et neuf autres » is one more question


def test_la_sante_se_dit_en_trois_mots_sans_secret(client, settings, tmp_path):
    settings.CONFIGURATION = replace(settings.CONFIGURATION, donnees=tmp_path)
    reponse = client.get("/sante/")
    assert reponse.status_code == 200
    assert reponse.json() == {"etat": "bon", "base": True, "entrepot": True}
    assert str(tmp_path) not in reponse.content.decode()


def test_un_entrepot_absent_ou_ferme_est_une_panne(client, settings, tmp_path):
    settings.CONFIGURATION = replace(settings.CONFIGURATION, donnees=tmp_path / "absent")
    reponse = client.get("/sante/")
    assert reponse.status_code == 503
    assert reponse.json()["entrepot"] is False


@pytest.mark.parametrize("bon", [True, False])
def test_un_entrepot_a_une_adresse_dit_s_il_repond(client, settings, monkeypatch, bon):
    pytest.importorskip("fsspec")
    from fsspec.implementations.memory import MemoryFileSystem

    if not bon:
        monkeypatch.setattr(MemoryFileSystem, "info", Mock(side_effect=ConnectionError("seau fermé")))
    settings.CONFIGURATION = replace(settings.CONFIGURATION, adresse_entrepot="memory://vie")
    reponse = client.get("/sante/")
    assert reponse.json()["entrepot"] is bon
    assert "seau" not in reponse.content.decode()


@pytest.mark.skipif(os.geteuid() == 0, reason="root écrit partout")
def test_un_entrepot_en_lecture_seule_est_une_panne(client, settings, tmp_path):
    ferme = tmp_path / "entrepot"
    ferme.mkdir(mode=0o500)
    settings.CONFIGURATION = replace(settings.CONFIGURATION, donnees=tmp_path)
    assert client.get("/sante/").json()["entrepot"] is False


def test_une_base_muette_est_une_panne(client, settings, tmp_path, monkeypatch):
    from django.db import OperationalError

    def muette():
        raise OperationalError

    settings.CONFIGURATION = replace(settings.CONFIGURATION, donnees=tmp_path)
    monkeypatch.setattr(connection, "cursor", muette)
    reponse = client.get("/sante/")
    assert (reponse.status_code, reponse.json()["base"]) == (503, False)


def test_une_panne_montre_une_page_et_aucune_trace(client, monkeypatch):
    client.raise_request_exception = False
    entrer(client, utilisateur())

    def casse(*args):
        raise RuntimeError("secret de fabrication")

    monkeypatch.setattr("pupitre.web.accueil.views.selectors.conseils_de", casse)
    reponse = client.get("/")
    assert reponse.status_code == 500
    page = reponse.content.decode()
    assert "rencontré une panne" in page
    assert "secret de fabrication" not in page


def test_un_formulaire_sans_jeton_est_refuse_avec_une_page(monde):
    from django.test import Client

    strict = entrer(Client(enforce_csrf_checks=True), utilisateur(Role.COORDINATEUR, monde.conseil))
    reponse = strict.post("/deconnexion/")
    assert reponse.status_code == 403
    assert "Ce formulaire a expiré" in reponse.content.decode()
    assert "_auth_user_id" in strict.session
