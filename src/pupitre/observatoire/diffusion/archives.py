"""Editions found again: by kind, year and words."""

from __future__ import annotations

from django.db.models import Q

from pupitre.observatoire.diffusion import editions
from pupitre.observatoire.models import Bulletin
from pupitre.territoires.models import Conseil


def chercher(utilisateur, conseil: Conseil, *, periodicite: str = "", annee: str = "", q: str = ""):
    """Editions that the person may read, each with `remplacee`: a later edition has left."""
    trouves = editions.visibles(utilisateur, conseil)
    if periodicite in Bulletin.Periodicite.values:
        trouves = trouves.filter(periodicite=periodicite)
    if annee.isdigit():
        trouves = trouves.filter(debut__year=int(annee))
    for mot in q.split():
        trouves = trouves.filter(Q(sujet__icontains=mot) | Q(parametres__titre__icontains=mot))
    return trouves


def annees(utilisateur, conseil: Conseil) -> list[str]:
    return [str(j.year) for j in editions.visibles(utilisateur, conseil).dates("debut", "year", order="DESC")]


def remplacante(bulletin: Bulletin) -> Bulletin | None:
    """The last edition sent after this one, of the same thing."""
    return (
        Bulletin.objects.diffuses()
        .filter(
            conseil=bulletin.conseil,
            periodicite=bulletin.periodicite,
            debut=bulletin.debut,
            sujet=bulletin.sujet,
            edition__gt=bulletin.edition,
        )
        .order_by("-edition")
        .first()
    )
