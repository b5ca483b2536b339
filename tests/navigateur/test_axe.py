"""axe on every page of the URLconf, in light, dark and at 360 px: zero violation."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import resolve

from pupitre.acces.droits import DROITS, Role
from tests.fabriques import entrer, utilisateur
from tests.navigateur import test_annuaire, test_seances
from tests.web.adresses import toutes, vider

pytestmark = [pytest.mark.navigateur, pytest.mark.une_fois]
_SANS_PAGE = ("export", "fichier", "pdf")
# Checked beside, on fuller pages, as the same reader.
AILLEURS = test_annuaire.ECRANS | test_seances.ECRANS
PARTS = 6


def _pages(role: Role, monde, part: int = 0, parts: int = 1) -> dict[str, str]:
    """Path → the tags of the page, for this role: without the files, the fragments and what only receives."""
    client = entrer(Client(), utilisateur(role, monde.conseil))
    pages = {}
    for adresse in sorted(toutes(), key=str)[part::parts]:
        ouverte = adresse.acces in {"ouverte", "connectee"} or role in DROITS.get(adresse.acces, ())
        if not ouverte or adresse.nom.endswith(_SANS_PAGE):
            continue
        chemin = adresse.chemin(monde.parametres)
        reponse = client.get(chemin)
        contenu = b"" if reponse.streaming else reponse.content
        vider(reponse)
        if reponse.status_code == 200 and contenu.lstrip().lower().startswith(b"<!doctype"):
            pages[chemin] = _ossature(contenu.decode())
    return pages


def _ossature(page: str) -> str:
    """Tags, classes, roles and states of what is not the rail: what axe judges, whoever reads."""
    principal = page[page.find("<main") :]
    return "".join(re.findall(r"</?\w+|\s(?:class|role|type|scope|aria-\w+)=\"[^\"]*\"|\shidden", principal))


def _verifier(monde, page, entrer, verifier_axe, role: Role, chemins: list[str]) -> None:
    entrer(utilisateur(role, monde.conseil))
    plaintes = []
    for chemin in chemins:
        page.goto(chemin)
        try:
            verifier_axe(page)
        except AssertionError as plainte:
            plaintes.append(str(plainte))
    assert not plaintes, "\n".join(plaintes)


@pytest.mark.parametrize("part", range(PARTS))
def test_chaque_page_en_clair_en_sombre_et_en_etroit(monde, page, entrer, verifier_axe, part):
    pages = _pages(Role.COORDINATEUR, monde, part, PARTS)
    chemins = [chemin for chemin in sorted(pages) if resolve(chemin).url_name not in AILLEURS]
    assert len(chemins) >= 40 // PARTS
    _verifier(monde, page, entrer, verifier_axe, Role.COORDINATEUR, chemins)


AUTRES = (Role.ADMINISTRATEUR, Role.PRESIDENT, Role.PARTENAIRE)


@pytest.mark.parametrize("role", AUTRES)
def test_chaque_page_que_d_autres_voient_autrement(monde, page, entrer, verifier_axe, role):
    """Pages that the role opens, unless they are, tag for tag, those of the coordinator or of a role before."""
    avant = [_pages(r, monde) for r in (Role.COORDINATEUR, *AUTRES[: AUTRES.index(role)])]
    siennes = _pages(role, monde)
    autres = [c for c, ossature in siennes.items() if ossature not in [p.get(c) for p in avant]]
    assert len(autres) >= 3
    _verifier(monde, page, entrer, verifier_axe, role, autres)


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
