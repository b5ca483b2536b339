"""Where a monthly series goes once its season is taken away."""

from __future__ import annotations

from dataclasses import replace

from pupitre.documents import depuis_resultat, graphiques
from pupitre.documents.formes import Pas as PasDessine
from pupitre.documents.graphiques.resumes import nom_unite
from pupitre.moteur.resultats import Resultat
from pupitre.moteur.statistiques.tendance import MOIS_MINIMAUX, Tendance, tendance
from pupitre.observatoire.chiffres.dessins import MOTS
from pupitre.observatoire.chiffres.figures import Figure
from pupitre.socle.texte import nombre, signe

MOIS_DESSINES = 48
SANS_TENDANCE = (
    f"Pas de tendance\u202f: il faut {MOIS_MINIMAUX} mois de suite, tous connus, depuis la dernière rupture de "
    "série."
)


def figure_de_tendance(serie: Resultat, codes: str) -> Figure | None:
    """None when too few months are known in a row since the last break."""
    valeurs = _connues(serie)
    lue = tendance(valeurs) if valeurs else None
    if lue is None:
        return None
    entiere = depuis_resultat.serie_de(serie, pas=PasDessine.MOIS, accent=12)
    garde = min(MOIS_DESSINES, lue.n)
    titre = f"{serie.contexte.titre.removesuffix(', par mois')}, tendance"
    dessinee = replace(
        entiere,
        titre=titre,
        points=entiere.points[-garde:],
        courbe=tuple(lue.decomposition.tendance[-garde:].tolist()),
        note=f"Courbe\u202f: tendance, saisons retirées ({lue.methode}).",
    )
    phrase = phrase_de_tendance(lue, serie.contexte.unite)
    dessin = graphiques.serie_adaptative(dessinee, ident="tendance")
    return Figure(
        cle="tendance",
        titre=titre,
        svg=dessin.svg,
        resume=f"{dessin.resume} {phrase}",
        resultat=serie,
        seule=lambda: graphiques.serie(dessinee, ident="tendance"),
        phrase=phrase,
        notes=graphiques.notes(dessinee),
        codes=codes,
    )


def _connues(serie: Resultat) -> list[int]:
    """Values of the last months in a row that are all known, none before the last break."""
    jours, valeurs = serie.colonne("debut"), serie.colonne("n")
    rupture = max((r.jour for r in serie.contexte.ruptures if r.jour <= jours[-1]), default=jours[0])
    suite: list[int] = []
    for jour, valeur in zip(reversed(jours), reversed(valeurs), strict=True):
        if jour < rupture or not isinstance(valeur, int):
            break
        suite.append(valeur)
    return suite[::-1]


def phrase_de_tendance(lue: Tendance, unite: str) -> str:
    bas, haut = lue.intervalle
    noms = nom_unite(2, unite)
    bornes = f"entre {signe(bas, 1)} et {signe(haut, 1)}"
    niveau = f"Elle est aujourd’hui à {nombre(lue.niveau, 1)} {noms} par mois."
    if lue.sens == "stable":
        return (
            f"Saisons retirées, {MOTS['stable']} de la tendance en un an ({signe(lue.ecart, 1)} {noms} par mois, "
            f"{bornes}). {niveau}"
        )
    verbe = "monte" if lue.sens == "hausse" else "descend"
    return (
        f"Saisons retirées, la tendance {verbe}\u202f: {signe(lue.ecart, 1)} {noms} par mois en un an ({bornes}), "
        f"{MOTS[lue.sens]}. {niveau}"
    )
