"""Reads: which habilitations, councils and accounts a person may see."""

from __future__ import annotations

from django.db.models import Q

from pupitre.acces.droits import Role
from pupitre.acces.models import Habilitation, Utilisateur
from pupitre.territoires.models import Conseil


def habilitations_de(utilisateur, jour=None) -> list[Habilitation]:
    """Active habilitations, read once per request and kept on the user object."""
    if jour is not None or not hasattr(utilisateur, "_habilitations"):
        lues = list(
            Habilitation.objects.actives(jour)
            .filter(utilisateur_id=utilisateur.pk)
            .select_related("conseil", "organisation", "departement")
        )
        if jour is not None:
            return lues
        utilisateur._habilitations = lues
    return utilisateur._habilitations


def conseils_visibles(utilisateur):
    """Councils of the person's habilitations; a prefecture sees those of its département."""
    habilitations = habilitations_de(utilisateur)
    ids = [h.conseil_id for h in habilitations if h.conseil_id]
    departements = [h.departement_id for h in habilitations if h.role == Role.PREFECTURE]
    condition = Q(pk__in=ids)
    if departements:
        condition |= Q(adhesions__commune__departement_id__in=departements)
    return Conseil.objects.filter(condition).distinct()


def est_administrateur(utilisateur) -> bool:
    return any(h.role == Role.ADMINISTRATEUR for h in habilitations_de(utilisateur))


def comptes_visibles(utilisateur):
    if est_administrateur(utilisateur):
        return Utilisateur.objects.all()
    return Utilisateur.objects.filter(pk=utilisateur.pk)
