"""An assistant and a landlord's file never seen before; the next one in one click; a referent without an account."""

from __future__ import annotations

import pytest

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.observatoire.chiffres import catalogue
from pupitre.observatoire.collecte import services
from pupitre.observatoire.models import Livraison
from tests import fabriques
from tests.moteur.sources.fichiers import ligne_ods, ods
from tests.navigateur.conftest import ETROIT
from tests.observatoire import fabrique

pytestmark = pytest.mark.navigateur


@pytest.fixture
def bailleur(monde):
    """A landlord who has delivered nothing yet: nothing is known of how it writes."""
    source = services.creer_source(
        conseil=monde.conseil,
        organisation=fabrique.organisation(monde.conseil, "Logement du Lac"),
        code="incidents-lac",
        nom="Incidents du patrimoine",
        format="comptages",
    )
    fabrique.convention(source)
    return source


def fichier(dossier, nom: str, mois: tuple[str, str], decalage: int):
    lignes = (
        ("Logement du Lac – Suivi des incidents 2026", None, None, None, None),
        (None, None, None, None, None),
        ("Commune", "Motif du signalement", *mois, "Total"),
        ("Créteil", "Occupations de halls", 12 + decalage, 9, 21 + decalage),
        ("Créteil", "Local vélos forcé", 3, 4, 7),
        ("Alfortville", "Occupations de halls", 5, 6, 11),
        ("TOTAL", None, 20 + decalage, 19, 39 + decalage),
    )
    return ods(dossier / nom, "".join(ligne_ods(*ligne) for ligne in lignes))


def deposer(page, conseil, source, chemin):
    page.goto(f"/conseils/{conseil.slug}/livraisons/deposer/")
    page.select_option("select[name=source]", f"source:{source.code}")
    page.set_input_files("input[type=file]", chemin)
    page.click("text=Déposer et lire")
    page.wait_for_selector("h1:has-text('.ods')", timeout=60_000)


def test_un_ods_jamais_vu_puis_le_suivant_en_un_clic(monde, bailleur, page, entrer, tmp_path, verifier_axe):
    entrer(fabriques.utilisateur(Role.ASSISTANT, monde.conseil))
    deposer(page, monde.conseil, bailleur, fichier(tmp_path, "incidents.ods", ("août-26", "sept-26"), 0))

    # What was detected is shown on the file itself: banner, headers, months, total set aside.
    assert page.locator("h2:has-text('À reconnaître')").count()
    assert page.locator("text=«\u202fLocal vélos forcé\u202f»").count()
    assert page.locator("button:has-text('Publier')").count() == 0
    verifier_axe(page)
    mot = page.locator(".mot-a-regler", has_text="Local vélos forcé")
    mot.locator("select").select_option(label="Dégradations du patrimoine du bailleur")
    page.click("text=Retenir les réponses choisies")

    page.locator("button:has-text('Publier')").first.click(timeout=60_000)
    page.wait_for_selector("text=les chiffres sont à jour")
    profil = catalogue.etat_visible(monde.conseil).profils["incidents-lac"]
    assert profil.natures == ("inc:degradation_logement_social", "inc:occupation_hall")

    # The month after: the same file, one month later. Nothing to say any more.
    deposer(
        page, monde.conseil, bailleur, fichier(tmp_path, "incidents-octobre.ods", ("sept-26", "oct-26"), 2)
    )
    assert page.locator("h2:has-text('À reconnaître')").count() == 0
    page.locator("button:has-text('Publier')").first.click()
    page.wait_for_selector("text=les chiffres sont à jour")
    page.goto(f"/conseils/{monde.conseil.slug}/sources/incidents-lac/gabarit/")
    assert page.locator("text=Local vélos forcé").count()
    verifier_axe(page)


def test_le_referent_depose_par_son_lien_sur_un_telephone(monde, page, tmp_path):
    page.set_viewport_size(ETROIT)
    page.goto(f"/a/{actes.jeton(monde.lien_de_depot)}/depot/")
    chemin = tmp_path / "novembre.csv"
    chemin.write_bytes(fabrique.comptages({"2026-11": fabrique.partout(4)}))
    page.set_input_files("input[type=file]", chemin)
    page.click("button:has-text('Déposer')")
    page.wait_for_selector("text=novembre.csv")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    livraison = Livraison.objects.get(nom="novembre.csv")
    assert livraison.source == monde.source
    # Neither the council's pages nor another act open with that link.
    assert page.goto(f"/conseils/{monde.conseil.slug}/").url.endswith(f"/conseils/{monde.conseil.slug}/")
    page.wait_for_selector("input[name=password]")
    assert page.goto(f"/a/{actes.jeton(monde.lien_de_depot)}/visa/").status in (403, 404, 410)
