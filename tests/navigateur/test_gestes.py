"""What the hands do: the keyboard, the menu of a phone, the theme, without script, at 200 %."""

from __future__ import annotations

import pytest

from pupitre.acces.droits import Role
from tests.fabriques import MOT_DE_PASSE, utilisateur
from tests.navigateur.conftest import ETROIT

pytestmark = [pytest.mark.navigateur, pytest.mark.une_fois]


def test_entrer_et_sortir_au_clavier(monde, page):
    compte = utilisateur(Role.PRESIDENT, monde.conseil)
    page.goto("/compte/")
    page.get_by_label("Adresse électronique").fill(compte.email)
    page.keyboard.press("Tab")
    page.keyboard.type(MOT_DE_PASSE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/compte/")
    page.get_by_role("button", name="Se déconnecter").press("Enter")
    page.wait_for_url("**/connexion/")
    assert "Vous êtes déconnecté" in page.inner_text(".messages")
    page.get_by_role("button", name="Fermer le message").click()
    assert page.locator(".message").count() == 0


def test_le_premier_arret_du_clavier_mene_au_contenu(monde, page, entrer):
    entrer(utilisateur(Role.PRESIDENT, monde.conseil))
    page.goto("/")
    page.keyboard.press("Tab")
    lien = page.locator(":focus")
    assert lien.inner_text() == "Aller au contenu"
    assert lien.bounding_box()["y"] >= 0, "le lien se montre quand il est atteint"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


def test_les_erreurs_prennent_le_focus_et_menent_au_champ(db, page):
    page.goto("/connexion/")
    page.click("main button[type=submit]")
    page.wait_for_selector(".resume-erreurs")
    assert page.evaluate("document.activeElement.className") == "resume-erreurs"
    page.click(".resume-erreurs a >> nth=1")
    assert page.evaluate("document.activeElement.name") == "password"


def test_le_menu_du_telephone_s_ouvre_et_se_ferme_au_clavier(monde, page, entrer):
    entrer(utilisateur(Role.COORDINATEUR, monde.conseil))
    page.set_viewport_size(ETROIT)
    page.goto("/")
    tableau = page.get_by_role("link", name="Livraisons").first
    menu = page.get_by_role("button", name="Menu")
    assert not page.locator("#rail-menu").is_visible()
    menu.press("Enter")
    assert page.locator("#rail-menu").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#rail-menu").is_visible()
    assert page.evaluate("document.activeElement.textContent").strip() == "Menu"
    menu.click()
    tableau.click()
    page.wait_for_url("**/livraisons/")


def test_sur_un_grand_ecran_le_menu_est_toujours_la(monde, page, entrer):
    entrer(utilisateur(Role.COORDINATEUR, monde.conseil))
    page.goto("/")
    assert page.locator("#rail-menu").is_visible()
    assert not page.get_by_role("button", name="Menu").is_visible()


def test_l_apparence_choisie_l_emporte_sur_celle_de_l_appareil(db, page):
    page.emulate_media(color_scheme="light")
    page.goto("/connexion/")
    fond = "getComputedStyle(document.body).backgroundColor"
    clair = page.evaluate(fond)
    page.get_by_role("button", name="Sombre").click()
    page.wait_for_selector("html[data-apparence=sombre]")
    sombre = page.evaluate(fond)
    assert sombre != clair
    page.get_by_role("button", name="Comme l’appareil").click()
    page.wait_for_selector("html:not([data-apparence])")
    assert page.evaluate(fond) == clair


def test_sans_script_on_entre_on_lit_et_on_change_d_apparence(monde, navigateur, live_server):
    compte = utilisateur(Role.COORDINATEUR, monde.conseil)
    contexte = navigateur.new_context(base_url=live_server.url, java_script_enabled=False, viewport=ETROIT)
    page = contexte.new_page()
    page.goto("/connexion/")
    page.get_by_label("Adresse électronique").fill(compte.email)
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Se connecter").click()
    assert page.locator("h1").inner_text()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Sombre").click()
    assert page.locator("html[data-apparence=sombre]").count() == 1
    page.get_by_role("button", name="Menu").click()
    page.locator("#rail-menu").get_by_role("link", name="Communes et secteurs").click()
    assert page.locator("table").first.inner_text()
    contexte.close()


def test_la_police_et_les_feuilles_sont_les_notres(db, page, live_server):
    demandes: list[str] = []
    page.on("request", lambda r: demandes.append(r.url))
    page.goto("/connexion/", wait_until="networkidle")
    assert page.evaluate("document.fonts.check('16px \"Source Sans 3\"')")
    assert sum("source-sans-3" in d for d in demandes) == 1, "préchargée et servie une seule fois"
    assert all(d.startswith((live_server.url, "data:")) for d in demandes)


def test_les_dialogues_et_les_bulles(monde, page, entrer):
    entrer(utilisateur(Role.ADMINISTRATEUR))
    page.goto("/composants/")
    page.get_by_role("button", name="Ouvrir un dialogue").click()
    assert page.locator("#dialogue").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#dialogue").is_visible()
    page.get_by_role("button", name="Définition du taux").click()
    assert page.locator("#bulle-taux").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#bulle-taux").is_visible()
    page.locator("details.menu summary").click()
    page.keyboard.press("Escape")
    assert page.locator("details.menu[open]").count() == 0


def test_un_fichier_glisse_est_choisi(monde, page, entrer):
    entrer(utilisateur(Role.ADMINISTRATEUR))
    page.goto("/composants/")
    zone = page.locator(".depot").first
    transfert = page.evaluate_handle(
        "() => { const t = new DataTransfer(); t.items.add(new File(['a;b'], 'octobre.csv')); return t; }"
    )
    zone.dispatch_event("dragenter", {"dataTransfer": transfert})
    assert "survole" in zone.get_attribute("class")
    zone.dispatch_event("drop", {"dataTransfer": transfert})
    assert "octobre.csv" in zone.locator(".choisi").inner_text()
    assert "survole" not in zone.get_attribute("class")
    assert zone.locator("input").evaluate("champ => champ.files[0].name") == "octobre.csv"


def test_a_deux_cents_pour_cent_rien_ne_deborde(monde, page, entrer):
    """A 1 280 px screen at 200 % is 640 px wide: the same layout as a tablet, and no lateral scroll."""
    entrer(utilisateur(Role.COORDINATEUR, monde.conseil))
    page.set_viewport_size({"width": 640, "height": 430})
    for chemin in ("/", "/composants/", f"/conseils/{monde.conseil.slug}/tableau-de-bord/"):
        page.goto(chemin)
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), chemin


def test_les_couleurs_imposees_gardent_les_contours(monde, page, entrer):
    entrer(utilisateur(Role.ADMINISTRATEUR))
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.goto("/composants/")
    largeur = page.locator(".puce").first.evaluate("e => getComputedStyle(e).borderTopWidth")
    assert largeur == "1px"


def test_sur_papier_le_rail_et_les_gestes_s_effacent(monde, page, entrer):
    entrer(utilisateur(Role.COORDINATEUR, monde.conseil))
    page.goto(f"/conseils/{monde.conseil.slug}/tableau-de-bord/")
    page.emulate_media(media="print")
    assert not page.locator(".rail").is_visible()
    assert not page.locator(".actions").is_visible()
    assert page.locator("h1").is_visible()
