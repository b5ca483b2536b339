"""What a file says around its table: the year or the month of the whole table."""

from __future__ import annotations

import re

from pupitre.moteur.sources.fichiers.ouverture import Feuille
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.lecture.periodes import Duree, annee_dans, lire_periode, periode_dans
from pupitre.moteur.sources.lecture.textes import nettoyer

EMPREINTE = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)


def titres_au_dessus(feuille: Feuille, entete: int) -> list[str]:
    """Texts written above the header (0-based row)."""
    return [nettoyer(t) for i in range(entete) for t in feuille.rangee(i, 12) if t and t.strip()]


def textes_autour(feuille: Feuille, entete: int, nom_fichier: str) -> list[str]:
    """Titles above the header (0-based row), the sheet's name, the file's, in order of trust.

    A file kept under an identifier has no name to speak of: its digits would make a year by chance.
    """
    nom = "" if EMPREINTE.fullmatch(nom_fichier.split(".")[0]) else nom_fichier
    return [t for t in (*titres_au_dessus(feuille, entete), feuille.nom, nom) if t]


def annee_autour(textes: list[str]) -> int:
    """The year of the first text that names one and only one; 0 when none does."""
    return next((a for a in map(annee_dans, textes) if a), 0)


def duree_autour(textes: list[str]) -> Duree | None:
    """The month that a text names, or else the year."""
    duree = next((d for d in map(periode_dans, textes) if d), None)
    if duree is not None:
        return duree
    annee = annee_autour(textes)
    return lire_periode(str(annee)) if annee else None


def annee_du_tableau(voulue: int, textes: list[str], feuille: Feuille, journal: Journal) -> int:
    """The year described, or else the one that the file says; a disagreement is a warning."""
    ecrite = annee_autour(textes)
    if voulue and ecrite and voulue != ecrite:
        journal.avertir(
            "annee_incoherente",
            f"Le fichier dit {ecrite}, la description des colonnes dit {voulue}\u202f: c’est elle qui est suivie.",
            **feuille.lieu(),
        )
    return voulue or ecrite
