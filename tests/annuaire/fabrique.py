"""A few cards, and one object of each kind of the directory."""

from __future__ import annotations

from datetime import date

from pupitre.acces.models import Organisation
from pupitre.annuaire import fusions, verifications
from pupitre.annuaire.models import (
    CarnetRecu,
    Etiquette,
    Fonction,
    ListeDePersonnes,
    Personne,
    Reseau,
)

DEPUIS = date(2024, 1, 1)


def organisation(conseil, nom="Parquet de Créteil", nature=Organisation.Nature.PARQUET) -> Organisation:
    creee = Organisation.objects.create(nom=nom, nature=nature)
    creee.conseils.add(conseil)
    return creee


def personne(conseil, nom="Morel", prenom="Dominique", **champs) -> Personne:
    return Personne.objects.create(conseil=conseil, nom=nom, prenom=prenom, **champs)


def fonction(conseil, qui, chez, intitule="référent", debut=DEPUIS, **champs) -> Fonction:
    return Fonction.objects.create(
        conseil=conseil, personne=qui, organisation=chez, intitule=intitule, debut=debut, **champs
    )


def peupler(conseil, chez: Organisation) -> None:
    """For the test that walks every address."""
    qui = personne(
        conseil,
        email="d.morel@exemple.fr",
        telephone="01 00 00 00 01",
        telephone_prive="06 00 00 00 01",
        note="Préfère le matin",
    )
    fonction(conseil, qui, chez)
    absorbee = personne(conseil, "Morel", "Dominik")
    etiquette = Etiquette.objects.create(conseil=conseil, nom="referents")
    etiquette.personnes.add(qui)
    ListeDePersonnes.objects.create(conseil=conseil, nom="Vœux").personnes.add(qui)
    Reseau.objects.create(conseil=conseil, nom="Réseau 94", genre="coordonnateurs").personnes.add(qui)
    CarnetRecu.objects.create(
        conseil=conseil, nom="contacts.csv", colonnes=["Nom"], roles=["nom"], lignes=[["Morel"]]
    )
    fusions.fusionner(gardee=qui, absorbee=absorbee)
    verifications.lancer(conseil=conseil, personnes=[qui.pk], echeance=date(2100, 1, 1))
