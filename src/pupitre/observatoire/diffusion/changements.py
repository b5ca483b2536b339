"""What a correction changes, read from the two frozen editions and from nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from pupitre.documents.bulletin import FaitsBulletin
from pupitre.documents.ecrits import Ecrit, Encadre, Grille, Paragraphe
from pupitre.documents.ecrits.fragments import nu
from pupitre.documents.graphiques.resumes import ecrire
from pupitre.moteur.resultats import Absent, Valeur
from pupitre.socle.texte import nombre

F = TypeVar("F", FaitsBulletin, Ecrit)
MAX = 40
AUCUN = "Aucun chiffre ne change\u202f: les commentaires sont revus."


def inscrire(faits: F, changements: Sequence[str], *, maximum: int, entete: str) -> F:
    """The same facts, whose document begins by saying what it corrects."""
    dits = abreger(changements, maximum)
    if isinstance(faits, FaitsBulletin):
        return replace(faits, changements=dits)
    encadre = Encadre(entete, dits)
    rang = 1 if faits.blocs and isinstance(faits.blocs[0], Paragraphe) else 0
    return replace(faits, blocs=(*faits.blocs[:rang], encadre, *faits.blocs[rang:]))


def abreger(changements: Sequence[str], maximum: int) -> tuple[str, ...]:
    if not changements:
        return (AUCUN,)
    if len(changements) <= maximum:
        return tuple(changements)
    reste = len(changements) - maximum
    return (*changements[:maximum], f"Et {nombre(reste)} autres changements, listés en ligne.")


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
            phrases.append(f"{nom}\u202f: {b} (nouveau)." if b else f"Ajouté\u202f: {nom}")
        elif b is None:
            phrases.append(f"{nom}\u202f: {a} auparavant, ne figure plus." if a else f"Retiré\u202f: {nom}")
        else:
            phrases.append(f"{nom}\u202f: {a} devient {b}.")
    if len(phrases) > MAX:
        return [*phrases[:MAX], f"Et {nombre(len(phrases) - MAX)} autres valeurs, dans les tableaux."]
    return phrases


def _cellules(faits: FaitsBulletin | Ecrit) -> dict[tuple[str, ...], str]:
    if isinstance(faits, Ecrit):
        return {c: v for bloc in faits.blocs if isinstance(bloc, Grille) for c, v in _de_la_grille(bloc)}
    cellules = {("", c.nom): _dire(c.valeur) for c in faits.chiffres}
    for theme in faits.themes:
        for ligne in theme.tableau.lignes if theme.tableau else ():
            for colonne, valeur in zip(theme.tableau.colonnes, ligne.valeurs, strict=True):
                cellules[theme.titre, ligne.libelle, colonne] = _dire(valeur)
        for rang in theme.classement.rangs if theme.classement else ():
            cellules[theme.titre, rang.libelle, ""] = _dire(rang.valeur)
    return cellules


def _de_la_grille(grille: Grille) -> Iterator[tuple[tuple[str, ...], str]]:
    """Its cells, named by the first words of their row; a table of words alone is read row by row."""
    lignes = [[nu(c) for c in ligne] for ligne in grille.lignes]
    if not grille.a_droite:
        for ligne in lignes:
            yield (grille.legende, " · ".join(c for c in ligne if c and c != "—")), ""
        return
    noms = _colonnes_qui_nomment(lignes)
    for ligne in lignes:
        for i in range(noms, len(ligne)):
            yield (grille.legende, *ligne[:noms], grille.entetes[i]), ligne[i] or "—"


def _colonnes_qui_nomment(lignes: Sequence[Sequence[str]]) -> int:
    """How many first columns it takes to tell the rows apart."""
    largeur = min((len(ligne) for ligne in lignes), default=1)
    for n in range(1, largeur):
        if len({tuple(ligne[:n]) for ligne in lignes}) == len(lignes):
            return n
    return max(1, largeur - 1)


def _dire(valeur: Valeur) -> str:
    return ecrire(valeur) if isinstance(valeur, int | float | Absent) else str(valeur or "—")
