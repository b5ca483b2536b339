"""The president approves from a phone, between two meetings, and a mayor opens what was sent."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest

from pupitre.acces import actes
from pupitre.acces.models import LienActe
from pupitre.observatoire.diffusion import circuit, editions, envois
from pupitre.observatoire.etats import EtatBulletin
from tests.navigateur.conftest import ETROIT
from tests.observatoire import fabrique_diffusion
from tests.territoires.fabrique import CRETEIL

pytestmark = [pytest.mark.navigateur, pytest.mark.une_fois]


@pytest.fixture
def soumis(monde):
    monde.conseil.destinataires.all().delete()
    for nom, champs in (
        ("Camille Roy", {"email": "presidence@exemple.fr", "viseur": True, "periodicites": []}),
        ("Claude Maire", {"email": "maire@exemple.fr", "commune_id": CRETEIL}),
    ):
        fabrique_diffusion.destinataire(monde.conseil, nom, **champs)
    bulletin = editions.preparer_periode(conseil=monde.conseil, periode="2026-08")
    circuit.soumettre(bulletin=bulletin)
    return bulletin


def _visa(bulletin) -> str:
    return f"/a/{actes.jeton(LienActe.objects.get(acte='visa', objet=bulletin.pk))}/visa/"


def test_le_visa_tient_dans_un_telephone(soumis, page, verifier_axe):
    page.set_viewport_size(ETROIT)
    adresse = _visa(soumis)
    page.goto(adresse)
    verifier_axe(page)
    page.set_viewport_size(ETROIT)
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    bouton = page.locator("button:has-text('Donner mon visa')")
    boite = bouton.bounding_box()
    assert boite["height"] >= 44, "a thumb's width"
    assert boite["y"] + boite["height"] <= 2 * ETROIT["height"], "two screens at most above the gesture"

    document = page.request.get(page.locator("a:has-text('Lire le document')").get_attribute("href"))
    with pikepdf.open(BytesIO(document.body())) as pdf:
        assert len(pdf.pages) >= 2

    page.click("button:has-text('Renvoyer avec cette remarque')")
    page.wait_for_selector(".resume-erreurs")
    bouton.click()
    page.wait_for_selector("text=Visa donné")
    assert editions.etat_de(type(soumis).objects.get(pk=soumis.pk)) is EtatBulletin.VISE
    assert page.goto(adresse).status == 410, "given once"


def test_le_maire_ouvre_ce_qui_lui_est_envoye(soumis, page, verifier_axe):
    page.goto(_visa(soumis))
    page.click("button:has-text('Donner mon visa')")
    page.wait_for_selector("text=Visa donné")
    circuit.diffuser(bulletin=type(soumis).objects.get(pk=soumis.pk))
    page.set_viewport_size(ETROIT)
    page.goto(f"/a/{actes.jeton(soumis.envois.get().lien)}/lecture/")
    assert "Créteil" in page.inner_text("main")
    verifier_axe(page)
    (lu,) = envois.envois_lus(type(soumis).objects.get(pk=soumis.pk))
    assert lu.fois >= 1
