"""What waits for a gesture in the councils' work."""

from __future__ import annotations

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.annuaire.selectors import fiches_de
from pupitre.conseils.comptes_rendus import attentes as comptes_rendus
from pupitre.conseils.decisions import attentes as decisions
from pupitre.conseils.formations import attentes as formations
from pupitre.conseils.seances import attentes as seances
from pupitre.socle.gestes import Geste
from pupitre.socle.lecture_seule import lue_une_fois
from pupitre.territoires.models import Conseil

_PIECES = (seances, comptes_rendus, decisions, formations)


def gestes(utilisateur, conseil: Conseil) -> list[Geste]:
    """For the team, what the council's life asks; for each, what they alone can answer."""
    if not peut(utilisateur, Droit.VOIR_CONSEIL, conseil):
        return []
    fiches = fiches_de(utilisateur, conseil)
    tous = [g for piece in _PIECES for g in piece.gestes_personnels(utilisateur, conseil, fiches)]
    if peut(utilisateur, Droit.TENIR_CONSEIL, conseil):
        tous += _de_l_equipe(conseil)
    return tous


@lue_une_fois
def _de_l_equipe(conseil: Conseil) -> tuple[Geste, ...]:
    return tuple(g for piece in _PIECES for g in piece.gestes_equipe(conseil))
