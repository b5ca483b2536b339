"""What of a card each person may read: one answer for pages, searches and files."""

from __future__ import annotations

from dataclasses import dataclass

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.territoires.models import Conseil


@dataclass(frozen=True, slots=True)
class Regard:
    """`prives`: private numbers. `tient`: working notes, and every gesture that writes."""

    prives: bool
    tient: bool


def regard(utilisateur, conseil: Conseil) -> Regard:
    return Regard(
        prives=bool(peut(utilisateur, Droit.VOIR_NUMEROS_PRIVES, conseil)),
        tient=bool(peut(utilisateur, Droit.TENIR_ANNUAIRE, conseil)),
    )
