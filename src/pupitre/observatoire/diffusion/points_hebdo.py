"""Who has told its week: a week without facts is quiet only if every partner expected has said so."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from pupitre.acces.models import Organisation
from pupitre.observatoire.diffusion import faits_marquants
from pupitre.observatoire.diffusion.faits_marquants import Semaine
from pupitre.observatoire.models import (
    FaitMarquant,
    Frequence,
    Livraison,
    PointHebdomadaire,
    ReglageDiffusion,
    Source,
)
from pupitre.territoires.models import Conseil


@dataclass(frozen=True, slots=True)
class Point:
    """`comment`: how it is known to have come; empty when it has not. `note`: it can be taken back."""

    organisation: Organisation
    comment: str = ""
    note: bool = False

    @property
    def recu(self) -> bool:
        return bool(self.comment)


def attendus(conseil: Conseil) -> list[Organisation]:
    """Those of the setting, and those that have a weekly source."""
    hebdo = Source.objects.filter(conseil=conseil, frequence=Frequence.SEMAINE).values("organisation")
    regles = ReglageDiffusion.points_attendus.through.objects.filter(
        reglagediffusion__conseil=conseil
    ).values("organisation")
    return list(Organisation.objects.filter(Q(pk__in=hebdo) | Q(pk__in=regles)).order_by("nom"))


def lire(conseil: Conseil, semaine: Semaine) -> list[Point]:
    """One line for each partner expected."""
    notes = set(
        PointHebdomadaire.objects.filter(conseil=conseil, lundi=semaine.lundi).values_list(
            "organisation", flat=True
        )
    )
    livres = _livres(conseil, semaine)
    signales = set(
        faits_marquants.de_la_periode(conseil, semaine.lundi, semaine.dimanche)
        .exclude(origine=FaitMarquant.Origine.PROPOSE)
        .order_by()
        .values_list("organisation", flat=True)
    )
    points = []
    for organisation in attendus(conseil):
        if organisation.pk in notes:
            points.append(Point(organisation, "point reçu", note=True))
        elif organisation.pk in livres:
            points.append(Point(organisation, "fichier reçu"))
        elif organisation.pk in signales:
            points.append(Point(organisation, "fait signalé"))
        else:
            points.append(Point(organisation))
    return points


def _livres(conseil: Conseil, semaine: Semaine) -> set[int]:
    """Organisations whose weekly file covers that week."""
    livraisons = Livraison.objects.filter(
        source__conseil=conseil, source__frequence=Frequence.SEMAINE
    ).values_list("source__organisation", "lecture__couverture")
    lundi = semaine.lundi.isoformat()
    return {
        organisation
        for organisation, couverture in livraisons
        if any(c[0].startswith("semaine") and c[1] == lundi for c in couverture or [])
    }


@transaction.atomic
def noter(*, conseil: Conseil, organisation: Organisation, semaine: Semaine, auteur=None) -> None:
    PointHebdomadaire.objects.get_or_create(
        conseil=conseil, organisation=organisation, lundi=semaine.lundi, defaults={"recu_par": auteur}
    )


@transaction.atomic
def reprendre(*, conseil: Conseil, organisation: Organisation, semaine: Semaine) -> None:
    PointHebdomadaire.objects.filter(conseil=conseil, organisation=organisation, lundi=semaine.lundi).delete()
