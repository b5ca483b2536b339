"""What a correction changes, read from the two frozen editions and from nothing else."""

from __future__ import annotations

from pupitre.documents.bulletin import FaitsBulletin
from pupitre.documents.ecrits import Ecrit, Grille
from pupitre.documents.graphiques.resumes import ecrire
from pupitre.moteur.resultats import Absent, Valeur
from pupitre.socle.texte import nombre

MAX = 40


def comparer(avant: FaitsBulletin | Ecrit, apres: FaitsBulletin | Ecrit) -> list[str]:
    """One sentence for each figure that differs, appears or disappears; at most `MAX`, and says how many more."""
    anciens, nouveaux = _cellules(avant), _cellules(apres)
    phrases = []
    for cle in {**anciens, **nouveaux}:
        a, b = anciens.get(cle), nouveaux.get(cle)
        if a == b:
            continue
        nom = ", ".join(m for m in cle if m)
        if a is None:
            phrases.append(f"{nom}\u202f: {b} (nouveau).")
        elif b is None:
            phrases.append(f"{nom}\u202f: {a} auparavant, ne figure plus.")
        else:
            phrases.append(f"{nom}\u202f: {a} devient {b}.")
    if len(phrases) > MAX:
        return [*phrases[:MAX], f"Et {nombre(len(phrases) - MAX)} autres valeurs, dans les tableaux."]
    return phrases


def _cellules(faits: FaitsBulletin | Ecrit) -> dict[tuple[str, ...], str]:
    if isinstance(faits, Ecrit):
        return {
            (bloc.legende, ligne[0].strip("*"), entete): cellule.strip("*")
            for bloc in faits.blocs
            if isinstance(bloc, Grille)
            for ligne in bloc.lignes
            for entete, cellule in zip(bloc.entetes[1:], ligne[1:], strict=True)
        }
    cellules = {("", c.nom): _dire(c.valeur) for c in faits.chiffres}
    for theme in faits.themes:
        for ligne in theme.tableau.lignes if theme.tableau else ():
            for colonne, valeur in zip(theme.tableau.colonnes, ligne.valeurs, strict=True):
                cellules[theme.titre, ligne.libelle, colonne] = _dire(valeur)
        for rang in theme.classement.rangs if theme.classement else ():
            cellules[theme.titre, rang.libelle, ""] = _dire(rang.valeur)
    return cellules


def _dire(valeur: Valeur) -> str:
    return ecrire(valeur) if isinstance(valeur, int | float | Absent) else str(valeur or "—")
