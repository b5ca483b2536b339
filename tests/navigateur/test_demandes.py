"""A request of data in a real browser: asked, answered by link, signed on a telephone, refused to a neighbour."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.acces.models import LienActe
from pupitre.observatoire.demandes import lettres, selectors, services
from pupitre.observatoire.demandes.etats import EtatDemande
from pupitre.observatoire.models import DemandeDonnees
from tests.fabriques import utilisateur
from tests.navigateur.conftest import ETROIT
from tests.observatoire import fabrique, fabrique_demandes

pytestmark = pytest.mark.navigateur


@pytest.fixture
def scene(monde):
    qui, compte = fabrique_demandes.demandeur(monde.conseil)
    tiers = fabrique.organisation(monde.conseil, "Domaxis")
    return {
        "monde": monde,
        "organisation": qui,
        "demandeur": compte,
        "equipe": utilisateur(Role.COORDINATEUR, monde.conseil, email="equipe@exemple.fr"),
        "presidence": utilisateur(Role.PRESIDENT, monde.conseil, email="presidence@exemple.fr"),
        "bailleur": utilisateur(
            Role.PARTENAIRE, monde.conseil, organisation=monde.source.organisation, email="b@exemple.fr"
        ),
        "tiers": utilisateur(Role.PARTENAIRE, monde.conseil, organisation=tiers, email="t@exemple.fr"),
    }


def _deposer(scene) -> DemandeDonnees:
    return services.deposer(
        conseil=scene["monde"].conseil,
        organisation=scene["organisation"],
        auteur=scene["demandeur"],
        contenu=fabrique_demandes.contenu(scene["monde"].source),
    )


def _lien(nom: str, acte: str) -> str:
    return reverse(nom, args=[actes.jeton(LienActe.objects.filter(acte=acte).order_by("pk").last())])


def _fiche(scene, demande) -> str:
    return reverse("demande", args=[scene["monde"].conseil.slug, demande.pk])


def test_demander_repondre_viser_recevoir(scene, page, entrer):
    """The asker on its account, the owner and the president by link, the president on a 360-px screen."""
    entrer(scene["demandeur"])
    page.goto(reverse("demande-nouvelle", args=[scene["monde"].conseil.slug]))
    page.get_by_label("Occupations de hall").check()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Qu’en ferez-vous").fill(fabrique_demandes.USAGE)
    page.get_by_label("Qui les lira").fill("L’exploitation.")
    page.get_by_role("button", name="Déposer la demande").click()
    expect(page.get_by_text("La coordination du conseil l’examine.")).to_be_visible()
    demande = DemandeDonnees.objects.get(organisation=scene["organisation"])
    services.transmettre(demande=demande, auteur=scene["equipe"])

    page.context.clear_cookies()
    page.set_viewport_size(ETROIT)
    page.goto(_lien("reponse-proprietaire", lettres.REPONSE))
    page.get_by_label("Oui, avec des réserves").check()
    page.get_by_label("Vos réserves").fill("Ne pas publier.")
    page.get_by_role("button", name="Envoyer ma réponse").click()
    expect(page.get_by_text("Votre réponse est enregistrée.")).to_be_visible()
    services.preparer(demande=demande, auteur=scene["equipe"])

    page.goto(_lien("visa-demande", lettres.VISA))
    expect(page.get_by_text("Ne pas publier.")).to_be_visible()
    page.get_by_role("button", name="Donner mon visa").click()
    expect(page.get_by_text("Votre visa est donné.")).to_be_visible()
    assert selectors.etat_de(demande) == EtatDemande.REMISE

    entrer(scene["demandeur"])
    page.goto(_fiche(scene, demande))
    with page.expect_download() as telecharge:
        page.get_by_role("link", name="Télécharger (XLSX)").click()
    assert telecharge.value.suggested_filename.endswith(f"{demande.reference}.xlsx")


def test_un_partenaire_essaie_de_lire_ce_qui_est_remis_a_un_autre(scene, page, entrer):
    demande = _deposer(scene)
    services.transmettre(demande=demande, auteur=scene["equipe"])
    services.repondre(
        demande=demande, organisation=scene["monde"].source.organisation, sens="oui", texte="", nom="Inès"
    )
    services.preparer(demande=demande, auteur=scene["equipe"])
    services.viser(demande=demande, nom="Marianne Delaunay")
    entrer(scene["tiers"])
    page.goto(reverse("demandes", args=[scene["monde"].conseil.slug]))
    expect(page.get_by_text("Aucune demande n’est encore déposée")).to_be_visible()
    for adresse in (_fiche(scene, demande), f"{_fiche(scene, demande)}piece.xlsx"):
        assert page.goto(adresse).status == 404


@pytest.mark.une_fois
def test_chaque_etat_de_la_demande_et_chaque_lien_sans_violation(scene, page, entrer, verifier_axe):
    demande = _deposer(scene)
    entrer(scene["equipe"])
    page.goto(_fiche(scene, demande))
    verifier_axe(page)
    services.transmettre(demande=demande, auteur=scene["equipe"])
    entrer(scene["bailleur"])
    page.goto(_fiche(scene, demande))
    verifier_axe(page)
    page.goto(_lien("reponse-proprietaire", lettres.REPONSE))
    verifier_axe(page)
    services.repondre(
        demande=demande,
        organisation=scene["monde"].source.organisation,
        sens="reserves",
        texte="Ne pas publier.",
        nom="Inès",
    )
    entrer(scene["equipe"])
    page.goto(reverse("demande-preparer", args=[scene["monde"].conseil.slug, demande.pk]))
    verifier_axe(page)
    services.preparer(demande=demande, auteur=scene["equipe"])
    entrer(scene["presidence"])
    page.goto(_fiche(scene, demande))
    verifier_axe(page)
    page.goto(_lien("visa-demande", lettres.VISA))
    verifier_axe(page)
    services.viser(demande=demande, nom="Marianne Delaunay")
    page.goto(_lien("remise-donnees", lettres.REMISE))
    verifier_axe(page)
    page.goto(reverse("demandes-registre", args=[scene["monde"].conseil.slug]))
    verifier_axe(page)


@pytest.mark.une_fois
def test_la_page_publique_sans_violation_ni_cookie(scene, page, verifier_axe):
    scene["monde"].source.publique = True
    scene["monde"].source.save()
    page.goto(reverse("page-publique", args=[scene["monde"].conseil.slug]))
    verifier_axe(page)
    assert page.context.cookies() == []
