"""Which minutes a person reads. One source for lists, counts, search and downloads."""

from __future__ import annotations

from django.db.models import QuerySet

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.conseils.etats import EtatCompteRendu, EtatSeance
from pupitre.conseils.models import CompteRendu, Seance
from pupitre.conseils.seances.selectors import seances_visibles
from pupitre.territoires.models import Conseil

A_DRESSER = 12
_LISIBLES = (
    EtatCompteRendu.VALIDE,
    EtatCompteRendu.DIFFUSE,
    EtatCompteRendu.VERROUILLE,
    EtatCompteRendu.REMPLACE,
)


def comptes_rendus_visibles(utilisateur, conseil: Conseil) -> QuerySet[CompteRendu]:
    """The team reads drafts; who validates reads what is submitted; others what is validated."""
    tous = CompteRendu.objects.filter(seance__formation__conseil=conseil).select_related(
        "seance__formation__conseil"
    )
    if peut(utilisateur, Droit.TENIR_CONSEIL, conseil):
        return tous
    lisibles = set(_LISIBLES)
    if peut(utilisateur, Droit.VALIDER_COMPTE_RENDU, conseil):
        lisibles.add(EtatCompteRendu.SOUMIS)
    return tous.filter(etat__in=lisibles, seance__in=seances_visibles(utilisateur, conseil).values("pk"))


def seances_sans(utilisateur, conseil: Conseil) -> list[Seance]:
    """Held, and nobody began their minutes; for the team, the latest first."""
    if not peut(utilisateur, Droit.TENIR_CONSEIL, conseil):
        return []
    return list(
        seances_visibles(utilisateur, conseil)
        .filter(etat=EtatSeance.TENUE, comptes_rendus__isnull=True)
        .order_by("-debut")[:A_DRESSER]
    )
