"""What a row of a ranking says: its rate, and a word on its variation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pupitre.moteur import statistiques
from pupitre.moteur.resultats import Absent, MotifAbsence, Resultat, Rupture, Valeur

SANS_REFERENCE = Absent(
    MotifAbsence.NON_CALCULABLE, "La population ou le nombre de logements de ce lieu n’est pas connu."
)


def taux_par_lieu(
    lignes: Sequence[Mapping[str, Valeur]], par: str, expositions: Mapping[str, float]
) -> list[Valeur]:
    valeurs: list[Valeur] = []
    for ligne in lignes:
        exposition = expositions.get(str(ligne[par]))
        n = ligne["an"]
        valeurs.append(
            statistiques.taux(n, exposition).valeur if exposition and isinstance(n, int) else SANS_REFERENCE
        )
    return valeurs


# How a title names places, and the column that holds them.
LIEUX = {"secteur": "par secteur", "commune": "par commune", "territoire": "par service"}
TITRES = {"secteur": "Secteur", "commune": "Commune", "territoire": "Service"}
LECTURES = {
    "hausse": "hausse significative",
    "baisse": "baisse significative",
    "stable": "ordinaire",
    "trop_peu": "trop peu de faits",
}


def lectures(
    lignes: Sequence[Mapping[str, Valeur]], rupture: Rupture | None, compte: str = "n"
) -> list[Valeur]:
    """A word per row, corrected for the number of rows compared; the reason where nothing can be said."""
    couples = [
        (li[compte], li["precedent"])
        if isinstance(li[compte], int) and isinstance(li["precedent"], int)
        else None
        for li in lignes
    ]
    jugees = iter(statistiques.evolutions([c for c in couples if c is not None]))
    mots: list[Valeur] = []
    for couple in couples:
        if couple is None:
            mots.append("sans comparaison")
        elif rupture is not None:
            next(jugees)
            mots.append("rupture de série")
        else:
            mots.append(LECTURES[next(jugees).sens])
    return mots


def sans_lieu_vide(resultat: Resultat, par: str) -> Resultat:
    """Facts that have no such place count in totals, not in a ranking."""
    lignes = tuple(li for li in resultat.lignes if li[resultat.index[par]] is not None)
    return Resultat(resultat.contexte, resultat.colonnes, lignes, resultat.audience, resultat.retenus)
