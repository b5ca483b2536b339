"""Which columns of a table make an address: one, or a number, its repetition and a street."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pupitre.moteur.nomenclatures.libelles import cle
from pupitre.moteur.sources.fichiers.ouverture import Feuille
from pupitre.moteur.sources.lecture.textes import nettoyer

LIGNES_LUES = 200
TITRES_LUS = 40
# Titles of a column of streets or of whole addresses, the surest first; the last are believed only when the
# cells name streets.
_TITRES = (
    (re.compile(r"adresses?\b(?! (?:mail|e-?mail|electronique|ip))"), True),
    (re.compile(r"(?:.*[ _])?(?:voie|rue)s?\b"), True),
    (re.compile(r"lieu|localisation|emplacement|.*lieu\b"), False),
)
# What the cells of a column of addresses hold more often than not.
_VOIE = re.compile(
    r"\b(?:rue|r|avenue|ave?|boulevard|bl?v?d|place|pl|allees?|all|impasse|imp|chemin|che?|route|rte|quai|cours|"
    r"square|sq|villa|passage|residence|res|cite|sentier?|esplanade|mail|rond[ -]point|angle)\b[. ]"
)
_NUMERO = re.compile(r"n°|num(?:ero)?(?:\b|_)|rep(?:etition)?\b|indice\b|bis\b")
_COURT = re.compile(r"\d{1,4}(?:\.0)?|bis|ter|quater|[a-z]")
PART_DE_VOIES, PART_DE_COURTS = 0.3, 0.8


def nomme_une_voie(texte: str) -> bool:
    return _VOIE.search(cle(texte)) is not None


def est_un_numero_de_voie(titre: str, valeurs: Sequence[str]) -> bool:
    """A title and the cells under it that say the number, or its repetition, in a street."""
    courts = sum(1 for v in valeurs if _COURT.fullmatch(cle(v)))
    return _NUMERO.match(cle(titre)) is not None and courts >= PART_DE_COURTS * len(valeurs)


def colonnes_d_adresse(feuille: Feuille) -> tuple[int, list[int]] | None:
    """Row of titles (0-based, -1 when there is none) and columns of the address; None when nothing is one."""
    for motif, sure in _TITRES:
        for ligne in range(min(TITRES_LUS, feuille.hauteur)):
            for colonne, titre in enumerate(feuille.rangee(ligne)):
                if not titre or not motif.match(cle(titre)) or nomme_une_voie(titre):
                    continue
                if _textes(feuille, ligne, colonne) if sure else _adresses(feuille, ligne, colonne):
                    return ligne, colonnes_du_numero(feuille, ligne, colonne)
    for colonne in range(feuille.largeur):
        if _adresses(feuille, -1, colonne, part=0.5):
            return -1, [colonne]
    if feuille.largeur == 1 and _textes(feuille, -1, 0):
        return -1, [0]
    return None


def colonnes_du_numero(feuille: Feuille, entete: int, colonne: int) -> list[int]:
    """The column of streets, after those of numbers and repetitions written just before it."""
    toutes = [colonne]
    for avant in range(colonne - 1, max(-1, colonne - 3), -1):
        titre = nettoyer(feuille.cellule(entete, avant) or "")
        if not est_un_numero_de_voie(titre, _valeurs(feuille, entete, avant)):
            break
        toutes.insert(0, avant)
    return toutes


def _textes(feuille: Feuille, entete: int, colonne: int) -> bool:
    valeurs = _valeurs(feuille, entete, colonne)
    return sum(1 for v in valeurs if re.search(r"[a-z]{3}", cle(v))) > 0.5 * len(valeurs)


def _adresses(feuille: Feuille, entete: int, colonne: int, part: float = PART_DE_VOIES) -> bool:
    valeurs = _valeurs(feuille, entete, colonne)
    return bool(valeurs) and sum(map(nomme_une_voie, valeurs)) >= part * len(valeurs)


def _valeurs(feuille: Feuille, entete: int, colonne: int) -> Sequence[str]:
    return feuille.ecrits(colonne, entete + 1, LIGNES_LUES)
