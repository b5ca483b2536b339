"""A council's séance from its preparation to a decision reported done, as each one lives it in a browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.conseils.formations import services as formations
from pupitre.conseils.models import CompteRendu, Decision, Seance
from pupitre.conseils.selectors import membres_as_of
from pupitre.socle import horloge
from pupitre.socle.courriel.modele import Courriel
from tests.conseils import fabrique_seances as fabrique
from tests.fabriques import utilisateur
from tests.navigateur.conftest import ETROIT, LARGE

pytestmark = pytest.mark.navigateur


def lien(adresse: str, categorie: str) -> str:
    """The path that the last letter of that kind gives to that person."""
    texte = Courriel.objects.filter(destinataire=adresse, categorie=categorie).latest("pk").texte
    return re.search(r"https?://[^\s/]+(/a/\S+)", texte)[1]


@pytest.fixture
def restreinte(monde):
    """A restricted formation: the landlord's agency head, the school, and the president who validates."""
    formation = fabrique.formation(monde.conseil, "restreinte", "Comité restreint")
    for nom, organisation in (("Bailleul", monde.source.organisation), ("Lycée", None)):
        fabrique.membre(formation, fabrique.personne(monde.conseil, nom, "Andrea"), organisation)
    utilisateur(Role.PRESIDENT, monde.conseil, email="presidence@exemple.fr", nom="Présidente")
    return formation


def test_de_la_preparation_a_la_decision_faite(monde, restreinte, page, contexte, entrer):
    entrer(utilisateur(Role.COORDINATEUR, monde.conseil))
    seance = preparer(monde, page)
    convoquer(page, seance)
    repondre(page, seance)
    tenir(page, contexte, seance)
    ecrit = rediger(page, seance)
    valider(page, ecrit)
    remarquer_et_verrouiller(monde, page, ecrit)
    rendre_compte(page)
    partir(page, monde, restreinte, seance)


def preparer(monde, page) -> Seance:
    page.goto(reverse("accueil"))
    page.click("nav[aria-label=Principale] >> text=Séances")
    page.click("text=Préparer une séance")
    page.select_option("[name=formation]", label="Comité restreint")
    page.fill("[name=objet]", "Tranquillité de l’hiver")
    jour = horloge.aujourdhui() + timedelta(days=21)
    page.fill("[name=debut]", f"{jour}T14:00")
    page.fill("[name=lieu]", "Hôtel de ville")
    page.click("main button:has-text('Créer')")
    page.wait_for_selector("text=La séance est créée")
    page.click("text=Écrire l’ordre du jour")
    page.click("button:has-text('Ajouter un point')")
    page.fill("[data-point] [name=titre] >> nth=-1", "Hall du 3 rue du Port")
    page.click("form[data-ordre-du-jour] .boutons >> text=Enregistrer")
    page.wait_for_load_state()
    return Seance.objects.get(objet="Tranquillité de l’hiver")


def geste(page, titre: str) -> None:
    """From the week, what comes later unfolded."""
    page.goto(reverse("accueil"))
    for replie in page.query_selector_all("details.ensuite:not([open]) > summary"):
        replie.click()
    page.click(f"li.geste:has-text('{titre}') >> a.bouton")


def convoquer(page, seance: Seance) -> None:
    """From the week: the gesture leads there."""
    geste(page, "Convoquer : Tranquillité de l’hiver")
    page.click("button:has-text('Ajouter tous les membres')")
    page.click("button:has-text('Envoyer 2')")
    page.wait_for_load_state()
    assert seance.convocations.filter(envoyee_le__isnull=False).count() == 2


def repondre(page, seance: Seance) -> None:
    """On a phone, without an account; the link of a neighbour's séance opens nothing."""
    page.set_viewport_size(ETROIT)
    page.goto(lien("andrea.bailleul@exemple.fr", "convocation"))
    assert page.evaluate("document.documentElement.scrollWidth") <= ETROIT["width"]
    page.check("text=Je serai suppléé")
    page.click("button:has-text('Envoyer ma réponse')")
    page.wait_for_selector(".resume-erreurs")
    page.fill("[name=suppleant]", "Claude Petit")
    page.click("button:has-text('Envoyer ma réponse')")
    page.wait_for_selector("text=Votre réponse est enregistrée")
    page.set_viewport_size(LARGE)
    # a letter for another gesture, on the same séance, and one of another council: neither opens it
    de_cote = actes.creer(
        acte="remarque",
        objet=seance.convocations.first().pk,
        conseil=seance.formation.conseil,
        nom="X",
        jours=7,
    )
    assert page.goto(reverse("reponse-convocation", args=[actes.jeton(de_cote)])).status == 404
    page.goto(reverse("seance-convocations", args=[seance.formation.conseil.slug, seance.pk]))
    assert page.locator("tr:has-text('Andrea Bailleul') >> text=Claude Petit").count() == 1


def tenir(page, contexte, seance: Seance) -> None:
    """The connection falls in the middle: nothing that is typed is lost."""
    page.goto(reverse("seance", args=[seance.formation.conseil.slug, seance.pk]))
    page.click("text=Écran de séance")
    page.click("main button:has-text('Ouvrir la séance')")
    page.wait_for_selector("text=Tout est enregistré.")
    page.check("[data-presence] input[type=checkbox] >> nth=0")
    contexte.set_offline(True)
    page.fill("[data-note] textarea >> nth=0", "La porte sera changée avant les fêtes.")
    page.click("summary:has-text('Noter une décision') >> nth=0")
    page.fill("[data-decision] textarea >> nth=0", "Poser une porte plus solide")
    page.select_option("[data-decision] select >> nth=0", label="Andrea Bailleul")
    page.click("[data-decision] button:has-text('Ajouter') >> nth=0")
    page.wait_for_selector("text=attendent la connexion")
    contexte.set_offline(False)
    page.reload()
    page.wait_for_selector("text=Tout est enregistré.")
    decision = Decision.objects.get(texte="Poser une porte plus solide")
    assert str(decision.responsable) == "Andrea Bailleul"
    page.click("main button:has-text('Clore la séance')")
    page.wait_for_selector("text=La séance est close.")


def rediger(page, seance: Seance) -> CompteRendu:
    """What looks like a person stops the validation, with the reason."""
    geste(page, "Rédiger le compte rendu : Tranquillité de l’hiver")
    page.click("button:has-text('Rédiger le compte rendu')")
    texte = page.locator("textarea[name=texte] >> nth=0")
    assert "La porte sera changée avant les fêtes." in texte.input_value()
    texte.fill("Le jeune Karim Benali, né le 12/03/2009, a cassé la porte.")
    page.click("button:has-text('Enregistrer le texte')")
    page.wait_for_selector("text=désigner une personne")
    page.click("button:has-text('Soumettre à la présidence')")
    page.wait_for_selector("text=Le compte rendu n’est pas soumis.")
    page.fill("textarea[name=texte] >> nth=0", "La porte sera changée avant les fêtes.")
    page.click("button:has-text('Enregistrer le texte')")
    page.click("button:has-text('Soumettre à la présidence')")
    page.wait_for_selector("text=Le compte rendu est soumis à la présidence.")
    return seance.comptes_rendus.get()


def valider(page, ecrit: CompteRendu) -> None:
    page.set_viewport_size(ETROIT)
    page.goto(lien("presidence@exemple.fr", "compte-rendu"))
    assert "La porte sera changée avant les fêtes." in page.inner_text("main")
    page.click("button:has-text('Valider le compte rendu')")
    page.wait_for_load_state()
    page.set_viewport_size(LARGE)
    page.goto(reverse("compte-rendu", args=[ecrit.seance.formation.conseil.slug, ecrit.pk]))
    page.click("button:has-text('Envoyer aux membres')")
    page.wait_for_selector("text=part aux membres")


def remarquer_et_verrouiller(monde, page, ecrit: CompteRendu) -> None:
    page.goto(lien("andrea.lycee@exemple.fr", "compte-rendu"))
    page.fill("textarea", "Le hall est celui du 5.")
    page.click("button:has-text('Envoyer ma remarque')")
    page.wait_for_selector("text=Votre remarque est enregistrée.")
    geste(page, "Répondre à 1 remarque : compte rendu, Tranquillité")
    page.click("button:has-text('Numéroter et verrouiller')")
    page.wait_for_selector("text=attend une réponse")
    page.fill("textarea[name=reponse]", "Exact, la décision est corrigée.")
    page.click("button:has-text('Retenir')")
    page.click("button:has-text('Numéroter et verrouiller')")
    page.wait_for_selector("text=est numéroté et verrouillé")
    ecrit.refresh_from_db()
    assert ecrit.numero
    document = page.request.get(reverse("compte-rendu-pdf", args=[monde.conseil.slug, ecrit.pk]))
    assert document.body().startswith(b"%PDF")


def rendre_compte(page) -> None:
    """The owner says it is done, by the link received; the week says that it has come back."""
    decision = Decision.objects.get(texte="Poser une porte plus solide")
    page.goto(reverse("decision", args=[decision.conseil.slug, decision.pk]))
    page.click("button:has-text('Demander où cela en est')")
    page.wait_for_selector("text=La question est posée")
    page.goto(lien("andrea.bailleul@exemple.fr", "decision"))
    carte = page.locator("section:has-text('Poser une porte plus solide')")
    carte.locator("text=faite").first.click()
    carte.locator("textarea").fill("Porte posée le 12.")
    carte.locator("button:has-text('Enregistrer')").click()
    page.wait_for_selector("text=C’est noté")
    page.goto(reverse("accueil"))
    page.wait_for_selector(".nouvelles >> text=Porte posée le 12.")


def partir(page, monde, formation, seance: Seance) -> None:
    """A member leaves: the next séance does not call them, the past one keeps them."""
    siege = formation.membres.get(personne__nom="Bailleul")
    Seance.objects.filter(pk=seance.pk).update(debut=fabrique.dans(-3))
    formations.finir(membre=siege, le=horloge.aujourdhui() - timedelta(days=1))
    assert [str(m.personne) for m in membres_as_of(formation)] == ["Andrea Lycée"]
    page.goto(reverse("seance-convocations", args=[monde.conseil.slug, seance.pk]))
    assert page.locator("th:has-text('Andrea Bailleul')").count() == 1
    page.goto(reverse("formation", args=[monde.conseil.slug, formation.pk]))
    assert page.locator("main th:has-text('Andrea Bailleul')").count() == 0
    veille = horloge.aujourdhui() - timedelta(days=3)
    page.goto(reverse("formation", args=[monde.conseil.slug, formation.pk]) + f"?au={veille}")
    assert page.locator("main th:has-text('Andrea Bailleul')").count() == 1
