"""The life of a data request: declared transitions; the current state is the last event."""

from __future__ import annotations

from django.db import models


class EtatDemande(models.TextChoices):
    DEPOSEE = "deposee", "à instruire"
    ACCORD = "accord", "attend le propriétaire"
    A_PREPARER = "a_preparer", "à préparer"
    VISA = "visa", "attend le visa"
    REMISE = "remise", "remise"
    REFUSEE = "refusee", "refusée"
    RETIREE = "retiree", "retirée par le demandeur"


TRANSITIONS: dict[EtatDemande | None, frozenset[EtatDemande]] = {
    None: frozenset({EtatDemande.DEPOSEE}),
    # straight to REMISE: a partner that asks for its own data needs nobody's consent
    EtatDemande.DEPOSEE: frozenset(
        {
            EtatDemande.DEPOSEE,
            EtatDemande.ACCORD,
            EtatDemande.REMISE,
            EtatDemande.REFUSEE,
            EtatDemande.RETIREE,
        }
    ),
    EtatDemande.ACCORD: frozenset(
        {EtatDemande.ACCORD, EtatDemande.A_PREPARER, EtatDemande.REFUSEE, EtatDemande.RETIREE}
    ),
    EtatDemande.A_PREPARER: frozenset({EtatDemande.VISA, EtatDemande.REFUSEE, EtatDemande.RETIREE}),
    EtatDemande.VISA: frozenset(
        {EtatDemande.A_PREPARER, EtatDemande.REMISE, EtatDemande.REFUSEE, EtatDemande.RETIREE}
    ),
    EtatDemande.REMISE: frozenset(),
    EtatDemande.REFUSEE: frozenset(),
    EtatDemande.RETIREE: frozenset(),
}
CLOSES = frozenset({EtatDemande.REMISE, EtatDemande.REFUSEE, EtatDemande.RETIREE})
OUVERTES = frozenset(EtatDemande) - CLOSES
