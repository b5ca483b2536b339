"""Writes and reads of what feeds the study."""

from __future__ import annotations

from django.db import transaction

from pupitre.observatoire.diffusion.faits_marquants import FaitRefuse, noms_permis
from pupitre.observatoire.models import Contribution
from pupitre.socle.donnees_personnelles import avertissement, indices
from pupitre.territoires.models import Conseil


def du_conseil(conseil: Conseil):
    return Contribution.objects.filter(conseil=conseil).select_related("commune")


@transaction.atomic
def enregistrer(*, contribution: Contribution, confirme: bool = False, auteur=None) -> Contribution:
    """
    Args:
        confirme: a person has read what looks like somebody's name and maintains the text.
    Raises:
        FaitRefuse: the text seems to name somebody. ValidationError: what the record needs.
    """
    trouves = indices(contribution.texte, noms_permis(contribution.conseil))
    if trouves and not confirme:
        raise FaitRefuse(
            avertissement(trouves),
            "L’étude est lue par tous les maires\u202f: aucune personne n’y est désignée.",
            "Récrivez le passage, ou cochez la case qui confirme qu’il ne s’agit pas d’une personne.",
        )
    if contribution._state.adding:
        contribution.saisie_par = auteur
    contribution.full_clean()
    contribution.save()
    return contribution


@transaction.atomic
def basculer(*, contribution: Contribution) -> None:
    """Quoted in the study, or kept aside."""
    contribution.retenue = not contribution.retenue
    contribution.save(update_fields=["retenue"])
