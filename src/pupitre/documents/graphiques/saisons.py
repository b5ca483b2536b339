"""The same months year after year: the last year drawn strong over the earlier ones and their ordinary range."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from pupitre.documents.echelles import graduations
from pupitre.documents.formes import Mesure, MoisDeSaison, Saison, Sens
from pupitre.documents.graphiques.resumes import (
    INITIALES,
    avec_unite,
    ecrire,
    nom_unite,
    resumer_saison,
)
from pupitre.documents.graphiques.svg import Graphique, balise, cadre, echapper, identifiant, n, texte
from pupitre.moteur.resultats import Absent
from pupitre.socle.texte import FINE, MOIS, MOIS_COURTS

GAUCHE, HAUT, BAS = 40.0, 30.0, 26.0
ETROIT = 340.0
Echelle = Callable[[float], float]


def saison(donnees: Saison, largeur: float = 720, hauteur: float = 280, ident: str = "") -> Graphique:
    """Lines from zero, cut where a month is missing; a mark on the months that leave the ordinary."""
    resume = resumer_saison(donnees)
    ident = ident or identifiant("saison", donnees, largeur)
    hauts = [float(v) for _, valeurs in donnees.annees for v in valeurs if _present(v)]
    if not hauts:
        vide = texte(largeur / 2, 44, "Aucun chiffre pour ces années.", text_anchor="middle")
        bord = balise("rect", x=0.5, y=0.5, width=largeur - 1, height=79, rx=8, classe="g-vide")
        return Graphique(cadre(ident, "g-saison", largeur, 80, donnees.titre, resume, bord, vide), resume)
    hauts += [m.haut for m in donnees.mois if m.haut is not None]
    marches = graduations(max(hauts), pas_minimal=1.0)
    bas = hauteur - BAS
    droite = 42.0

    def x(i: float) -> float:
        return GAUCHE + (i + 0.5) * (largeur - GAUCHE - droite) / len(donnees.mois)

    def y(valeur: float) -> float:
        return bas - valeur / marches[-1] * (bas - HAUT)

    dessin = [*_grille(donnees, marches, largeur - droite, x, y, bas), *_bande(donnees.mois, x, y)]
    for rang, (_, valeurs) in enumerate(donnees.annees):
        classe = "g-ligne" if rang == len(donnees.annees) - 1 else "g-avant"
        dessin += [balise("path", d=chemin, classe=classe) for chemin in _chemins(valeurs, x, y)]
    dessin += _points(donnees, x, y)
    return Graphique(cadre(ident, "g-saison", largeur, hauteur, donnees.titre, resume, *dessin), resume)


def saison_adaptative(donnees: Saison, ident: str = "") -> Graphique:
    """Drawn for wide and for narrow containers: the style sheet shows one."""
    ident = ident or identifiant("saison-adaptative", donnees)
    large, etroit = saison(donnees, 720, 280, f"{ident}l"), saison(donnees, ETROIT, 240, f"{ident}e")
    corps = balise("div", large.svg, classe="g-large") + balise("div", etroit.svg, classe="g-etroit")
    return Graphique(balise("div", corps, classe="g-adaptatif"), large.resume)


def notes_de_saison(donnees: Saison) -> str:
    """What must stand under the drawing."""
    if not donnees.annees:
        return ""
    phrases = [f"Trait fort{FINE}: {donnees.annees[-1][0]}. Traits fins{FINE}: les années d’avant."]
    if any(m.bas is not None for m in donnees.mois):
        phrases.append(
            f"Bande{FINE}: où tombe d’ordinaire le mois, d’après les mêmes mois des années d’avant. "
            f"Cercle évidé{FINE}: le mois en sort plus que ne le veut le hasard."
        )
    return " ".join(phrases)


def _present(valeur: Mesure | None) -> bool:
    return valeur is not None and not isinstance(valeur, Absent)


def _grille(
    donnees: Saison, marches: tuple[float, ...], droite: float, x: Echelle, y: Echelle, bas: float
) -> Iterator[str]:
    yield texte(0, 12, nom_unite(2, donnees.unite))
    for marche in marches:
        classe = "g-axe" if marche == 0 else "g-grille"
        yield balise("line", x1=GAUCHE, x2=droite, y1=y(marche), y2=y(marche), classe=classe)
        yield texte(GAUCHE - 8, y(marche) + 4, ecrire(marche), text_anchor="end")
    large = (x(1) - x(0)) > 40
    for i, mois in enumerate(donnees.mois):
        nom = MOIS_COURTS[mois.numero - 1] if large else INITIALES[mois.numero - 1]
        yield texte(x(i), bas + 16, nom, text_anchor="middle")


def _bande(mois: tuple[MoisDeSaison, ...], x: Echelle, y: Echelle) -> Iterator[str]:
    """One shape for each run of months that have a range."""
    for connu, suite in groupby(enumerate(mois), key=lambda p: p[1].bas is not None):
        bornes = [(i, m.bas, m.haut) for i, m in suite if m.bas is not None and m.haut is not None]
        if connu and len(bornes) > 1:
            haut = "L".join(f"{n(x(i))} {n(y(h))}" for i, _, h in bornes)
            bas = "L".join(f"{n(x(i))} {n(y(b))}" for i, b, _ in reversed(bornes))
            yield balise("path", d=f"M{haut}L{bas}Z", classe="g-bande")
            yield balise("path", d=f"M{haut}", classe="g-bord")
            yield balise("path", d=f"M{bas}", classe="g-bord")


def _chemins(valeurs: tuple[Mesure | None, ...], x: Echelle, y: Echelle) -> Iterator[str]:
    for present, suite in groupby(enumerate(valeurs), key=lambda p: _present(p[1])):
        places = [f"{n(x(i))} {n(y(float(v)))}" for i, v in suite if present and isinstance(v, int | float)]
        if len(places) > 1:
            yield "M" + "L".join(places)


def _points(donnees: Saison, x: Echelle, y: Echelle) -> Iterator[str]:
    libelle, valeurs = donnees.annees[-1]
    dernier = None
    for i, (mois, valeur) in enumerate(zip(donnees.mois, valeurs, strict=True)):
        if valeur is None or isinstance(valeur, Absent):
            continue
        dernier = (i, float(valeur))
        info = f"{MOIS[mois.numero - 1].capitalize()} {libelle}{FINE}: {avec_unite(valeur, donnees.unite)}"
        if mois.bas is not None and mois.haut is not None:
            info += f" (d’ordinaire de {ecrire(round(mois.bas))} à {ecrire(round(mois.haut))})"
        sort = mois.sens in (Sens.HAUSSE, Sens.BAISSE)
        rond = balise("circle", cx=x(i), cy=y(float(valeur)), r=3, classe="g-barre")
        cercle = balise("circle", cx=x(i), cy=y(float(valeur)), r=7, classe="g-sortie") if sort else ""
        style = "g-valeur g-contour" if sort else "g-valeur g-contour g-bulle"
        chiffre = texte(x(i), y(float(valeur)) - 11, ecrire(valeur), style, text_anchor="middle")
        yield balise("g", balise("title", echapper(info)), rond, cercle, chiffre, classe="g-point")
    if dernier is not None:
        i, v = dernier
        yield texte(x(i) + 9, y(v) + 4, libelle, "g-valeur g-contour")
