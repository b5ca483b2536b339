"""Hours by weekday: seven rows of twenty-four cells, darker where more facts weigh."""

from __future__ import annotations

from collections.abc import Sequence

from pupitre.documents.graphiques.svg import Graphique, balise, cadre, echapper, identifiant, texte
from pupitre.socle.texte import nombre

JOURS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
GAUCHE, HAUT, COTE = 40.0, 22.0, 24.0


def semaine(poids: Sequence[Sequence[float]], titre: str, resume: str, ident: str = "") -> Graphique:
    """`poids`: 7 rows of 24 weights, Monday first. Each cell says its value on hover; the table beside says all."""
    ident = ident or identifiant("semaine", poids)
    sommet = max((float(v) for ligne in poids for v in ligne), default=0.0) or 1.0
    dessin = []
    for h in range(0, 24, 3):
        dessin.append(texte(GAUCHE + h * COTE, 14, f"{h} h"))
    for j, ligne in enumerate(poids):
        y = HAUT + j * COTE
        dessin.append(texte(0, y + COTE * 0.68, JOURS[j]))
        for h, valeur in enumerate(ligne):
            classe = min(4, int(5 * float(valeur) / sommet)) if valeur > 0 else 0
            bulle = balise("title", echapper(f"{JOURS[j]} {h} h : {nombre(float(valeur), 1)}"))
            dessin.append(
                balise(
                    "rect",
                    bulle,
                    x=GAUCHE + h * COTE,
                    y=y,
                    width=COTE - 1,
                    height=COTE - 1,
                    rx=2,
                    classe=f"g-zone g-t{classe}",
                )
            )
    largeur, hauteur = GAUCHE + 24 * COTE, HAUT + 7 * COTE + 4
    return Graphique(cadre(ident, "g-semaine", largeur, hauteur, titre, resume, *dessin), resume)
