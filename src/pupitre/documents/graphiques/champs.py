"""A density drawn as a field: bands of one hue over the outlines of the territory."""

from __future__ import annotations

from pupitre.documents.formes import Champ
from pupitre.documents.graphiques.svg import Graphique, balise, cadre, identifiant, n, texte
from pupitre.socle.texte import FINE, nombre

# Shares of the highest density at which a band begins; what is under the first is left blank.
SEUILS = (0.1, 0.25, 0.4, 0.6, 0.8)


def champ(donnees: Champ, largeur: float = 520, ident: str = "") -> Graphique:
    """Neighbouring cells of one band are one rectangle: a field of ten thousand cells stays a light drawing."""
    resume = resumer_champ(donnees)
    ident = ident or identifiant("champ", donnees.titre, donnees.valeurs, largeur)
    lignes, colonnes = len(donnees.valeurs), len(donnees.valeurs[0]) if donnees.valeurs else 0
    sommet = donnees.sommet
    if not lignes or not colonnes or sommet <= 0:
        vide = texte(largeur / 2, 44, "Aucun fait placé.", text_anchor="middle")
        return Graphique(cadre(ident, "g-carte", largeur, 80, donnees.titre, resume, vide), resume)
    cote = largeur / colonnes
    hauteur = cote * lignes
    bandes = [""] * len(SEUILS)
    for j, ligne in enumerate(donnees.valeurs):
        for classe, debut, fin in _suites([_classe(v / sommet) for v in ligne]):
            x, y = debut * cote, hauteur - (j + 1) * cote
            # A hair wider and higher than the cell: no paper shows between two rectangles.
            bandes[classe] += f"M{n(x)} {n(y)}h{n((fin - debut) * cote + 0.3)}v{n(cote + 0.3)}H{n(x)}z"
    dessin = [balise("path", d=d, classe=f"g-t{rang}") for rang, d in enumerate(bandes) if d]

    def place(point: tuple[float, float]) -> str:
        x = (point[0] - donnees.x0) / donnees.pas * cote
        return f"{n(x)} {n(hauteur - (point[1] - donnees.y0) / donnees.pas * cote)}"

    fonds = "".join("M" + "L".join(place(p) for p in trait) for trait in donnees.fonds if len(trait) > 1)
    if fonds:
        dessin.append(balise("path", d=fonds, classe="g-bord"))
    cles, haut = _legende(donnees, largeur, hauteur + 14)
    contenu = (*dessin, *cles)
    return Graphique(cadre(ident, "g-carte", largeur, haut, donnees.titre, resume, *contenu), resume)


def resumer_champ(donnees: Champ) -> str:
    if donnees.sommet <= 0:
        return f"{donnees.titre}{FINE}: aucun fait placé."
    ou = f", {donnees.ou}" if donnees.ou else ""
    return f"{donnees.titre}. Densité la plus forte{FINE}: {nombre(donnees.sommet)} {donnees.unite}{ou}."


def _classe(part: float) -> int:
    return sum(part >= s for s in SEUILS) - 1


def _suites(classes: list[int]) -> list[tuple[int, int, int]]:
    """(band, first column, column after the last) of each run; blanks are left out."""
    suites: list[tuple[int, int, int]] = []
    debut = 0
    for i in range(1, len(classes) + 1):
        if i == len(classes) or classes[i] != classes[debut]:
            if classes[debut] >= 0:
                suites.append((classes[debut], debut, i))
            debut = i
    return suites


def _legende(donnees: Champ, largeur: float, haut: float) -> tuple[list[str], float]:
    morceaux = [texte(0, haut + 10, donnees.unite)]
    x, y = 0.0, haut + 20
    for rang, seuil in enumerate(SEUILS):
        libelle = f"dès {nombre(donnees.sommet * seuil)}"
        besoin = 26 + 7.2 * len(libelle) + 14
        if x and x + besoin > largeur:
            x, y = 0.0, y + 20
        morceaux.append(balise("rect", x=x + 0.5, y=y, width=20, height=12, classe=f"g-zone g-t{rang}"))
        morceaux.append(texte(x + 26, y + 11, libelle))
        x += besoin
    return morceaux, y + 18
