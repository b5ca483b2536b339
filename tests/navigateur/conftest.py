"""A real Chromium on the live server, signed in by its session cookie, watched for what it complains of."""

from __future__ import annotations

from importlib.resources import files

import pytest
from django.conf import settings as reglages
from django.test import Client

from tests import fabriques

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
REGLES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LARGE = {"width": 1280, "height": 860}
ETROIT = {"width": 360, "height": 740}
# A refusal that a test asks for, a connection that it cuts.
_ATTENDUS = ("status of 4", "ERR_INTERNET_DISCONNECTED")
MODES = {"clair": (LARGE, "light"), "étroit": (ETROIT, "light"), "sombre": (LARGE, "dark")}
# What each appearance may change, as tests/web/test_apparences.py holds it of the style sheets: the dark one changes
# colours and nothing else, the narrow one everything but colours (on the first page of a test, colours too).
COULEURS = ["color-contrast", "link-in-text-block"]
SANS_COULEURS = {"runOnly": REGLES, "rules": {r: {"enabled": False} for r in COULEURS}}
CHOIX = {"clair": {"runOnly": REGLES}, "étroit": SANS_COULEURS, "sombre": {"runOnly": COULEURS}}


@pytest.fixture
def monde(transactional_db, tmp_path, settings):
    return fabriques.monde(tmp_path, settings)


@pytest.fixture
def contexte(navigateur, live_server):
    ouvert = navigateur.new_context(
        base_url=live_server.url, locale="fr-FR", viewport=LARGE, reduced_motion="reduce"
    )
    ouvert.set_default_timeout(15_000)
    yield ouvert
    ouvert.close()


@pytest.fixture
def page(contexte):
    """Fails the test on a script error or a refusal of the content security policy."""
    plaintes: list[str] = []
    ouverte = contexte.new_page()
    ouverte.on("pageerror", lambda erreur: plaintes.append(f"{ouverte.url} : {erreur}"))
    ouverte.on(
        "console",
        lambda m: (
            plaintes.append(f"{ouverte.url} : {m.text}")
            if m.type == "error" and not any(attendu in m.text for attendu in _ATTENDUS)
            else None
        ),
    )
    yield ouverte
    assert not plaintes


@pytest.fixture
def entrer(contexte, live_server):
    """`entrer(compte)`: the session is opened beside, the browser receives its cookie."""

    def _entrer(compte):
        client = fabriques.entrer(Client(), compte)
        nom = reglages.SESSION_COOKIE_NAME
        contexte.add_cookies([{"name": nom, "value": client.cookies[nom].value, "url": live_server.url}])
        return compte

    return _entrer


def axe(page, mode: str, *, entiere: bool = False) -> list[str]:
    """What axe finds on the page as it is, and whether it is wider than the screen.

    `entiere`: every rule, even those that this appearance cannot change.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    choix = CHOIX["clair"] if entiere else CHOIX[mode]
    resultat = page.evaluate("choix => axe.run(document, choix)", {"resultTypes": ["violations"]} | choix)
    trouvees = [
        f"{mode} {page.url} {v['id']} {n['target']} {n['failureSummary']}"
        for v in resultat["violations"]
        for n in v["nodes"][:3]
    ]
    return trouvees + deborde(page, mode)


def deborde(page, mode: str) -> list[str]:
    trop = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{mode} {page.url} déborde de {trop} px"] if trop else []


@pytest.fixture
def verifier_axe():
    """`verifier_axe(page)`: zero violation in light, dark and at 360 px, and nothing wider than the screen.

    `ouvrir`: how to come back to the state to check, when it is not the page's address alone.
    `partout`: without it, what is narrow or dark is not judged again, but for what is wider than the screen.
    """

    vues = 0

    def _verifier(page, ouvrir=None, *, partout: bool = True) -> None:
        nonlocal vues
        trouvees = []
        if ouvrir is not None:
            ouvrir()
        for mode, (ecran, schema) in MODES.items():
            if not partout and mode == "sombre":
                continue
            page.set_viewport_size(ecran)
            page.emulate_media(color_scheme=schema, reduced_motion="reduce")
            if schema == "dark":
                # opened anew: Chromium keeps some painted colours when the scheme changes under a page
                (ouvrir or page.reload)()
            trouvees += (
                axe(page, mode, entiere=not vues) if partout or mode == "clair" else deborde(page, mode)
            )
        vues += 1
        page.set_viewport_size(LARGE)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        assert not trouvees, "\n".join(trouvees)

    return _verifier
