"""Requests of data: one already delivered at little cost, and one to move through its life."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings

from pupitre.acces.droits import Role
from pupitre.acces.models import Organisation
from pupitre.observatoire.demandes import services
from pupitre.observatoire.demandes.etats import EtatDemande
from pupitre.observatoire.models import (
    DemandeDonnees,
    EvenementDemande,
    ReglagePagePublique,
    RemiseDonnees,
    Source,
    SourceDemandee,
)
from pupitre.socle import horloge

USAGE = "Préparer la réunion de sécurité du quartier avec nos gardiens."


def deja_remise(source: Source, *, page_publique: bool = False) -> DemandeDonnees:
    """By the owner of `source`, of its own data; its files are a few bytes. The public page may be opened too."""
    conseil = source.conseil
    if page_publique:
        ReglagePagePublique.objects.create(conseil=conseil, ouverte=True, nom="Hélène Marchand")
    demande = DemandeDonnees.objects.create(
        conseil=conseil,
        annee=2026,
        rang=1,
        organisation=source.organisation,
        demandeur_nom="Inès Fontaine",
        debut=date(2026, 1, 1),
        fin=date(2026, 6, 30),
        usage=USAGE,
        lecteurs="La direction de la proximité.",
        jusqu_au=date(2027, 6, 30),
    )
    SourceDemandee.objects.create(demande=demande, source=source)
    for etat in (EtatDemande.DEPOSEE, EtatDemande.REMISE):
        EvenementDemande.objects.create(demande=demande, etat=etat)
    pieces = []
    for format in services.FORMATS:
        chemin = Path("remises") / conseil.slug / f"{demande.reference}.{format}"
        entier = Path(settings.CONFIGURATION.donnees) / chemin
        entier.parent.mkdir(parents=True, exist_ok=True)
        entier.write_bytes(b"essai")
        pieces.append({"format": format, "chemin": str(chemin), "sha256": "0" * 64, "taille": 5})
    RemiseDonnees.objects.create(
        demande=demande,
        analyse={},
        version_catalogue=1,
        pieces=pieces,
        remise_le=horloge.maintenant(),
        expire_le=horloge.maintenant(),
    )
    return demande


def demandeur(conseil, nom: str = "Transports de la plaine"):
    """An organisation that asks for the others' data, and its account."""
    from tests.fabriques import utilisateur
    from tests.observatoire.fabrique import organisation

    qui = organisation(conseil, nom, Organisation.Nature.TRANSPORTEUR)
    return qui, utilisateur(
        Role.PARTENAIRE, conseil, organisation=qui, email=f"{nom.split()[0].lower()}@exemple.fr", nom=nom
    )


def contenu(*sources: Source, **autres) -> services.Contenu:
    valeurs = {
        "sources": {s: [] for s in sources},
        "perimetre": "conseil",
        "debut": date(2025, 1, 1),
        "fin": date(2026, 9, 30),
        "usage": USAGE,
        "lecteurs": "L’exploitation et la sûreté.",
        "jusqu_au": date(2030, 12, 31),
    }
    return services.Contenu(**(valeurs | autres))
