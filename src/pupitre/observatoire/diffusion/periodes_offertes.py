"""Periods that an edition may be written about, most recent first, by kind."""

from __future__ import annotations

from datetime import date, timedelta

from pupitre.observatoire.diffusion import bulletins
from pupitre.observatoire.diffusion.etudes import Semestre
from pupitre.observatoire.diffusion.faits_marquants import Semaine
from pupitre.socle import horloge
from pupitre.territoires.models import Conseil

SEMAINES, SEMESTRES = 8, 6


def lister(conseil: Conseil) -> list[tuple[str, list[tuple[str, str]]]]:
    """Grouped choices of a form: (group, [(code, wording)])."""
    periodes = bulletins.periodes_possibles(conseil)
    mois = [c for c in periodes if "-" in c[0]]
    annees = [c for c in periodes if "-" not in c[0]]
    groupes = [
        ("Faits marquants de la semaine", _semaines()),
        ("Bulletin du mois", mois),
        ("Étude du semestre", _semestres(mois)),
        ("Bulletin de l’année", annees),
    ]
    return [(titre, choix) for titre, choix in groupes if choix]


def _semaines() -> list[tuple[str, str]]:
    courante = Semaine.contenant(horloge.aujourdhui())
    semaines = [Semaine(courante.lundi - timedelta(weeks=i)) for i in range(SEMAINES)]
    return [(s.code, f"Semaine {s.libelle}") for s in semaines]


def _semestres(mois: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Half-years of which at least one month is published."""
    vus = dict.fromkeys(Semestre.contenant(date.fromisoformat(f"{code}-01")) for code, _ in mois)
    return [(s.code, s.libelle.capitalize()) for s in list(vus)[:SEMESTRES]]
