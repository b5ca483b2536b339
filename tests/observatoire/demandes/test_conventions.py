"""What a convention says of a request: before the owner is asked, and until the data leave."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pupitre.acces.droits import Role
from pupitre.observatoire.collecte import services as collecte
from pupitre.observatoire.demandes import autorisations, chiffres, selectors, services
from pupitre.observatoire.demandes.etats import EtatDemande
from pupitre.observatoire.models import Convention
from pupitre.socle import horloge
from pupitre.socle.courriel.modele import Courriel
from tests.documents import texte_pdf
from tests.fabriques import utilisateur
from tests.observatoire import fabrique, fabrique_demandes

JOUR = date(2026, 11, 20)


@pytest.fixture
def scene(conseil, fichier):
    """A landlord's source without any convention, a president, and a carrier that asks."""
    source = fabrique.source(conseil, convenue=False)
    mois = {f"2026-{m:02}": fabrique.partout(4 + m) for m in range(1, 10)}
    collecte.importer(source=source, fichier=fichier(mois), publier=True)
    qui, compte = fabrique_demandes.demandeur(conseil)
    utilisateur(Role.PRESIDENT, conseil, email="presidence@exemple.fr")
    utilisateur(Role.PARTENAIRE, conseil, organisation=source.organisation, email="compte@exemple.fr")
    return source, qui, compte


def _demander(scene, *sources, organisation=None):
    source, qui, compte = scene
    with horloge.figee(JOUR):
        return services.deposer(
            conseil=source.conseil,
            organisation=organisation or qui,
            auteur=compte,
            contenu=fabrique_demandes.contenu(*(sources or (source,)), debut=date(2026, 1, 1)),
        )


@pytest.mark.parametrize(
    ("champs", "raison"),
    [
        (None, "aucune convention en vigueur"),
        ({"fin": date(2026, 11, 19)}, "aucune convention en vigueur"),
        ({"debut": date(2026, 11, 21)}, "aucune convention en vigueur"),
        ({"destinataires": ["elus"]}, "la convention ne compte pas parmi ses lecteurs"),
        ({"usages": ["tableau", "bulletin"]}, "la convention ne permet pas cet usage"),
    ],
)
def test_ce_que_la_convention_interdit_est_refuse_d_emblee_avec_la_raison(scene, champs, raison):
    if champs is not None:
        fabrique.convention(scene[0], **champs)
    demande = _demander(scene)
    assert selectors.etat_de(demande) == EtatDemande.REFUSEE
    assert raison in demande.evenements.last().raison
    assert raison in Courriel.objects.get(cle__contains="refus").texte
    assert not Courriel.objects.filter(cle__contains="proprietaire").exists()


def test_la_convention_d_un_autre_partenaire_ne_permet_rien(scene):
    voisine = fabrique.source(
        scene[0].conseil, "caves", organisation=fabrique.organisation(scene[0].conseil, "Domaxis")
    )
    assert autorisations.transmissible(voisine, scene[1], JOUR)
    assert not autorisations.transmissible(scene[0], scene[1], JOUR)


def test_une_source_permise_continue_sans_celle_qui_est_interdite(scene, fichier):
    permise = fabrique.source(
        scene[0].conseil, "caves", "Caves", organisation=fabrique.organisation(scene[0].conseil, "Domaxis")
    )
    collecte.importer(
        source=permise, fichier=fichier({"2026-03": fabrique.partout(6)}, "c.csv"), publier=True
    )
    demande = _demander(scene, scene[0], permise)
    assert selectors.etat_de(demande) == EtatDemande.DEPOSEE
    assert {li.source.code: bool(li.refus) for li in demande.lignes.all()} == {"halls": True, "caves": False}
    assert [o.nom for o in selectors.proprietaires(demande)] == ["Domaxis"]


def test_le_referent_de_la_convention_recoit_la_demande(scene):
    fabrique.convention(scene[0], referent="Inès Fontaine", referent_email="ines@exemple.fr")
    demande = _demander(scene)
    services.transmettre(demande=demande, auteur=scene[2])
    lettre = Courriel.objects.get(cle__contains="proprietaire")
    assert (lettre.destinataire, lettre.nom) == ("ines@exemple.fr", "Inès Fontaine")


def test_les_reserves_de_la_convention_sont_sur_chaque_page_avec_celles_de_la_reponse(scene):
    fabrique.convention(scene[0], reserves="Déclaratif, sans contrôle du bailleur.")
    demande = _demander(scene)
    services.transmettre(demande=demande, auteur=scene[2])
    services.repondre(
        demande=demande,
        organisation=scene[0].organisation,
        sens="reserves",
        texte="Avril est incomplet.",
        nom="Inès Fontaine",
    )
    remise = services.preparer(demande=demande, auteur=scene[2])
    for page in texte_pdf.texte(remise.chemin("pdf").read_bytes()):
        entier = " ".join(page.split())
        assert "Déclaratif, sans contrôle" in entier
        assert "Avril est incomplet." in entier


def test_une_convention_echue_avant_la_remise_retient_les_donnees(scene):
    fabrique.convention(scene[0], fin=JOUR + timedelta(days=5))
    demande = _demander(scene)
    with horloge.figee(JOUR):
        services.transmettre(demande=demande, auteur=scene[2])
        services.repondre(
            demande=demande, organisation=scene[0].organisation, sens="oui", texte="", nom="Inès Fontaine"
        )
    with (
        horloge.figee(JOUR + timedelta(days=6)),
        pytest.raises(chiffres.RienARemettre, match="aucune convention en vigueur"),
    ):
        services.preparer(demande=demande, auteur=scene[2])
    assert not demande.remises.exists()


def test_ses_propres_donnees_ne_demandent_pas_de_convention(scene):
    demande = _demander(scene, organisation=scene[0].organisation)
    assert selectors.etat_de(demande) == EtatDemande.REMISE


def test_ce_que_l_etat_publie_est_remis_aussitot(scene):
    scene[0].publique = True
    scene[0].save()
    demande = _demander(scene)
    assert selectors.etat_de(demande) == EtatDemande.REMISE
    assert not demande.reponses.exists()


def test_le_public_ne_lit_que_ce_que_la_convention_lui_destine(scene):
    assert not autorisations.publiable(scene[0], JOUR)
    fabrique.convention(scene[0], usages=Convention.Usage.values)
    assert not autorisations.publiable(scene[0], JOUR)
    fabrique.convention(scene[0], destinataires=["public"], usages=["publication"])
    assert autorisations.publiable(scene[0], JOUR)
