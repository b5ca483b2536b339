"""A séance held with a cut connection, a killed tab, and a second laptop."""

from __future__ import annotations

import pytest
from django.urls import reverse

from pupitre.acces.droits import Role
from pupitre.conseils.models import Convocation, Decision, NoteSeance
from pupitre.conseils.seances.selectors import etat_de
from tests.fabriques import utilisateur

pytestmark = pytest.mark.navigateur
ENREGISTRE = "text=Tout est enregistré."


@pytest.fixture
def ecran(monde, page, entrer):
    entrer(utilisateur(Role.COORDINATEUR, monde.conseil))
    page.goto(reverse("seance-tenue", args=[monde.conseil.slug, monde.seance.pk]))
    page.click("main button:has-text('Ouvrir la séance')")
    page.wait_for_selector(ENREGISTRE)
    return page


def textes(monde) -> set[str]:
    return set(NoteSeance.objects.filter(seance=monde.seance).values_list("texte", flat=True))


def test_tout_est_garde_quand_la_connexion_tombe(monde, ecran, contexte):
    note = ecran.locator("[data-note] textarea").first
    note.fill("Avant la coupure.")
    ecran.wait_for_selector(ENREGISTRE)
    contexte.set_offline(True)
    note.press_sequentially(" Pendant la coupure.")
    ecran.check("[data-presence] input[type=checkbox] >> nth=0")
    ecran.click("summary:has-text('Noter une décision') >> nth=0")
    ecran.fill("[data-decision] textarea >> nth=0", "Réparer la porte du hall 3")
    ecran.click("[data-decision] button:has-text('Ajouter') >> nth=0")
    ecran.wait_for_selector("text=3\u00a0saisies attendent la connexion")
    assert textes(monde) == {"Avant la coupure."}

    # The tab is lost too: another one finds what was typed, and sends it once the network is back.
    contexte.set_offline(False)
    adresse = ecran.url
    ecran.goto("about:blank")
    ecran.goto(adresse)
    ecran.wait_for_selector(ENREGISTRE)
    assert textes(monde) == {"Avant la coupure. Pendant la coupure."}
    assert Decision.objects.filter(texte="Réparer la porte du hall 3").count() == 1
    assert Convocation.objects.filter(seance=monde.seance, present=True).count() == 1
    ecran.reload()
    assert ecran.locator("[data-note] textarea").first.input_value().endswith("Pendant la coupure.")
    assert ecran.locator("text=Réparer la porte du hall 3").count() == 1

    ecran.click("main button:has-text('Clore la séance')")
    ecran.wait_for_selector("text=La séance est close.")
    assert etat_de(monde.seance) == "tenue"


def test_deux_ordinateurs_ne_s_effacent_pas(monde, ecran, contexte):
    ecran.locator("[data-note] textarea").first.fill("Début")
    ecran.wait_for_selector(ENREGISTRE)
    seconde = contexte.new_page()
    seconde.goto(ecran.url)
    ecran.locator("[data-note] textarea").first.fill("Début, par la première")
    ecran.wait_for_selector(ENREGISTRE)
    ecran.wait_for_timeout(600)
    seconde.locator("[data-note] textarea").first.fill("Début, par la seconde")
    seconde.wait_for_selector("text=les deux textes sont gardés")
    seconde.wait_for_selector(ENREGISTRE)
    seconde.locator("[data-note] textarea").first.press_sequentially(", et la suite")
    seconde.wait_for_timeout(600)
    seconde.wait_for_selector(ENREGISTRE)
    assert textes(monde) == {"Début, par la première", "Début, par la seconde, et la suite"}


@pytest.mark.une_fois
def test_l_ecran_de_seance_est_accessible(monde, ecran, verifier_axe):
    ecran.click("[data-en-cours] >> nth=0")
    ecran.click("summary:has-text('Noter une décision') >> nth=0")
    verifier_axe(ecran)
