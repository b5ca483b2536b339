"""The agenda moved by hand and by keyboard, and every screen of a séance, in a real browser."""

from __future__ import annotations

import os

import pytest
from django.urls import reverse

from pupitre.acces.droits import Role
from pupitre.conseils.seances import agenda
from tests.conseils import fabrique_seances as fabrique
from tests.fabriques import utilisateur

pytestmark = [pytest.mark.navigateur, pytest.mark.une_fois]
PAGES = ("seance", "seance-agenda", "seance-convocations", "seance-dates", "seance-modifier")
DU_CONSEIL = ("seances", "seances-calendrier", "seances-reglage")
# What `test_axe.py` leaves to this file.
ECRANS = {*PAGES, *DU_CONSEIL}


def _chemin(monde, nom: str) -> str:
    return reverse(nom, args=[monde.conseil.slug, monde.seance.pk])


def test_les_ecrans_d_une_seance_sont_accessibles(monde, page, entrer, verifier_axe):
    fabrique.point(monde.seance, "Éclairage du parc", rang=2)
    chemins = [_chemin(monde, nom) for nom in PAGES]
    chemins += [reverse(n, args=[monde.conseil.slug]) for n in DU_CONSEIL]
    chemins += [
        reverse(a, args=[monde.lien(a)]) for a in ("disponibilites", "reponse-convocation", "proposer-point")
    ]
    entrer(utilisateur(Role.COORDINATEUR, monde.conseil))
    for i, chemin in enumerate(chemins):
        page.goto(chemin)
        verifier_axe(page)
        if dossier := os.environ.get("PUPITRE_VUES"):
            page.set_viewport_size({"width": 1280, "height": 900})
            page.screenshot(path=f"{dossier}/{i}.png", full_page=True)
            page.set_viewport_size({"width": 360, "height": 800})
            page.screenshot(path=f"{dossier}/{i}-etroit.png", full_page=True)
            page.set_viewport_size({"width": 1280, "height": 900})


def test_monter_un_point_au_clavier_puis_a_la_souris(monde, page, entrer):
    fabrique.point(monde.seance, "Éclairage du parc", rang=2)
    fabrique.point(monde.seance, "Questions diverses", rang=3)
    entrer(utilisateur(Role.COORDINATEUR, monde.conseil))
    page.set_viewport_size({"width": 1280, "height": 1600})
    page.goto(_chemin(monde, "seance-agenda"))
    titres = page.locator("[data-point] [name=titre]")
    titres.nth(2).focus()
    page.keyboard.press("Alt+ArrowUp")
    assert [titres.nth(i).input_value() for i in range(3)] == [
        "Bilan de l’été", "Questions diverses", "Éclairage du parc",
    ]  # fmt: skip
    assert page.evaluate("document.activeElement.value") == "Questions diverses"
    poignee = page.locator("[data-poignee]").nth(2).bounding_box()
    premier = page.locator("[data-point]").nth(0).bounding_box()
    page.mouse.move(poignee["x"] + 5, poignee["y"] + 5)
    page.mouse.down()
    page.mouse.move(premier["x"] + 20, premier["y"] + 60, steps=8)
    page.mouse.move(premier["x"] + 20, premier["y"] + 5, steps=4)
    page.mouse.up()
    assert titres.nth(0).input_value() == "Éclairage du parc"
    page.click("form[data-ordre-du-jour] .boutons >> text=Enregistrer")
    page.wait_for_load_state()
    assert [li.titre for li in agenda.lire(monde.seance)] == [
        "Éclairage du parc", "Bilan de l’été", "Questions diverses",
    ]  # fmt: skip
