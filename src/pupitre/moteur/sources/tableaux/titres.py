"""Titles on two rows: a year merged over its months, a title merged down to the row of titles."""

from __future__ import annotations

import re
from dataclasses import replace

import pyarrow as pa

from pupitre.moteur.observations import Granularite
from pupitre.moteur.sources.fichiers.feuille import Feuille, en_textes
from pupitre.moteur.sources.lecture.periodes import lire_periode
from pupitre.moteur.sources.lecture.textes import lire_compte, nettoyer

_ANNEE = re.compile(r"(?:ann[ée]e )?((?:19|20)\d\d)(?:\.0)?\Z", re.IGNORECASE)


def completer_titres(feuille: Feuille, entete: int) -> Feuille:
    """Same sheet, the row of titles completed by the one above it. A sheet with one row of titles is unchanged.

    A merged cell holds its text in its first column: a year is carried to the right, as far as the next text; a title
    merged down over the two rows comes down. One text alone above is a banner, not a row of titles.
    """
    if entete < 1:
        return feuille
    dessus, titres = feuille.rangee(entete - 1), feuille.rangee(entete)
    nouveaux: dict[int, str] = {}
    annee = ""
    for c, (haut, titre) in enumerate(zip(dessus, titres, strict=True)):
        lue = _ANNEE.match(nettoyer(haut or ""))
        if haut and haut.strip():
            annee = lue[1] if lue else ""
        if titre and annee and _sans_annee(titre):
            nouveaux[c] = f"{nettoyer(titre)} {annee}"
    if not nouveaux and sum(bool(h and h.strip()) for h in dessus) < 2:
        return feuille
    for c, (haut, titre) in enumerate(zip(dessus, titres, strict=True)):
        if haut and haut.strip() and not (titre and titre.strip()):
            nouveaux[c] = nettoyer(haut)
    if not nouveaux:
        return feuille
    colonnes = list(feuille.colonnes)
    for c, texte in nouveaux.items():
        colonnes[c] = pa.concat_arrays(
            [
                en_textes(colonnes[c].slice(0, entete)),
                pa.array([texte], pa.string()),
                en_textes(colonnes[c].slice(entete + 1)),
            ]
        )
    return replace(feuille, colonnes=tuple(colonnes))


def descendre(feuille: Feuille, entete: int) -> int:
    """The row under, when it goes on with the titles: periods only, under merged titles (quarters, years)."""
    if entete + 1 >= feuille.hauteur:
        return entete
    dessus, dessous = feuille.rangee(entete), feuille.rangee(entete + 1)
    durees = [t for t in dessous if t and t.strip()]
    suite = len(durees) > 1 and all(lire_compte(t).n is None and lire_periode(t, 2000) for t in durees)
    fusionnes = any(h and not (b and b.strip()) for h, b in zip(dessus, dessous, strict=True))
    return entete + 1 if suite and fusionnes else entete


def _sans_annee(titre: str) -> bool:
    if lire_periode(titre) is not None:
        return False
    duree = lire_periode(titre, 2000)
    return duree is not None and duree.granularite is not Granularite.ANNEE
