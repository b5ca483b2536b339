"""The gallery shows every component, to the administrator alone."""

from __future__ import annotations

import re

import pytest

from pupitre.acces.droits import Role
from pupitre.web.templatetags.pupitre import numeros
from tests.fabriques import entrer, utilisateur

pytestmark = pytest.mark.django_db


@pytest.fixture
def galerie(client):
    entrer(client, utilisateur(Role.ADMINISTRATEUR))
    return client.get("/composants/").content.decode()


@pytest.mark.parametrize(
    "classe",
    [
        "bouton fort", "bouton petit", "bouton danger", "puce alerte", "puce veille", "puce bien", "avis info",
        "avis alerte", "avis bien", "sens hausse", "sens baisse", "sens stable", "chiffre choisi", "geste", "etapes",
        "etape courante", "onglets", "pagination", "vide", "provenance", "bulle", "fiche", "empreinte", "depot",
        "resume-erreurs", "errorlist", "champ en-erreur", "defile", "tete-table", "exports", "menu", "tri", "message",
    ],
)  # fmt: skip
def test_chaque_composant_y_est(galerie, classe):
    assert re.search(rf'class="[^"]*\b{classe}\b', galerie)


def test_les_etats_des_formulaires(galerie):
    assert 'aria-invalid="true"' in galerie
    assert 'aria-describedby="id_fautif-nom_helptext id_fautif-nom_error"' in galerie
    assert 'href="#id_fautif-nom"' in galerie
    assert "(obligatoire)" in galerie
    assert "<progress" in galerie
    assert "disabled" in galerie
    assert 'aria-busy="true"' in galerie


def test_un_tri_se_dit_et_s_inverse(client):
    entrer(client, utilisateur(Role.ADMINISTRATEUR))
    croissant = client.get("/composants/", {"tri": "n", "page": 2}).content.decode()
    assert 'aria-sort="ascending"><a class="tri" href="?tri=-n"' in croissant
    assert 'aria-sort="descending"' in client.get("/composants/", {"tri": "-n"}).content.decode()


def test_la_pagination_garde_le_debut_la_fin_et_les_voisines():
    from django.core.paginator import Paginator

    pages = Paginator(range(200), 10)
    assert numeros(pages.page(1)) == [1, 2, None, 20]
    assert numeros(pages.page(10)) == [1, None, 9, 10, 11, None, 20]
    assert numeros(pages.page(20)) == [1, None, 19, 20]
    assert numeros(Paginator(range(3), 10).page(1)) == [1]
