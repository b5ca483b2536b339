"""Series put into drawings and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pupitre.documents import depuis_resultat
from pupitre.documents.formes import Pas as PasDessine
from pupitre.documents.formes import Point, Repere, Serie
from pupitre.moteur import statistiques
from pupitre.moteur.mesures import Pas
from pupitre.moteur.resultats import Resultat
from pupitre.observatoire.chiffres.durees import Duree, Lecture
from pupitre.socle.texte import nombre, pluriel

# Two years drawn, and before them what the ordinary range of the last twelve months rests on.
MOIS_DE_LA_SERIE = 37
MOIS_DESSINES = 24
LONGUEURS = {Pas.MOIS: MOIS_DE_LA_SERIE, Pas.TRIMESTRE: 12, Pas.ANNEE: 12, Pas.ANNEE_SCOLAIRE: 8}
LONGUEURS_LUES = {Duree.DOUZE_MOIS: 25, Duree.CUMUL: 8, Duree.SEMESTRE: 10}
_PAS_LUS = {
    Duree.DOUZE_MOIS: PasDessine.MOIS,
    Duree.CUMUL: PasDessine.ANNEE,
    Duree.SEMESTRE: PasDessine.SEMESTRE,
}
MOTS = {
    "hausse": "hausse significative",
    "baisse": "baisse significative",
    "stable": "pas d’évolution significative",
    "trop_peu": "trop peu de faits pour conclure",
}


def longueur(lecture: Lecture) -> int:
    return LONGUEURS_LUES.get(lecture.duree) or LONGUEURS[lecture.pas_lu]


def serie_treize(serie: Resultat, pas: Pas) -> Serie:
    """The last thirteen periods: the year, and the same month a year before."""
    entiere = depuis_resultat.serie_de(serie, pas=PasDessine(pas.value))
    return Serie(entiere.titre, entiere.unite, entiere.points[-13:], entiere.pas, entiere.ruptures)


def petite(serie: Resultat, lecture: Lecture) -> Serie:
    """The small form of a reading's series."""
    if not lecture.glissante:
        return serie_treize(serie, lecture.pas_lu)
    entiere = depuis_resultat.serie_de(serie, debut="jour", pas=_PAS_LUS[lecture.duree])
    return replace(entiere, points=entiere.points[-13:])


def serie_dessinee(serie: Resultat, pas: Pas, reperes: Sequence[Repere] = ()) -> Serie:
    """The series as drawn, with the ordinary range of each month that three earlier years allow to say."""
    dessinee = depuis_resultat.serie_de(serie, pas=PasDessine(pas.value), accent=12 if pas is Pas.MOIS else 1)
    dessinee = replace(dessinee, reperes=tuple(reperes))
    if pas is not Pas.MOIS:
        return dessinee
    valeurs = [v if isinstance(v, int) else None for v in serie.colonne("n")]
    jours = serie.colonne("debut")
    dernieres = [r.jour for r in serie.contexte.ruptures]
    rupture = next((i for i, j in enumerate(jours) if dernieres and j >= dernieres[-1]), None)
    bandes = statistiques.bandes(valeurs, rupture=rupture)
    points = tuple(
        Point(p.debut, p.valeur, b.bas, b.haut) if b is not None else p
        for p, b in zip(dessinee.points, bandes, strict=True)
    )
    return replace(dessinee, points=points[-MOIS_DESSINES:])


def lue_dessinee(serie: Resultat, lecture: Lecture, reperes: Sequence[Repere] = ()) -> Serie:
    """The drawing of a reading's series."""
    if not lecture.glissante:
        return serie_dessinee(serie, lecture.pas_lu, reperes)
    dessinee = depuis_resultat.serie_de(
        serie,
        debut="jour",
        pas=_PAS_LUS[lecture.duree],
        accent=12 if lecture.duree is Duree.DOUZE_MOIS else 1,
    )
    note = ""
    if lecture.duree is Duree.DOUZE_MOIS:
        note = (
            "Chaque barre compte les douze mois qui finissent là\u202f: deux barres voisines ont onze mois en "
            "commun."
        )
    elif lecture.duree is Duree.CUMUL:
        dessinee = replace(
            dessinee, points=tuple(replace(p, debut=date(p.debut.year, 1, 1)) for p in dessinee.points)
        )
    return replace(dessinee, reperes=tuple(reperes), note=note)


def phrase_de_serie(serie: Resultat, pas: Pas, comparaisons: int = 1) -> str:
    """Twelve months against the twelve before, in one sentence; empty for other steps.

    Args:
        comparaisons: how many such comparisons the page or the document makes together.
    """
    valeurs = serie.colonne("n")
    if pas is not Pas.MOIS:
        return ""
    recents, anciens = valeurs[-12:], valeurs[-24:-12]
    if len(anciens) < 12 or not all(isinstance(v, int) for v in (*recents, *anciens)):
        return "Les vingt-quatre derniers mois ne sont pas tous connus\u202f: pas de comparaison sur un an."
    if any(serie.colonne("debut")[-24] < r.jour for r in serie.contexte.ruptures):
        return "Une rupture de série empêche de comparer les douze derniers mois aux douze précédents."
    unite = serie.contexte.unite
    e = statistiques.evolution_parmi(sum(recents), sum(anciens), comparaisons)
    return (
        f"{pluriel(sum(recents), unite)} sur douze mois, contre {nombre(sum(anciens))}\u202f: {MOTS[e.sens]}."
    )
