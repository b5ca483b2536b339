"""Secrets shown once: drawn at random, found again by their digest, counted by the hour."""

from __future__ import annotations

import hashlib

from django.db.models import Case, F, Q, Value, When
from django.utils.crypto import get_random_string

from pupitre.acces.models import Secret
from pupitre.socle import horloge
from pupitre.socle.lecture_seule import ecriture_permise

_LONGUEUR = 40


def tirer() -> str:
    return get_random_string(_LONGUEUR)


def empreinte(texte: str) -> str:
    # Drawn at random over 200 bits: nothing to stretch, and the digest can be searched.
    return hashlib.sha256(texte.encode()).hexdigest()


def compter(secret: Secret, par_heure: int) -> bool:
    """Date and count one use; False when there were too many within the hour.

    One statement: two calls at once cannot both be the last permitted one.
    """
    maintenant = horloge.maintenant()
    heure = maintenant.replace(minute=0, second=0, microsecond=0)
    ailleurs = Q(fenetre__isnull=True) | ~Q(fenetre=heure)
    with ecriture_permise("l’usage d’un secret est compté"):
        comptes = (
            type(secret)
            .objects.filter(ailleurs | Q(appels__lt=par_heure), pk=secret.pk)
            .update(
                appels=Case(When(ailleurs, then=Value(1)), default=F("appels") + 1),
                fenetre=heure,
                dernier_usage=maintenant,
            )
        )
    return bool(comptes)
