"""Writes and reads of the diffusion list."""

from __future__ import annotations

from django.db import transaction

from pupitre.observatoire.models import Bulletin, Destinataire, ReglageDiffusion
from pupitre.territoires.models import Conseil

_LIBELLES = dict(Bulletin.Periodicite.choices)


def du_conseil(conseil: Conseil):
    return Destinataire.objects.filter(conseil=conseil).select_related("commune").order_by("-actif", "nom")


def libelles(destinataire: Destinataire) -> list[str]:
    return [str(_LIBELLES[p]) for p in destinataire.periodicites if p in _LIBELLES]


@transaction.atomic
def enregistrer(*, destinataire: Destinataire) -> Destinataire:
    """Raises ValidationError: an address already on the list, an unknown kind."""
    destinataire.email = destinataire.email.lower()
    destinataire.full_clean()
    destinataire.save()
    return destinataire


@transaction.atomic
def regler(*, conseil: Conseil, visa_requis: bool, expediteur: str, repondre_a: str, auteur=None) -> None:
    ReglageDiffusion.objects.update_or_create(
        conseil=conseil,
        defaults={
            "visa_requis": visa_requis,
            "expediteur": expediteur,
            "repondre_a": repondre_a,
            "regle_par": auteur,
        },
    )
