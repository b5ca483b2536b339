"""The directory in a real browser, in the three appearances, with the demonstration's people in it."""

from __future__ import annotations

import pytest
from django.urls import resolve, reverse

from pupitre.acces.droits import Role
from pupitre.annuaire.models import CarnetRecu, Personne
from pupitre.cli.demonstration.annuaire import peupler
from tests.annuaire.fabrique import personne
from tests.fabriques import utilisateur

PARTS = 2
# What `test_axe.py` leaves to this file, whose pages are fuller.
ECRANS = {
    "annuaire", "personne", "personne-modifier", "fonction-ajouter", "fonction", "organisations", "organisation",
    "annuaire-mouvements", "annuaire-importer", "annuaire-import", "annuaire-doublons", "annuaire-verifications",
    "annuaire-verification", "annuaire-listes", "annuaire-liste", "annuaire-reseaux", "annuaire-reseau",
    "fiche-verifier",
}  # fmt: skip


def _adresses(monde) -> list[str]:
    conseil = monde.conseil
    remplacee = conseil.fonctions.filter(intitule__startswith="procureur", fin__isnull=True).get()
    fiche = remplacee.personne
    brut = CarnetRecu.objects.create(
        conseil=conseil,
        nom="partenaires.csv",
        colonnes=["Nom", "Prénom", "Courriel", "Organisme"],
        roles=["nom", "prenom", "email", "organisation"],
        lignes=[
            [fiche.nom, fiche.prenom, fiche.email, "Parquet de Créteil"],
            ["Nouvelle", "Personne", "n@exemple.fr", "OGIF"],
            ["", "x", "", ""],
        ],
    )
    relu = CarnetRecu.objects.create(
        conseil=conseil,
        nom="relu.csv",
        colonnes=brut.colonnes,
        roles=brut.roles,
        lignes=brut.lignes,
        bilan={"colonnes_sures": True},
    )
    personne(conseil, fiche.nom, fiche.prenom)
    de_la = {"conseil": conseil.slug}

    def url(nom, **valeurs):
        return reverse(nom, kwargs=de_la | valeurs)

    chez = remplacee.organisation_id
    return [
        url("annuaire"),
        url("annuaire") + "?q=zzzz",
        url("personne", personne=fiche.pk),
        url("personne-modifier", personne=fiche.pk),
        url("fonction-ajouter", personne=fiche.pk),
        url("fonction", fonction=remplacee.pk),
        url("organisations"),
        url("organisation", organisation=chez),
        url("annuaire-mouvements"),
        url("annuaire-importer"),
        url("annuaire-import", recu=brut.pk),
        url("annuaire-import", recu=relu.pk),
        url("annuaire-doublons"),
        url("annuaire-verifications"),
        url("annuaire-verification", campagne=conseil.campagnes_de_fiches.get().pk),
        url("annuaire-listes"),
        url("annuaire-liste", liste_de_personnes=conseil.listes_de_personnes.first().pk),
        url("annuaire-reseaux"),
        url("annuaire-reseau", reseau=conseil.reseaux.first().pk),
        reverse("fiche-verifier", kwargs={"lien": monde.lien("fiche")}),
    ]


@pytest.mark.une_fois
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", range(PARTS))
def test_l_annuaire_est_accessible_dans_les_trois_apparences(monde, page, entrer, verifier_axe, part):
    entrer(utilisateur(Role.COORDINATEUR, monde.conseil))
    peupler(monde.conseil)
    assert Personne.objects.count() > 80
    adresses = _adresses(monde)
    assert {resolve(a.partition("?")[0]).url_name for a in adresses} == ECRANS
    for adresse in adresses[part::PARTS]:
        page.goto(adresse)
        verifier_axe(page)
