"""From a `Resultat` to what a chart or a table is given: the same cells, never computed again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pupitre.documents.bulletin.faits import LigneTheme, Tableau
from pupitre.documents.formes import Anneau, Carte, Classement, Mesure, Pas, Point, Rang, Serie, Zone, ranger
from pupitre.moteur.resultats import Absent, MotifAbsence, Nature, Resultat, Valeur

SANS_CHIFFRE = Absent(MotifAbsence.NON_CALCULABLE, "pas de chiffre")


def mesure(valeur: Valeur) -> Mesure:
    """A cell as a chart's value. Raises TypeError on a text or a date."""
    if valeur is None:
        return SANS_CHIFFRE
    if isinstance(valeur, int | float | Absent):
        return valeur
    raise TypeError(f"{valeur!r} n’est pas un chiffre")


def serie_de(
    resultat: Resultat,
    *,
    debut: str = "debut",
    valeur: str = "n",
    bas: str = "",
    haut: str = "",
    pas: Pas = Pas.MOIS,
    accent: int = 12,
    titre: str = "",
) -> Serie:
    """The rows of a measure by period; `bas`, `haut` name the columns of the ordinary interval, if any."""
    points = []
    for ligne in resultat.dicts():
        jour = ligne[debut]
        if not isinstance(jour, date):
            raise TypeError(f"{debut} : {jour!r} n’est pas un jour")
        bornes = [_borne(ligne[c]) if c else None for c in (bas, haut)]
        if None in bornes:
            bornes = [None, None]
        points.append(Point(jour, mesure(ligne[valeur]), *bornes))
    contexte = resultat.contexte
    return Serie(
        titre or contexte.titre, contexte.unite, tuple(sorted(points, key=lambda p: p.debut)), pas,
        contexte.ruptures, accent=accent,
    )  # fmt: skip


def _borne(valeur: Valeur) -> float | None:
    return float(valeur) if isinstance(valeur, int | float) else None


def classement_de(
    resultat: Resultat,
    *,
    code: str,
    libelle: str,
    valeur: str = "n",
    taux: str = "",
    precedent: str = "",
    saillants: int = 0,
    titre: str = "",
) -> Classement:
    """Rows by place, largest first; the `saillants` first ones are shown in full colour."""
    rangs = ranger(
        tuple(
            Rang(
                str(ligne[code]), str(ligne[libelle]), mesure(ligne[valeur]),
                mesure(ligne[taux]) if taux else None, mesure(ligne[precedent]) if precedent else None,
            )
            for ligne in resultat.dicts()
        )
    )  # fmt: skip
    rangs = tuple(
        Rang(
            r.code,
            r.libelle,
            r.valeur,
            r.taux,
            r.precedent,
            i < saillants and not isinstance(r.valeur, Absent),
        )
        for i, r in enumerate(rangs)
    )
    entetes = {c.cle: c.libelle for c in resultat.colonnes}
    contexte = resultat.contexte
    return Classement(
        titre or contexte.titre,
        contexte.unite,
        rangs,
        entetes.get(taux, ""),
        entetes.get(precedent, ""),
        entete=entetes[libelle],
    )


def carte_de(
    resultat: Resultat,
    contours: Mapping[str, tuple[str, tuple[Anneau, ...]]],
    *,
    code: str,
    valeur: str = "n",
    decimales: int = 0,
    titre: str = "",
) -> Carte:
    """A map of every outline (code → name, rings); an outline without a row is drawn, and has no number."""
    valeurs = {str(ligne[code]): mesure(ligne[valeur]) for ligne in resultat.dicts()}
    zones = tuple(
        Zone(c, nom, anneaux, valeurs.get(c, SANS_CHIFFRE)) for c, (nom, anneaux) in contours.items()
    )
    unite = next((c.unite for c in resultat.colonnes if c.cle == valeur), "") or resultat.contexte.unite
    return Carte(titre or resultat.contexte.titre, unite, zones, decimales)


def tableau_de(resultat: Resultat, *, libelle: str, titre: str = "") -> Tableau:
    """A bulletin's table from every column of numbers of a result; `libelle` names the rows."""
    colonnes = [
        c
        for c in resultat.colonnes
        if c.cle != libelle and c.nature not in (Nature.TEXTE, Nature.CODE, Nature.PERIODE)
    ]
    lignes = tuple(
        LigneTheme(str(ligne[libelle]), tuple(ligne[c.cle] for c in colonnes)) for ligne in resultat.dicts()
    )
    return Tableau(
        titre or resultat.contexte.titre, tuple(c.libelle for c in colonnes), lignes,
        next(c.libelle for c in resultat.colonnes if c.cle == libelle), note=" ".join(resultat.retenus),
    )  # fmt: skip


__all__ = ["carte_de", "classement_de", "mesure", "serie_de", "tableau_de"]
