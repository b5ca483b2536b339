"""One object of each kind of what is sent."""

from __future__ import annotations

from datetime import date

from pupitre.observatoire.diffusion import editions
from pupitre.observatoire.models import (
    Bulletin,
    Contribution,
    DemandeDiagnostic,
    Destinataire,
    Envoi,
    FaitMarquant,
)
from tests.territoires.fabrique import CRETEIL


def destinataire(conseil, nom="Sacha Petit", **champs) -> Destinataire:
    """On the list for every kind of document."""
    return Destinataire.objects.create(
        conseil=conseil,
        nom=nom,
        email=champs.pop("email", f"{nom.split()[-1].lower()}@exemple.fr"),
        periodicites=champs.pop("periodicites", list(Bulletin.Periodicite.values)),
        **champs,
    )


def fait(conseil, **champs) -> FaitMarquant:
    defaut = {
        "jour": date(2026, 10, 14),
        "commune_id": CRETEIL,
        "texte": "Trois véhicules brûlés sur un parking.",
    }
    return FaitMarquant.objects.create(conseil=conseil, **(defaut | champs))


def peupler(bulletin: Bulletin) -> None:
    """A list of one, what it received, a fact of note, a contribution, a question, and a draft of a week."""
    from tests.fabriques import utilisateur

    conseil = bulletin.conseil
    qui = destinataire(conseil)
    Envoi.objects.create(bulletin=bulletin, destinataire=qui, nom=qui.nom, email=qui.email)
    fait(conseil)
    Contribution.objects.create(
        conseil=conseil, genre=Contribution.Genre.ENTRETIEN, jour=date(2026, 5, 4), texte="Le hall est calme."
    )
    DemandeDiagnostic.objects.create(
        conseil=conseil,
        titre="Rodéos autour de la gare",
        question="Est-ce nouveau ?",
        demandeur=utilisateur(email="demandeur@exemple.fr"),
    )
    editions.preparer_periode(conseil=conseil, periode="2026-W42")
