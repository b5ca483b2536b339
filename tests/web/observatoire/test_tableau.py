"""The dashboard and the bulletins through their addresses: who sees what, and in which form it leaves."""

from __future__ import annotations

import pytest
from django.urls import reverse

from pupitre.acces.droits import Role
from pupitre.observatoire.diffusion import editions
from tests import fabriques

MENTION = "occupations de hall"


def comme(client, role, conseil):
    return fabriques.entrer(client, fabriques.utilisateur(role, conseil))


def test_le_tableau_dit_le_chiffre_son_unite_et_sa_source(client, monde):
    comme(client, Role.MAIRE_MEMBRE, monde.conseil)
    page = client.get(reverse("tableau", args=[monde.conseil.slug])).content.decode()
    for attendu in ("27", "incidents", "septembre 2026", "Créteil Habitat", "Voir le tableau", "Méthode"):
        assert attendu in page
    assert "style=" not in page
    assert "<script>" not in page


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("table", ["serie", "chiffres", "classement"])
def test_chaque_tableau_sort(client, monde, table, format):
    comme(client, Role.DGS, monde.conseil)
    adresse = reverse("tableau-export", args=[monde.conseil.slug, table, format])
    reponse = client.get(adresse)
    assert reponse.status_code == 200
    assert f".{format}" in reponse["Content-Disposition"]
    assert len(reponse.content) > 200
    if format == "csv":
        assert "incident" in reponse.content.decode("utf-8-sig")


def test_l_ecran_et_le_csv_disent_le_meme_nombre(client, monde):
    comme(client, Role.COORDINATEUR, monde.conseil)
    page = client.get(reverse("tableau", args=[monde.conseil.slug])).content.decode()
    texte = client.get(reverse("tableau-export", args=[monde.conseil.slug, "serie", "csv"])).content.decode(
        "utf-8-sig"
    )
    assert '<span class="valeur">27</span>' in page
    assert any(ligne.endswith(";27") for ligne in texte.splitlines())


def test_un_export_inconnu(client, monde):
    comme(client, Role.COORDINATEUR, monde.conseil)
    assert client.get(reverse("tableau-export", args=[monde.conseil.slug, "autre", "csv"])).status_code == 404
    assert client.get(reverse("tableau-export", args=[monde.conseil.slug, "serie", "exe"])).status_code == 404


def test_la_provenance_mene_au_fichier(client, monde):
    comme(client, Role.COORDINATEUR, monde.conseil)
    page = client.get(reverse("provenance", args=[monde.conseil.slug])).content.decode()
    assert monde.publiee.nom in page
    assert reverse("livraison", args=[monde.conseil.slug, monde.publiee.pk]) in page


def test_un_maire_voit_la_provenance_sans_ouvrir_le_fichier(client, monde):
    comme(client, Role.MAIRE_MEMBRE, monde.conseil)
    page = client.get(reverse("provenance", args=[monde.conseil.slug])).content.decode()
    assert monde.publiee.nom in page
    assert reverse("livraison", args=[monde.conseil.slug, monde.publiee.pk]) not in page


def test_le_voisin_ne_voit_ni_tableau_ni_bulletin(client, monde):
    comme(client, Role.COORDINATEUR, monde.voisin)
    for nom, reste in (
        ("tableau", []),
        ("bulletin", [monde.bulletin.pk]),
        ("bulletin-document", [monde.bulletin.pk, "pdf"]),
    ):
        assert client.get(reverse(nom, args=[monde.conseil.slug, *reste])).status_code == 404


def test_un_bulletin_d_un_autre_conseil_par_son_propre_conseil(client, monde):
    """The neighbour's own slug with our bulletin's number."""
    comme(client, Role.COORDINATEUR, monde.voisin)
    for nom, reste in (("bulletin", []), ("bulletin-document", ["pdf"])):
        adresse = reverse(nom, args=[monde.voisin.slug, monde.bulletin.pk, *reste])
        assert client.get(adresse).status_code == 404


def test_un_brouillon_n_est_lu_que_par_qui_l_ecrit_ou_le_vise(client, monde):
    brouillon = editions.preparer_periode(conseil=monde.conseil, periode="2026-08")
    comme(client, Role.PRESIDENT, monde.conseil)
    assert client.get(reverse("bulletin", args=[monde.conseil.slug, brouillon.pk])).status_code == 200
    comme(client, Role.MAIRE_MEMBRE, monde.conseil)
    assert client.get(reverse("bulletin", args=[monde.conseil.slug, brouillon.pk])).status_code == 404
    assert (
        client.get(
            reverse("bulletin-document", args=[monde.conseil.slug, monde.bulletin.pk, "pdf"])
        ).status_code
        == 200
    )
    page = client.get(reverse("bulletins", args=[monde.conseil.slug])).content.decode()
    assert "septembre 2026" in page
    assert "août 2026" not in page


def test_un_maire_ne_publie_pas(client, monde):
    brouillon = editions.preparer_periode(conseil=monde.conseil, periode="2026-08")
    comme(client, Role.MAIRE_MEMBRE, monde.conseil)
    avant = fabriques.empreinte()
    reponse = client.post(reverse("bulletin-publier", args=[monde.conseil.slug, brouillon.pk]))
    assert reponse.status_code == 403
    assert fabriques.empreinte() == avant
