"""Ready-made sources on screen: chosen in one gesture, with the empty file to give to the partner."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pupitre.acces.droits import Role
from pupitre.observatoire.collecte.sources_pretes import PRETES
from pupitre.observatoire.models import FaitMarquant, Source
from tests.fabriques import empreinte, entrer, utilisateur

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordination(monde, client):
    return entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))


def _adresse(monde, nom, *arguments):
    return reverse(nom, args=[monde.conseil.slug, *arguments])


def test_toutes_sont_sur_la_page_et_chacune_s_ouvre(monde, coordination):
    page = coordination.get(_adresse(monde, "sources-pretes")).content.decode()
    for m in PRETES:
        assert m.nom in page
        fiche = coordination.get(_adresse(monde, "source-prete", m.code))
        assert fiche.status_code == 200
        for colonne in m.colonnes:
            assert colonne.titre in fiche.content.decode()
        for format in ("xlsx", "csv"):
            code = coordination.get(_adresse(monde, "source-a-remplir", m.code, format)).status_code
            assert code == (200 if m.a_remplir else 404)
    assert coordination.get(_adresse(monde, "source-prete", "inconnue")).status_code == 404
    assert coordination.get(_adresse(monde, "source-a-remplir", "pjj-bilan", "pdf")).status_code == 404


def test_un_geste_la_declare_et_dit_ce_qui_reste(monde, coordination):
    adresse = _adresse(monde, "source-prete", "police-affinees")
    page = coordination.post(adresse, {"partenaire": "Police nationale"}, follow=True).content.decode()
    assert "seule l’équipe lira ses chiffres" in page
    source = Source.objects.get(modele="police-affinees")
    assert "équipe seule" in page
    assert source.organisation.nature == "police"
    assert "Déclarée" in coordination.get(_adresse(monde, "sources-pretes")).content.decode()


def test_il_faut_nommer_le_bailleur(monde, coordination):
    adresse = _adresse(monde, "source-prete", "bailleur-incidents")
    avant = empreinte()
    assert coordination.post(adresse, {"partenaire": ""}).status_code == 422
    assert empreinte() == avant
    assert "Créteil Habitat" in coordination.get(adresse).content.decode()  # already around the table
    coordination.post(adresse, {"partenaire": "Créteil Habitat"})
    assert Source.objects.get(modele="bailleur-incidents").organisation == monde.source.organisation


def test_ce_qui_se_saisit_ailleurs_ne_se_declare_pas(monde, coordination):
    avant = empreinte()
    for code in ("police-faits-marquants", "doleances-saisies"):
        coordination.post(_adresse(monde, "source-prete", code), {"partenaire": "Police nationale"})
    assert empreinte() == avant


def test_le_tableau_des_faits_marquants_rempli_s_importe(monde, coordination):
    vide = coordination.get(_adresse(monde, "source-a-remplir", "police-faits-marquants", "csv"))
    rempli = (
        vide.content + "03/11/2026;Créteil;;Deux véhicules brûlés.;Troisième fois en dix jours.\r\n".encode()
    )
    coordination.post(_adresse(monde, "faits-importer"), {"fichier": SimpleUploadedFile("faits.csv", rempli)})
    fait = FaitMarquant.objects.get(texte="Deux véhicules brûlés.")
    assert fait.commentaire == "Troisième fois en dix jours."


def test_la_liste_dit_qui_lit_chaque_source(monde, coordination):
    page = coordination.get(_adresse(monde, "sources")).content.decode()
    assert "sous convention" in page
    monde.source.conventions.all().delete()
    page = coordination.get(_adresse(monde, "sources")).content.decode()
    assert "sous convention" not in page
    assert "Aucune convention en vigueur" in page
