"""Vacancies, arrivals, departures, and the share of posts whose holder changed within a year."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from pupitre.acces.models import Organisation
from pupitre.annuaire.models import Fonction
from pupitre.territoires.models import Conseil


def un_an_avant(jour: date) -> date:
    return (
        jour.replace(year=jour.year - 1, day=28)
        if (jour.month, jour.day) == (2, 29)
        else jour.replace(year=jour.year - 1)
    )


def vacances(conseil: Conseil, jour: date) -> QuerySet[Fonction]:
    """Posts that nobody holds on that day, the longest vacant first."""
    return (
        Fonction.objects.as_of(jour)
        .filter(conseil=conseil, personne__isnull=True)
        .select_related("organisation", "service")
        .order_by("debut", "pk")
    )


@dataclass(frozen=True, slots=True)
class Rotation:
    """Of the functions held on `debut`, those that the same person no longer holds on `fin`. Unit: the function."""

    debut: date
    fin: date
    tenues: int
    quittees: int
    par_organisation: tuple[tuple[Organisation, int, int], ...]

    @property
    def taux(self) -> float | None:
        return 100 * self.quittees / self.tenues if self.tenues else None


def rotation(conseil: Conseil, jour: date) -> Rotation:
    """Over the year that ends on `jour`. A post renamed or moved to another service is another post."""
    debut = un_an_avant(jour)
    avant, apres = _tenues(conseil, debut), _tenues(conseil, jour)
    par: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for cle, organisation in avant.items():
        par[organisation][0] += 1
        par[organisation][1] += cle not in apres
    organisations = Organisation.objects.in_bulk(par)
    lignes = sorted(
        ((organisations[o], n, q) for o, (n, q) in par.items()),
        key=lambda ligne: (-ligne[2], -ligne[1], ligne[0].nom),
    )
    return Rotation(debut, jour, len(avant), sum(q for _, _, q in lignes), tuple(lignes))


def _tenues(conseil: Conseil, jour: date) -> dict[tuple, int]:
    lues = Fonction.objects.as_of(jour).filter(conseil=conseil, personne__isnull=False).order_by()
    return {
        (personne, organisation, service, intitule.casefold()): organisation
        for personne, organisation, service, intitule in lues.values_list(
            "personne_id", "organisation_id", "service_id", "intitule"
        )
    }


def arrivees(conseil: Conseil, debut: date, fin: date) -> QuerySet[Fonction]:
    return _mouvements(conseil).filter(debut__gte=debut, debut__lte=fin).order_by("-debut", "-pk")


def departs(conseil: Conseil, debut: date, fin: date) -> QuerySet[Fonction]:
    return _mouvements(conseil).filter(fin__gte=debut, fin__lte=fin).order_by("-fin", "-pk")


def _mouvements(conseil: Conseil) -> QuerySet[Fonction]:
    return Fonction.objects.filter(conseil=conseil, personne__isnull=False).select_related(
        "personne", "organisation"
    )
