"""What every comparison of places shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pupitre.documents.formes import Sens
from pupitre.documents.tableaux import Table
from pupitre.moteur import statistiques
from pupitre.moteur.resultats import Valeur
from pupitre.moteur.statistiques.entonnoir import Place
from pupitre.observatoire.chiffres.choix import Choix
from pupitre.observatoire.chiffres.figures import Figure
from pupitre.socle.texte import nombre

POSITIONS = {
    "dans": ("dans les limites du hasard", Sens.ORDINAIRE),
    "haut": ("un peu au-dessus, près des limites", Sens.RESERVE),
    "bas": ("un peu au-dessous, près des limites", Sens.RESERVE),
    "au_dessus": ("au-dessus des limites", Sens.HAUSSE),
    "sous": ("au-dessous des limites", Sens.BAISSE),
}


@dataclass(frozen=True, slots=True)
class Ligne:
    """One place against its group. `niveau`: commune, secteur, ensemble. `rang`: « 12e sur 47 », highest first."""

    code: str
    libelle: str
    niveau: str
    n: Valeur
    exposition: Valeur
    taux: Valeur
    intervalle: str = ""
    rang: str = ""
    lecture: str = ""
    sens: str = ""


@dataclass(frozen=True)
class Comparaisons:
    """What the screen of comparisons shows; `par`: inhabitants or dwellings."""

    groupes_d_indicateurs: tuple[tuple[str, tuple[Choix, ...]], ...] = ()
    groupes: tuple[Choix, ...] = ()
    annees: tuple[Choix, ...] = ()
    figure: Figure | None = None
    lignes: tuple[Ligne, ...] = ()
    phrase: str = ""
    notes: tuple[str, ...] = ()
    fictif: bool = False
    publiee: bool = False
    manque_communal: bool = False
    choix: tuple[tuple[str, str], ...] = ()
    par: str = "habitants"
    table: Table = field(default_factory=lambda: Table("Comparaison", ("Lieu",), ()))


def intervalle(n: Valeur, exposition: Valeur) -> str:
    """Bounds of the rate per 1,000 that chance allows; empty without a count or an exposure."""
    if not isinstance(n, int) or not isinstance(exposition, int | float) or not exposition:
        return ""
    bas, haut = statistiques.taux(n, float(exposition)).intervalle or (0.0, 0.0)
    return f"{nombre(bas, 1)} à {nombre(haut, 1)}"


def rang(place: Place | None, toutes: Iterable[Place]) -> str:
    if place is None:
        return ""
    toutes = list(toutes)
    n = 1 + sum(p.taux > place.taux for p in toutes)
    return f"{'1er' if n == 1 else f'{n}e'} sur {nombre(len(toutes))}"
