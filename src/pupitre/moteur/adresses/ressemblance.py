"""How much a written name of street looks like a known one: word by word, each weighing what it tells."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from pupitre.moteur.adresses.ecriture import (
    TYPES,
    VIDES,
    VOISINS,
    en_mots,
    porteurs,
    separer_type,
    type_en_fin,
)
from pupitre.moteur.adresses.index import Index, Mots, Voie

SEUIL_MOT = 0.6
# What is taken off for the type of street: not written, taken for a neighbouring one, another one altogether,
# which is enough to make a doubt of the exact name: there may be an « avenue » that the BAN does not know yet.
TYPE_ABSENT, TYPE_VOISIN, TYPE_AUTRE = 0.02, 0.06, 0.28
TYPE_MAL_ECRIT, TYPE_DOUTEUX = 0.01, 0.1
# Weight of a written word that the street does not have, to that of the most telling word.
EN_TROP = 0.9
_TYPES_ENTIERS = tuple(t for t in TYPES if len(t) >= 3 and " " not in t)
# Candidates kept for the word by word comparison: those whose letters are nearly as close as the best.
_RETENUS, _ECART_RETENU = 12, 22.0


def formes(parts: Mots, index: Index) -> list[tuple[str, Mots, float]]:
    """Ways of telling the type of street from the name: (type, words of the name, penalty)."""
    type_, reste = separer_type(parts)
    possibles = [(type_, en_mots(reste), 0.0)]
    if type_:
        # What looks like a type may be part of the name ("clos", "pont", "cours").
        if parts[0] in index.poids:
            possibles.append(("", en_mots(parts), TYPE_ABSENT))
        return possibles
    en_fin, mots = type_en_fin(parts)
    if en_fin:
        possibles.append((en_fin, en_mots(mots), 0.0))
    if len(parts) > 1 and parts[0] not in index.vocabulaire:
        mal_ecrit = _type_mal_ecrit(parts[0])
        if mal_ecrit:
            possibles = [(mal_ecrit, en_mots(parts[1:]), TYPE_MAL_ECRIT), ("", en_mots(parts), TYPE_DOUTEUX)]
    return possibles


@lru_cache(maxsize=20_000)
def _type_mal_ecrit(mot: str) -> str:
    """ "aveune", "bvrad", "allée" with a slip of the finger. Empty when it looks like no type."""
    proches = []
    for ecrit in _TYPES_ENTIERS:
        permis = 2 if min(len(mot), len(ecrit)) >= 6 else 1
        fautes = OSA.distance(mot, ecrit, score_cutoff=permis)
        if fautes <= permis:
            proches.append((fautes, TYPES[ecrit] != ecrit, ecrit))
    return TYPES[min(proches)[2]] if proches else ""


def cout_du_type(ecrit: str, voie: Voie) -> float:
    if ecrit == voie.type or (voie.lieu and not ecrit):
        return 0.0
    if not ecrit or not voie.type:
        return TYPE_ABSENT
    return TYPE_VOISIN if frozenset((ecrit, voie.type)) in VOISINS else TYPE_AUTRE


def proches(noms: Sequence[Mots], index: Index) -> list[list[int]]:
    """For each name, the streets whose letters are close enough to be compared word by word.

    Two views of the names: all the words stuck together, and the last one alone, which a first name left out
    does not disturb.
    """
    if not noms or not index.voies:
        return [[] for _ in noms]
    connus = ["".join(v.porteurs) for v in index.voies]
    derniers = [v.porteurs[-1] for v in index.voies]
    colles = ["".join(porteurs(n)) for n in noms]
    finales = [porteurs(n)[-1] for n in noms]
    trouves: list[list[int]] = []
    for debut in range(0, len(noms), 2048):
        tranche = slice(debut, debut + 2048)
        entiers = process.cdist(colles[tranche], connus, scorer=fuzz.ratio, dtype=np.float32, workers=-1)
        fins = process.cdist(finales[tranche], derniers, scorer=fuzz.ratio, dtype=np.float32, workers=-1)
        notes = np.maximum(entiers, fins * 0.95)
        for ligne in notes:
            choix = np.argpartition(-ligne, min(_RETENUS, len(ligne) - 1))[:_RETENUS]
            plancher = max(45.0, float(ligne[choix].max()) - _ECART_RETENU)
            trouves.append([int(c) for c in choix if ligne[c] >= plancher])
    return trouves


def ressemblance(ecrits: Mots, voie: Voie, index: Index) -> float:
    """Likeness of a name to a street, 0 to 1.

    The weight of the words of each side that the other has, and, for words run together or cut, the likeness
    of the letters.
    """
    if ecrits == voie.mots:
        return 1.0
    utiles = porteurs(ecrits)
    if utiles == voie.porteurs:
        return 0.995
    communs_connus = communs_ecrits = 0.0
    libres = list(range(len(voie.porteurs)))
    total_connu = sum(voie.poids)
    total_ecrit = 0.0
    for mot in utiles:
        meilleur, pris = 0.0, -1
        for rang in libres:
            note = _mot(mot, voie.porteurs[rang])
            if note > meilleur:
                meilleur, pris = note, rang
                if note == 1.0:
                    break
        if pris >= 0:
            libres.remove(pris)
            poids = voie.poids[pris]
            communs_connus += poids * meilleur
            communs_ecrits += poids * meilleur
            total_ecrit += poids
        else:
            total_ecrit += 0.05 if mot in VIDES else EN_TROP * index.poids_inconnu
    # Somebody else of the same first name: the last word is the one that names.
    manque = 0.10 if pris < 0 and len(utiles) > 1 else 0.0
    mot_a_mot = (
        0.5 * communs_connus / total_connu + 0.5 * communs_ecrits / total_ecrit if total_ecrit else 0.0
    )
    mot_a_mot -= manque
    colle = "".join(utiles)
    if _chiffres(utiles) != _chiffres(voie.porteurs) or min(len(colle), len(voie.colle)) < 4:
        return mot_a_mot
    return max(mot_a_mot, OSA.normalized_similarity(colle, voie.colle) - 0.02)


def _chiffres(mots: Mots) -> set[str]:
    return {m for m in mots if m.isdigit()}


@lru_cache(maxsize=200_000)
def _mot(ecrit: str, connu: str) -> float:
    """Numbers are the same or are not; letters allow for initials, cut words and slips of the finger."""
    if ecrit == connu:
        return 1.0
    if ecrit[0].isdigit() or connu[0].isdigit():
        return 0.0
    if not connu[0].isascii():
        return 0.0
    if len(ecrit) == 1 or len(connu) == 1:
        return 0.85 if ecrit[0].lower() == connu[0].lower() else 0.0
    if len(ecrit) >= 3 and connu.startswith(ecrit):
        return max(0.88, len(ecrit) / len(connu))
    fautes = OSA.distance(ecrit, connu)
    note = 1 - fautes / max(len(ecrit), len(connu)) - 0.05 * max(0, fautes - 1)
    if ecrit[0] != connu[0]:
        note -= 0.05
    return note if note >= SEUIL_MOT else 0.0
