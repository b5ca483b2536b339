"""Which decisions a person sees. One source for lists, counts, search, agendas and exports."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q, QuerySet

from pupitre.conseils.etats import DECISIONS_OUVERTES
from pupitre.conseils.models import Decision, Formation, Seance
from pupitre.conseils.policies import Portee, portee, porteur
from pupitre.conseils.selectors import formations_visibles
from pupitre.socle import horloge
from pupitre.territoires.models import Conseil


def decisions_visibles(utilisateur, conseil: Conseil) -> QuerySet[Decision]:
    """A partner sees its own, and those of the formations where it sits."""
    toutes = avec_liens(Decision.objects.filter(conseil=conseil))
    ouverte = portee(utilisateur, conseil)
    if ouverte.toutes:
        return toutes
    if ouverte.utilisateur is None:
        return toutes.none()
    return toutes.filter(
        _confiees(ouverte) | Q(formation__in=formations_visibles(utilisateur, conseil).values("pk"))
    )


def _confiees(ouverte: Portee) -> Q:
    siennes = Q(responsable__utilisateur=ouverte.utilisateur)
    if ouverte.organisations:
        siennes |= Q(organisation__in=ouverte.organisations)
    return siennes


def confiees_a(utilisateur, conseil: Conseil) -> QuerySet[Decision]:
    """Those of which the person says where they stand: given to their card, or to their organisation."""
    toutes = avec_liens(Decision.objects.filter(conseil=conseil))
    return toutes.filter(_confiees(porteur(utilisateur, conseil)))


def avec_liens(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    return decisions.select_related("formation", "seance", "responsable", "organisation")


def ouvertes(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    return decisions.filter(etat__in=DECISIONS_OUVERTES)


def en_retard(decisions: QuerySet[Decision], jour: date | None = None) -> QuerySet[Decision]:
    return ouvertes(decisions).filter(echeance__lt=jour or horloge.aujourdhui())


def par_urgence(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """The oldest deadline first, those without any last."""
    return decisions.order_by(F("echeance").asc(nulls_last=True), "annee", "rang")


def de_la_seance(seance: Seance) -> QuerySet[Decision]:
    return avec_liens(Decision.objects.filter(seance=seance)).order_by("annee", "rang")


def a_l_ordre_du_jour(formation: Formation) -> QuerySet[Decision]:
    """What the next séance of that formation begins with: its decisions that are still open, the latest first."""
    return par_urgence(ouvertes(avec_liens(Decision.objects.filter(formation=formation))))


def de_responsable(conseil: Conseil, personne: int) -> QuerySet[Decision]:
    return par_urgence(ouvertes(avec_liens(Decision.objects.filter(conseil=conseil, responsable=personne))))
