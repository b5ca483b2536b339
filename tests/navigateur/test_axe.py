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
_JUGE = re.compile(r"\s((?:class|role|type|scope|aria-\w+)=\"[^\"]*\"|hidden)")


def _pages(role: Role, monde, part: int = 0, parts: int = 1) -> dict[str, frozenset[str]]:
    """Path → the elements of the page, for this role: without the files, the fragments and what only receives."""
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
            pages[chemin] = _elements(contenu.decode())
    return pages


def _elements(page: str) -> frozenset[str]:
    """Each element of what is not the rail, with what axe judges it by: its tag, classes, role and states."""
    principal = page[page.find("<main") :]
    return frozenset(
        " ".join([balise[1], *sorted(_JUGE.findall(balise[2]))])
        for balise in re.finditer(r"<(\w+)([^>]*)>", principal)
    )


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
    """Pages that show the role an element which the coordinator's, or those of a role before, do not hold.

    That what is left without some of them stays well made (headings, lists, names, references) is held of each
    role's pages by tests/web/test_html.py.
    """
    avant = [_pages(r, monde) for r in (Role.COORDINATEUR, *AUTRES[: AUTRES.index(role)])]
    siennes = _pages(role, monde)
    autres = [c for c, siens in siennes.items() if siens - frozenset().union(*(p.get(c, ()) for p in avant))]
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
