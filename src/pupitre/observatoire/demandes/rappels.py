"""Who has not answered: reminded at the council's rhythm, never twice for the same day that fell due."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from pupitre.observatoire.demandes import lettres, selectors
from pupitre.observatoire.demandes.etats import EtatDemande
from pupitre.observatoire.models import DemandeDonnees, EvenementDemande

# Beyond, a letter adds nothing: the team has it among its gestures and telephones.
RAPPELS_MAX = 5


def rang_du(jour: date, depuis: date, delai: int, rythme: int) -> int:
    """How many reminders are due by `jour`: the first when the delay has passed, then one each `rythme` days."""
    retard = (jour - depuis).days - delai
    if retard <= 0:
        return 0
    return min(1 + (retard - 1) // rythme, RAPPELS_MAX)


def rappeler(jour: date) -> int:
    """Write the reminders due on that day; asked again, nothing more is written. How many letters."""
    attente = DemandeDonnees.objects.avec_etat().filter(etat__in=(EtatDemande.ACCORD, EtatDemande.VISA))
    return sum(_rappeler(demande, jour) for demande in attente.select_related("conseil", "organisation"))


@transaction.atomic
def _rappeler(demande: DemandeDonnees, jour: date) -> int:
    DemandeDonnees.objects.select_for_update(of=("self",)).get(pk=demande.pk)
    etat, delais = selectors.etat_de(demande), selectors.reglage(demande.conseil)
    depuis = attend_depuis(demande, etat)
    if etat == EtatDemande.ACCORD:
        rang = rang_du(jour, depuis, delais.delai_proprietaire, delais.rappel)
        return sum(
            lettres.au_proprietaire(demande, o, rang=rang)
            for o in selectors.proprietaires_attendus(demande)
            if rang
        )
    if etat == EtatDemande.VISA:
        rang = rang_du(jour, depuis, delais.delai_president, delais.rappel)
        remise = selectors.derniere_remise(demande)
        return lettres.a_la_presidence(demande, remise, rang=rang) if rang and remise else 0
    return 0


def attend_depuis(demande: DemandeDonnees, etat: str) -> date:
    """The day when the request last entered that state: the answers of other owners do not restart it."""
    depuis = None
    for evenement in EvenementDemande.objects.filter(demande=demande).order_by("pk"):
        if evenement.etat != etat:
            depuis = None
        elif depuis is None:
            depuis = evenement.le
    if depuis is None:
        raise ValueError(f"{demande} n’est pas « {etat} »")
    from django.utils import timezone

    return timezone.localdate(depuis)


def prochain_rappel(demande: DemandeDonnees, etat: str) -> date | None:
    """The day of the next automatic letter; None when there is none to come."""
    delais = selectors.reglage(demande.conseil)
    delai = {
        EtatDemande.ACCORD: delais.delai_proprietaire,
        EtatDemande.VISA: delais.delai_president,
    }.get(EtatDemande(etat))
    if delai is None:
        return None
    from pupitre.socle import horloge

    depuis, jour = attend_depuis(demande, etat), horloge.aujourdhui()
    rang = rang_du(jour, depuis, delai, delais.rappel)
    if rang >= RAPPELS_MAX:
        return None
    return depuis + timedelta(days=delai + 1 + rang * delais.rappel)
