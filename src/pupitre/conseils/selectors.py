"""Reads that the whole floor shares: which formations one may see, who sat in them on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from pupitre.conseils.models import Formation, Membre
from pupitre.conseils.policies import portee
from pupitre.socle import horloge
from pupitre.territoires.models import Conseil

_OUVERTES = (Formation.Nature.PLENIERE, Formation.Nature.RESTREINTE)


def formations_visibles(utilisateur, conseil: Conseil) -> QuerySet[Formation]:
    """The one source for lists, counts, search and exports; closed formations included.

    A seat opens its formation to who holds it, or replaces its holder, today.
    """
    formations = Formation.objects.filter(conseil=conseil).select_related("conseil", "pilote")
    ouverte = portee(utilisateur, conseil)
    if ouverte.toutes:
        return formations
    sieges = Membre.objects.as_of(horloge.aujourdhui()).filter(formation__conseil=conseil)
    sien = Q(pk__in=())
    if ouverte.organisations:
        sien |= Q(organisation__in=ouverte.organisations)
    if ouverte.utilisateur is not None:
        sien |= Q(personne__utilisateur=ouverte.utilisateur) | Q(suppleant__utilisateur=ouverte.utilisateur)
    condition = Q(pk__in=sieges.filter(sien).values("formation"))
    if ouverte.plenieres:
        condition |= Q(nature__in=_OUVERTES)
    return formations.filter(condition)


def membres_as_of(formation: Formation, jour: date | None = None) -> QuerySet[Membre]:
    """Who sat on that day (today by default), with the organisation that they speak for."""
    return (
        formation.membres.as_of(jour or horloge.aujourdhui())
        .select_related("personne", "organisation", "suppleant")
        .order_by("titre", "personne__nom", "personne__prenom")
    )
