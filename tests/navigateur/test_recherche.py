"""The search in a real browser: the key that leads to it, the keyboard alone, the telephone, what axe finds."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from pupitre.acces.droits import Role
from tests.fabriques import utilisateur
from tests.navigateur.conftest import ETROIT

pytestmark = [pytest.mark.navigateur, pytest.mark.une_fois]


@pytest.fixture
def chemin(monde, entrer):
    entrer(utilisateur(Role.COORDINATEUR, monde.conseil))
    return reverse("rechercher", args=[monde.conseil.slug])


def test_au_clavier_de_la_touche_au_resultat(monde, page, chemin):
    """« / », a misspelt word, Enter, Tab to the first result, Enter."""
    page.goto(reverse("decisions", args=[monde.conseil.slug]))
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "rail-q"
    page.keyboard.type("eclairaje")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{chemin}?q=eclairaje")
    assert page.locator("mark").first.inner_text() == "éclairage"
    assert "Rien n’est écrit" in page.locator("[data-bilan]").inner_text()
    page.locator("#q").focus()
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/decisions/*/")
    assert "square Verdun" in page.locator("main").inner_text()


def test_la_touche_ne_prend_rien_a_qui_ecrit_et_se_debraye(monde, page, chemin):
    page.goto(reverse("decision-noter", args=[monde.conseil.slug]))
    champ = page.locator("main textarea").first
    champ.click()
    page.keyboard.type("lundi 9/11")
    assert champ.input_value() == "lundi 9/11"
    page.goto(chemin)
    page.click("text=Ne plus l’utiliser")
    page.wait_for_selector("text=L’utiliser pour aller à la recherche")
    page.goto(reverse("decisions", args=[monde.conseil.slug]))
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "rail-q"


def test_les_resultats_suivent_la_frappe_et_sont_dits(monde, page, chemin):
    page.goto(chemin)
    assert page.evaluate("document.activeElement.id") == "q"
    with page.expect_response(lambda r: "q=hall" in r.url):
        page.keyboard.type("hall")
    page.wait_for_selector("#lot-decisions")
    expect(page.locator("#annonces")).to_contain_text("résultat")
    page.wait_for_url(f"**{chemin}?q=hall")
    assert page.evaluate("document.activeElement.id") == "q"
    page.reload()
    assert page.locator("#q").input_value() == "hall"
    assert page.locator("#lot-decisions").is_visible()


def test_sans_script_le_formulaire_suffit(monde, navigateur, live_server, contexte, chemin):
    sans = navigateur.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=contexte.storage_state()
    )
    nue = sans.new_page()
    nue.goto(chemin)
    nue.fill("#q", "hall")
    nue.click("main form[role=search] button")
    assert nue.locator("#lot-decisions").is_visible()
    sans.close()


def test_au_telephone_le_champ_est_dans_le_menu(monde, page, chemin):
    page.set_viewport_size(ETROIT)
    page.goto(reverse("decisions", args=[monde.conseil.slug]))
    assert not page.locator("#rail-q").is_visible()
    page.click("text=Menu")
    page.fill("#rail-q", "verdun")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{chemin}?q=verdun")
    assert page.locator("mark").first.inner_text() == "Verdun"
    page.goto(reverse("decisions", args=[monde.conseil.slug]))
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "rail-q"


@pytest.mark.parametrize("q", ["hall", "eclairaje", "zorglub", "hall zorglub"])
def test_chaque_reponse_est_accessible(monde, page, chemin, verifier_axe, q):
    page.goto(f"{chemin}?q={q}")
    verifier_axe(page)


def test_l_adresse_d_agenda_qui_vient_d_etre_creee(monde, page, chemin, verifier_axe):
    def creer() -> None:
        page.goto(reverse("mon-agenda", args=[monde.conseil.slug]))
        page.fill("[name=libelle]", "Téléphone")
        page.click("text=Créer l’adresse")
        page.wait_for_selector("#adresse")

    verifier_axe(page, ouvrir=creer)
    assert page.locator("#adresse").input_value().endswith("/seances.ics")
