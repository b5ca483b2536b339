"""A coordinator from her first sign-in to a bulletin, with the police's real workbook."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.acces.models import LienActe
from pupitre.observatoire.chiffres import catalogue
from pupitre.territoires.services import creer_conseil
from tests import fabriques
from tests.territoires.fabrique import DEPUIS

pytestmark = [pytest.mark.navigateur, pytest.mark.une_fois]
CLASSEUR = "etat4001/crimes-et-delits-services-depuis-2012.xlsx"


@pytest.fixture
def arras(monde):
    """A council where nothing has been received yet, beside one that has."""
    conseil = creer_conseil(nature="clspd", nom="Arras", communes=["62041"], depuis=DEPUIS)
    return conseil, fabriques.utilisateur(
        Role.COORDINATEUR, conseil, email="arras@exemple.fr", prenom="Claire"
    )


def test_du_classeur_de_la_police_au_bulletin(arras, page, donnees_partagees):
    conseil, compte = arras
    page.goto("/")
    page.fill("input[name=username]", compte.email)
    page.fill("input[name=password]", fabriques.MOT_DE_PASSE)
    page.click("main button[type=submit]")
    page.wait_for_selector("text=Bienvenue, Claire")

    page.click("a:has-text('Déposer et publier un premier fichier')")
    page.click("text=Déposer un premier fichier")
    page.select_option("select[name=source]", label="État 4001 par service, annuel")
    page.set_input_files("input[type=file]", donnees_partagees / CLASSEUR)
    page.click("text=Déposer et lire")

    page.wait_for_selector("text=Territoires retenus", timeout=60_000)
    assert page.locator("text=997\u202f047").count()
    assert page.locator("text=13\u202f568").count()
    assert page.locator("text=empêche la publication").count()
    assert page.locator("button:has-text('Publier')").count() == 0
    assert page.locator('label:has-text("CIAT D\'ARRAS") input').is_checked()
    page.uncheck("label:has-text('CGD ARRAS') input")
    page.click("text=Retenir et relire")

    page.click("button:has-text('Publier')", timeout=60_000)
    page.wait_for_selector("text=les chiffres sont à jour")
    assert catalogue.etat_visible(conseil).profils["etat-4001-annuel"].territoires == ("CIAT D'ARRAS",)

    page.click("nav >> text=Tableau de bord")
    carte = page.locator("article.chiffre").first
    assert carte.locator(".nom").inner_text() == "Cambriolages de logement"
    assert carte.locator(".unite").inner_text() == "infractions"
    assert "contre" in carte.locator(".phrase").inner_text()
    page.click("article.chiffre summary >> nth=0")
    page.click("article.chiffre >> nth=0 >> text=Voir les livraisons")
    page.wait_for_selector("text=crimes-et-delits-services-depuis-2012.xlsx")

    page.click("nav >> text=Bulletins")
    page.click("main a:text-is('Écrire') >> nth=0")
    page.select_option("select[name=periode]", "2020")
    page.click("text=Écrire le brouillon")
    edition = page.url
    page.click("text=Demander le visa")
    page.wait_for_selector("text=Personne ne peut donner le visa")
    fabriques.utilisateur(Role.PRESIDENT, conseil, email="presidence@exemple.fr")
    page.goto(edition)
    page.click("text=Demander le visa")
    page.wait_for_selector("text=la présidence a reçu un lien")
    page.goto(f"/a/{actes.jeton(LienActe.objects.get(acte='visa'))}/visa/")
    page.click("text=Donner mon visa")
    page.wait_for_selector("text=Visa donné")
    page.goto(edition)
    page.click("main button:text-is('Diffuser')")
    page.wait_for_selector("text=diffusée le")
    adresse = page.locator("a:has-text('Ouvrir le PDF')").get_attribute("href")
    document = page.request.get(adresse)
    assert document.headers["content-type"] == "application/pdf"
    with pikepdf.open(BytesIO(document.body())) as pdf:
        assert len(pdf.pages) >= 6
        assert pdf.Root.MarkInfo.Marked
        assert "2020" in str(pdf.docinfo.Title)


def test_un_fichier_qui_n_en_est_pas_un(arras, page, entrer, tmp_path):
    conseil, compte = arras
    entrer(compte)
    faux = tmp_path / "rapport.xlsx"
    faux.write_bytes(b"%PDF-1.7 ceci est un rapport")
    page.goto(f"/conseils/{conseil.slug}/livraisons/deposer/")
    page.select_option("select[name=source]", label="État 4001 par service, annuel")
    page.set_input_files("input[type=file]", faux)
    page.click("text=Déposer et lire")
    page.wait_for_selector("text=Fichier rejeté")
    assert page.locator("text=Le fichier reçu est gardé tel quel").count()
    assert catalogue.etat_visible(conseil).version == 0
