"""axe on every page of the URLconf, in light, dark and at 360 px: zero violation."""

from __future__ import annotations

import pytest

from pupitre.acces.droits import DROITS, Role
from tests.fabriques import utilisateur
from tests.web.adresses import toutes, vider

pytestmark = pytest.mark.navigateur
_SANS_PAGE = ("export", "fichier", "pdf")


def _pages(role: Role, monde) -> list[str]:
    """Pages of the role, without the files, the fragments and the addresses that only receive."""
    from django.test import Client

    from tests.fabriques import entrer

    client = entrer(Client(), utilisateur(role, monde.conseil))
    chemins = []
    for adresse in toutes():
        ouverte = adresse.acces in {"ouverte", "connectee"} or role in DROITS.get(adresse.acces, ())
        if not ouverte or adresse.nom.endswith(_SANS_PAGE):
            continue
        chemin = adresse.chemin(monde.parametres)
        reponse = client.get(chemin)
        contenu = b"" if reponse.streaming else reponse.content
        vider(reponse)
        if reponse.status_code == 200 and contenu.lstrip().lower().startswith(b"<!doctype"):
            chemins.append(chemin)
    return chemins


@pytest.mark.parametrize("role", [Role.COORDINATEUR, Role.ADMINISTRATEUR, Role.PARTENAIRE, Role.PRESIDENT])
def test_chaque_page_en_clair_en_sombre_et_en_etroit(monde, page, entrer, verifier_axe, role):
    chemins = _pages(role, monde)
    assert len(chemins) >= 6
    entrer(utilisateur(role, monde.conseil))
    for chemin in chemins:
        page.goto(chemin)
        verifier_axe(page)


def test_sans_compte_et_refusee(monde, page, entrer, verifier_axe):
    for chemin in ("/connexion/", "/accessibilite/", "/premier-acces/a/b/"):
        page.goto(chemin)
        verifier_axe(page)

    def avec_erreurs() -> None:
        page.goto("/connexion/")
        page.click("main button[type=submit]")
        page.wait_for_selector(".resume-erreurs")

    verifier_axe(page, ouvrir=avec_erreurs)
    entrer(utilisateur(Role.PRESIDENT, monde.conseil))
    for chemin in ("/administration/comptes/", "/rien/"):
        page.goto(chemin)
        verifier_axe(page)
