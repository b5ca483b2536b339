"""Which formations a person may see, for whom they answer: from the habilitations held today."""

from __future__ import annotations

from dataclasses import dataclass

from pupitre.acces.droits import Droit, Role
from pupitre.acces.policies import habilitation_pour, peut
from pupitre.acces.selectors import habilitations_de
from pupitre.acces.verdict import Verdict, permis, refuse
from pupitre.territoires.models import Conseil

_TOUTES = frozenset(
    {
        Role.COORDINATEUR,
        Role.ASSISTANT,
        Role.PRESIDENT,
        Role.ELU_DELEGUE,
        Role.MAIRE_MEMBRE,
        Role.DGS,
    }
)


@dataclass(frozen=True, slots=True)
class Portee:
    """What of a council's formations is open to somebody.

    Attributes:
        toutes: every formation. `plenieres`: the plenary and the restricted one.
        organisations: those where one of their people sits. `utilisateur`: those where a card of that account sits.
    """

    toutes: bool = False
    plenieres: bool = False
    organisations: frozenset[int] = frozenset()
    utilisateur: int | None = None


def portee(utilisateur, conseil: Conseil) -> Portee:
    """The widest that the person's habilitations open on that council; nothing without `VOIR_CONSEIL`."""
    if habilitation_pour(utilisateur, Droit.VOIR_CONSEIL, conseil) is None:
        return Portee()
    ici = [h for h in habilitations_de(utilisateur) if h.conseil_id == conseil.pk]
    if any(h.role in _TOUTES for h in ici):
        return Portee(toutes=True)
    return Portee(
        plenieres=any(h.role == Role.PARQUET for h in ici) or _prefecture_de(utilisateur, conseil),
        organisations=frozenset(h.organisation_id for h in ici if h.organisation_id),
        utilisateur=utilisateur.pk,
    )


def porteur(utilisateur, conseil: Conseil) -> Portee:
    """For whom the person answers there, however much they see: their card, and the organisation of a partner."""
    ici = [h for h in habilitations_de(utilisateur) if h.conseil_id == conseil.pk]
    return Portee(
        organisations=frozenset(h.organisation_id for h in ici if h.organisation_id),
        utilisateur=utilisateur.pk,
    )


def peut_suivre(utilisateur, decision) -> Verdict:
    """May this person say where that decision stands? The team, and who was given it."""
    conseil = decision.formation.conseil
    tient = peut(utilisateur, Droit.TENIR_CONSEIL, conseil)
    if tient:
        return tient
    lui = porteur(utilisateur, conseil)
    if decision.responsable is not None and decision.responsable.utilisateur_id == lui.utilisateur:
        return permis("Cette décision vous est confiée.")
    if decision.organisation_id in lui.organisations:
        return permis("Cette décision est confiée à votre organisation.")
    return refuse(
        "Seuls l’équipe du conseil et qui porte la décision disent où elle en est.",
        "la coordonnatrice ou le coordonnateur du conseil",
    )


def _prefecture_de(utilisateur, conseil: Conseil) -> bool:
    departements = {h.departement_id for h in habilitations_de(utilisateur) if h.role == Role.PREFECTURE}
    return bool(departements) and any(c.departement_id in departements for c in conseil.communes_as_of())
