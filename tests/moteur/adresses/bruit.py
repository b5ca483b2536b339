"""Addresses as people type them: a seeded generator of abbreviations, missing types and typing errors."""

from __future__ import annotations

import random
import re

from pupitre.moteur.adresses.ecriture import aplatir, reparer

# Neighbours on a French keyboard.
_CLAVIER = {
    "a": "zq", "b": "vn", "c": "xv", "d": "sf", "e": "zr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "km", "m": "lp", "n": "bh", "o": "ip", "p": "om", "q": "sa", "r": "et", "s": "qd", "t": "ry",
    "u": "yi", "v": "cb", "w": "xs", "x": "wc", "y": "tu", "z": "ae",
}  # fmt: skip
_ABREGES = {
    "avenue": ("av", "av.", "ave"),
    "boulevard": ("bd", "bld", "bvd"),
    "rue": ("r.", "r", "Rue"),
    "place": ("pl", "pl."),
    "allee": ("all", "all.", "al"),
    "impasse": ("imp", "imp."),
    "chemin": ("ch", "che", "chem."),
    "cours": ("crs",),
    "square": ("sq", "sq."),
    "route": ("rte",),
    "passage": ("pass", "pas."),
    "residence": ("res", "rés."),
    "villa": ("vla",),
    "rond": ("rd",),
}
_TITRES = {
    "general": "gal",
    "marechal": "mal",
    "docteur": "dr",
    "professeur": "pr",
    "saint": "st",
    "sainte": "ste",
}


def faute(mot: str, hasard: random.Random) -> str:
    """One slip of the finger in a word: a letter replaced, left out, doubled or two swapped."""
    place = hasard.randrange(1, len(mot)) if len(mot) > 1 else 0
    genre = hasard.choice(("remplacer", "omettre", "doubler", "intervertir"))
    if genre == "remplacer":
        voisines = _CLAVIER.get(aplatir(mot[place]), "e")
        return mot[:place] + hasard.choice(voisines) + mot[place + 1 :]
    if genre == "omettre":
        return mot[:place] + mot[place + 1 :]
    if genre == "doubler":
        return mot[:place] + mot[place] + mot[place:]
    if place + 1 >= len(mot):
        place -= 1
    return mot[:place] + mot[place + 1] + mot[place] + mot[place + 2 :]


def bruiter(numero: str, voie: str, hasard: random.Random) -> str:
    """The address with one or two of the usual accidents, and one of the usual layouts."""
    voie = reparer(voie)
    mots = voie.split()
    gestes = hasard.sample(
        ("type", "sans_type", "faute", "titre", "prenom", "casse"), hasard.choice((1, 2, 2))
    )
    if not {"type", "sans_type", "faute"} & set(gestes):
        gestes.append("faute")
    tete = aplatir(mots[0])
    if "type" in gestes and tete in _ABREGES:
        mots[0] = hasard.choice(_ABREGES[tete])
    elif "sans_type" in gestes and tete in _ABREGES and len(mots) > 1:
        mots = mots[1:]
    if "titre" in gestes:
        mots = [_TITRES.get(aplatir(m), m) for m in mots]
    if "prenom" in gestes and len(mots) > 2 and mots[1][0].isupper() and mots[-1][0].isupper():
        mots[1] = f"{mots[1][0]}."
    if "faute" in gestes:
        longs = [r for r, m in enumerate(mots) if len(re.sub(r"\W", "", m)) >= 4 and not m[0].isdigit()]
        if longs:
            rang = hasard.choice(longs)
            mots[rang] = faute(mots[rang], hasard)
    ecrite = " ".join(mots)
    if "casse" in gestes:
        ecrite = hasard.choice((ecrite.upper(), aplatir(ecrite), ecrite.replace("’", " ").replace("'", " ")))
    numero = hasard.choice((numero, numero, f"n°{numero}", f"{numero},"))
    return hasard.choice(("{n} {v}", "{n} {v}", "{n} {v} Bondy", "{n} {v}, 93140 BONDY", "{v} {n}")).format(
        n=numero, v=ecrite
    )
