"""axe on every page of the URLconf in light, and on every element of them at 360 px and in the dark: zero violation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser

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
PARTS = 4
_JUGE = frozenset({"class", "role", "type", "scope", "hidden", "disabled", "style"})
# What an element is named by differs from page to page and says nothing of how it looks.
_NOMME = re.compile(r"aria-(label|labelledby|describedby|controls|owns)=")
_VIDES = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)


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


class _Lecture(HTMLParser):
    """Each element of <main> with what axe judges it by (tag, classes, role, states), within the two around it."""

    def __init__(self) -> None:
        super().__init__()
        self.autour: list[str] = []
        self.elements: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.autour and tag != "main":
            return
        dits = sorted(f"{n}={v}" for n, v in attrs if n in _JUGE or n.startswith("aria-"))
        self.autour.append(" ".join([tag, *(d for d in dits if not _NOMME.match(d))]))
        self.elements.add(" > ".join(self.autour[-3:]))
        if tag in _VIDES:
            self.autour.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.autour and tag not in _VIDES:
            if self.autour.pop().split(" ")[0] == tag:
                return


def _elements(page: str) -> frozenset[str]:
    lecture = _Lecture()
    lecture.feed(page[page.find("<main") :])
    return frozenset(lecture.elements)


def _verifier(monde, page, entrer, verifier_axe, role: Role, pages: Mapping[str, frozenset[str]]) -> None:
    """In light, every page. Narrow and dark, as few pages as show every element where it is."""
    entrer(utilisateur(role, monde.conseil))
    plaintes: list[str] = []
    partout = _couvrir(pages)
    for chemin in sorted(pages):
        page.goto(chemin)
        try:
            verifier_axe(page, partout=chemin in partout)
        except AssertionError as plainte:
            plaintes.append(str(plainte))
    assert not plaintes, "\n".join(plaintes)


def _couvrir(pages: Mapping[str, frozenset[str]]) -> set[str]:
    """Some pages that together show every element, the one that shows the most new ones first."""
    choisies: set[str] = set()
    restent = set().union(*pages.values())
    while restent:
        choisies.add(max(sorted(pages), key=lambda c: len(pages[c] & restent)))
        restent -= set().union(*(pages[c] for c in choisies))
    return choisies


@pytest.mark.parametrize("part", range(PARTS))
def test_chaque_page_en_clair_en_sombre_et_en_etroit(monde, page, entrer, verifier_axe, part):
    pages = _pages(Role.COORDINATEUR, monde, part, PARTS)
    siennes = {c: elements for c, elements in pages.items() if resolve(c).url_name not in AILLEURS}
    assert len(siennes) >= 40 // PARTS
    _verifier(monde, page, entrer, verifier_axe, Role.COORDINATEUR, siennes)


AUTRES = (Role.ADMINISTRATEUR, Role.PRESIDENT, Role.PARTENAIRE)


@pytest.mark.parametrize("role", AUTRES)
def test_chaque_page_que_d_autres_voient_autrement(monde, page, entrer, verifier_axe, role):
    """Pages that show the role an element which the coordinator's, or those of a role before, do not hold.

    That what is left without some of them stays well made (headings, lists, names, references) is held of each
    role's pages by tests/web/test_html.py.
    """
    avant = [_pages(r, monde) for r in (Role.COORDINATEUR, *AUTRES[: AUTRES.index(role)])]
    siennes = _pages(role, monde)
    autres = {
        c: siens for c, siens in siennes.items() if siens - frozenset().union(*(p.get(c, ()) for p in avant))
    }
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
