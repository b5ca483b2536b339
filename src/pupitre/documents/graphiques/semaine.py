"""Hours by weekday: seven rows of twenty-four cells, darker where more facts weigh."""

from __future__ import annotations

from collections.abc import Sequence

from pupitre.documents.graphiques.svg import Graphique, balise, cadre, echapper, identifiant, texte
from pupitre.socle.texte import FINE, nombre

JOURS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
GAUCHE, HAUT, COTE = 40.0, 22.0, 24.0
# Upright, for a telephone: the hours go down, the days across.
LARGE_DEBOUT, HAUT_DEBOUT = 36.0, 17.0


def semaine(
    poids: Sequence[Sequence[float]], titre: str, resume: str, ident: str = "", debout: bool = False
) -> Graphique:
    """`poids`: 7 rows of 24 weights, Monday first. Each cell says its value on hover; the table beside says all."""
    ident = ident or identifiant("semaine", poids, debout)
    sommet = max((float(v) for ligne in poids for v in ligne), default=0.0) or 1.0
    large, haut = (LARGE_DEBOUT, HAUT_DEBOUT) if debout else (COTE, COTE)

    def place(jour: int, heure: int) -> tuple[float, float]:
        colonne, rangee = (jour, heure) if debout else (heure, jour)
        return GAUCHE + colonne * large, HAUT + rangee * haut

    dessin = []
    for h in range(0, 24, 3):
        x, y = place(0, h)
        dessin.append(texte(0, y + haut * 0.75, f"{h} h") if debout else texte(x, 14, f"{h} h"))
    for j, ligne in enumerate(poids):
        x, y = place(j, 0)
        dessin.append(
            texte(x + large / 2, 14, JOURS[j], text_anchor="middle")
            if debout
            else texte(0, y + haut * 0.68, JOURS[j])
        )
        for h, valeur in enumerate(ligne):
            classe = min(4, int(5 * float(valeur) / sommet)) if valeur > 0 else 0
            bulle = balise("title", echapper(f"{JOURS[j]} {h} h{FINE}: {nombre(float(valeur), 1)}"))
            x, y = place(j, h)
            dessin.append(
                balise(
                    "rect", bulle, x=x, y=y, width=large - 1, height=haut - 1, rx=2, classe=f"g-zone g-t{classe}"
                )
            )  # fmt: skip
    largeur, hauteur = (7 * large, 24 * haut) if debout else (24 * large, 7 * haut)
    return Graphique(
        cadre(ident, "g-semaine", GAUCHE + largeur, HAUT + hauteur + 4, titre, resume, *dessin), resume
    )


def semaine_adaptative(
    poids: Sequence[Sequence[float]], titre: str, resume: str, ident: str = ""
) -> Graphique:
    """Both ways of laying the week out; the page shows the one that its width lets read."""
    ident = ident or identifiant("semaine-adaptative", poids)
    large = semaine(poids, titre, resume, ident)
    etroite = semaine(poids, titre, resume, f"{ident}-etroite", debout=True)
    corps = balise("div", large.svg, classe="g-large") + balise("div", etroite.svg, classe="g-etroit")
    return Graphique(balise("div", corps, classe="g-adaptatif"), resume)
