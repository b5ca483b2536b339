"""Who besides elected officials may read an edition: asked of the conventions when it is written, then frozen."""

from __future__ import annotations

from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.collecte import conventions
from pupitre.observatoire.models import Bulletin, Convention
from pupitre.territoires.models import Conseil

ETAT = Convention.Pour.ETAT


def ouverte_a_l_etat(conseil: Conseil, periodicite: str, usage: str) -> bool:
    """May the prefecture and the prosecutor read it? Yes when every source that it draws on permits it.

    A weekly page is for mayors and their directors alone.
    """
    if periodicite == Bulletin.Periodicite.SEMAINE:
        return False
    sources = Lecteur.ouvrir(conseil, Audience.PARTENAIRE, usage=usage).sources.values()
    return all(d.permet(ETAT, usage) for d in conventions.droits_des_sources(sources).values())
