"""Who may: asked here and nowhere else, answered with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from pupitre.acces.droits import DROITS, Droit, Role
from pupitre.acces.models import Habilitation
from pupitre.acces.selectors import habilitations_de
from pupitre.acces.verdict import Verdict, permis, refuse
from pupitre.moteur.resultats import Audience
from pupitre.socle.texte import de, enumeration
from pupitre.territoires.models import Conseil

_A_LA_COORDINATION = "la coordonnatrice ou le coordonnateur du conseil"
_A_L_ADMINISTRATION = "l’administrateur de votre installation de Pupitre"


def habilitation_pour(utilisateur, droit: Droit, conseil: Conseil | None) -> Habilitation | None:
    """The habilitation that grants `droit` on that council (or on the installation), if any."""
    departements: set[str] | None = None
    for habilitation in habilitations_de(utilisateur):
        if habilitation.role not in DROITS[droit]:
            continue
        if habilitation.role == Role.ADMINISTRATEUR:
            return habilitation
        if conseil is None:
            continue
        if habilitation.conseil_id == conseil.pk:
            return habilitation
        if habilitation.role == Role.PREFECTURE:
            if departements is None:
                departements = {c.departement_id for c in conseil.communes_as_of()}
            if habilitation.departement_id in departements:
                return habilitation
    return None


def peut(utilisateur, droit: Droit, conseil: Conseil | None = None) -> Verdict:
    """May this person do that on that council today?"""
    habilitation = habilitation_pour(utilisateur, droit, conseil)
    if habilitation is not None:
        return permis(f"Vous êtes {habilitation.get_role_display()}.")
    if droit == Droit.ADMINISTRER:
        return refuse(
            "L’administration des comptes est réservée à l’administrateur technique.", _A_L_ADMINISTRATION
        )
    roles = sorted({Role(r).label for r in DROITS[droit]})
    return refuse(
        f"Votre rôle ne permet pas {de(Droit(droit).label)}. Cela revient à\u202f: {', '.join(roles)}.",
        _A_LA_COORDINATION,
    )


def audience(utilisateur, conseil: Conseil) -> Audience:
    """The observatory's team works on whole figures; everyone else reads them after disclosure control."""
    for habilitation in habilitations_de(utilisateur):
        if habilitation.conseil_id == conseil.pk and habilitation.role in {
            Role.COORDINATEUR,
            Role.ASSISTANT,
        }:
            return Audience.INTERNE
    return Audience.PARTENAIRE


@dataclass(frozen=True, slots=True)
class Explication:
    """One habilitation in plain words: what it opens, and what it does not with whom to ask."""

    habilitation: Habilitation
    permis: tuple[str, ...]
    refuses: tuple[tuple[str, str], ...]


def explications(utilisateur) -> list[Explication]:
    """For the page where a person reads what they may do, and why not the rest."""
    lues = []
    for h in habilitations_de(utilisateur):
        permis_, refuses = [], []
        for droit in Droit:
            if h.role in DROITS[droit]:
                permis_.append(str(droit.label))
            else:
                refuses.append((str(droit.label), _reserve_a(droit)))
        lues.append(Explication(h, tuple(permis_), tuple(refuses)))
    return lues


def _reserve_a(droit: Droit) -> str:
    return enumeration(sorted(str(Role(r).label) for r in DROITS[droit]), "ou")
