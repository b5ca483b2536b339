"""A person's week in one council."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from pupitre.acces.droits import Droit
from pupitre.acces.models import Utilisateur
from pupitre.acces.policies import audience, peut
from pupitre.conseils.models import Seance
from pupitre.conseils.seances.attentes import prochaines
from pupitre.conseils.semaine import lignes, nouvelles
from pupitre.conseils.semaine.lignes import Ligne
from pupitre.conseils.semaine.nouvelles import Nouvelle
from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres.tableau import Demande, Tableau, composer
from pupitre.socle import horloge
from pupitre.socle.gestes import Geste, Temps, attendus, classer, resume
from pupitre.socle.lecture_seule import lue_une_fois
from pupitre.territoires.models import Conseil


@dataclass(frozen=True)
class Semaine:
    """
    Attributes:
        lundi: its first day.
        equipe: does the person coordinate the council?
        temps: the gestures, late ones first.
        seances: those to come, each with `appel`, the person's own call.

    The rest is read when it is asked for: the letter says less than the page.
    """

    utilisateur: Utilisateur
    conseil: Conseil
    lundi: date
    equipe: bool
    temps: tuple[Temps, ...]
    seances: tuple[Seance, ...]

    @property
    def gestes(self) -> tuple[Geste, ...]:
        return tuple(g for t in self.temps for g in t.gestes)

    @property
    def resume(self) -> str:
        return resume(self.temps)

    @cached_property
    def nouvelles(self) -> tuple[Nouvelle, ...]:
        """What has come back; for the team."""
        return tuple(nouvelles.pour_l_equipe(self.utilisateur, self.conseil)) if self.equipe else ()

    @cached_property
    def territoire(self) -> Tableau | None:
        """The figures that the council follows; None without the right to read them."""
        if not peut(self.utilisateur, Droit.VOIR_CHIFFRES, self.conseil):
            return None
        return _chiffres(self.conseil, audience(self.utilisateur, self.conseil))

    @cached_property
    def lignes(self) -> tuple[Ligne, ...]:
        """The whole in five lines; for who is not of the team."""
        if self.equipe:
            return ()
        return tuple(
            lignes.cinq_lignes(self.utilisateur, self.conseil, self.temps, self.seances, self.territoire)
        )


def lire(utilisateur: Utilisateur, conseil: Conseil) -> Semaine:
    jour = horloge.aujourdhui()
    return Semaine(
        utilisateur=utilisateur,
        conseil=conseil,
        lundi=jour - timedelta(days=jour.weekday()),
        equipe=bool(peut(utilisateur, Droit.PUBLIER, conseil)),
        temps=classer(attendus(utilisateur, conseil), jour),
        seances=tuple(prochaines(utilisateur, conseil))
        if peut(utilisateur, Droit.VOIR_CONSEIL, conseil)
        else (),
    )


@lue_une_fois
def _chiffres(conseil: Conseil, audience: Audience) -> Tableau:
    return composer(conseil=conseil, audience=audience, demande=Demande(), detail=False)
