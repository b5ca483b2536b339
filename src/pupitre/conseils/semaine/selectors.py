"""A person's week in one council."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pupitre.acces.droits import Droit
from pupitre.acces.policies import audience, peut
from pupitre.conseils.models import Seance
from pupitre.conseils.seances.attentes import prochaines
from pupitre.conseils.semaine import lignes, nouvelles
from pupitre.conseils.semaine.lignes import Ligne
from pupitre.conseils.semaine.nouvelles import Nouvelle
from pupitre.observatoire.chiffres.tableau import Demande, Tableau, composer
from pupitre.socle import horloge
from pupitre.socle.gestes import Geste, Temps, attendus, classer, resume
from pupitre.territoires.models import Conseil


@dataclass(frozen=True, slots=True)
class Semaine:
    """
    Attributes:
        lundi: its first day.
        temps: the gestures, late ones first.
        seances: those to come, each with `appel`, the person's own call.
        nouvelles: what has come back; for the team.
        territoire: the figures that the council follows; None without the right to read them.
        lignes: the whole in five lines; for who is not of the team.
    """

    lundi: date
    temps: tuple[Temps, ...]
    resume: str
    seances: tuple[Seance, ...]
    nouvelles: tuple[Nouvelle, ...]
    territoire: Tableau | None
    lignes: tuple[Ligne, ...]

    @property
    def gestes(self) -> tuple[Geste, ...]:
        return tuple(g for t in self.temps for g in t.gestes)


def lire(utilisateur, conseil: Conseil) -> Semaine:
    jour = horloge.aujourdhui()
    temps = classer(attendus(utilisateur, conseil), jour)
    equipe = bool(peut(utilisateur, Droit.PUBLIER, conseil))
    seances = prochaines(utilisateur, conseil) if peut(utilisateur, Droit.VOIR_CONSEIL, conseil) else []
    territoire = _territoire(utilisateur, conseil)
    return Semaine(
        lundi=jour - timedelta(days=jour.weekday()),
        temps=temps,
        resume=resume(temps),
        seances=tuple(seances),
        nouvelles=tuple(nouvelles.pour_l_equipe(utilisateur, conseil)) if equipe else (),
        territoire=territoire,
        lignes=() if equipe else tuple(lignes.cinq_lignes(utilisateur, conseil, temps, seances, territoire)),
    )


def _territoire(utilisateur, conseil: Conseil) -> Tableau | None:
    if not peut(utilisateur, Droit.VOIR_CHIFFRES, conseil):
        return None
    return composer(conseil=conseil, audience=audience(utilisateur, conseil), demande=Demande(), detail=False)
