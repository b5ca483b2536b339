"""Reading numbers and labels as people type them in French spreadsheets."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from pupitre.moteur.nomenclatures.libelles import ESPACES, cle

ENTIER = re.compile(r"[+-]?\d{1,18}\Z", re.ASCII)
MILLIERS = re.compile(r"[+-]?\d{1,3}(?:[\s\u00a0\u202f\u2009]\d{3})+(?:[.,]0*)?\Z", re.ASCII)
DECIMAL = re.compile(r"[+-]?(?:\d{1,18}[.,]\d*|[.,]\d+|\d+(?:[.,]\d+)?[eE][+-]?\d{1,3})\Z", re.ASCII)
DONT = re.compile(r"\(dont (\d{1,6})\b", re.IGNORECASE)
# A number and the mark of a footnote, or what a person adds beside: "1*", "12 (1)", "7²", "5 (dont 2 de nuit)".
RENVOI = re.compile(
    r"(?P<n>.*[\d.,])\s*(?:\*{1,3}|\((?:\d{1,2}|[a-z]|(?:dont|soit|y compris|voir|cf)\b[^()]*)\)|[¹²³]+)\Z",
    re.IGNORECASE,
)
# What producers write for « exists, not published »: never zero.
NON_DIFFUSE = frozenset(
    {
        "nd",
        "n.d",
        "n.d.",
        "n d",
        "ndiff",
        "n.diff.",
        "nc",
        "n.c.",
        "ns",
        "n.s.",
        "secret",
        "s",
        "***",
        "**",
        "*",
        "…",
        "non diffuse",
    }
)
SANS_VALEUR = frozenset({"", "-", "–", "—", "/", ".", "ras", "neant", "na", "n/a", "nan", "null"})
ERREURS_TABLEUR = frozenset(
    {
        "#ref!", "#n/a", "#na", "#div/0!", "#valeur!", "#value!", "#nom?", "#name?", "#nombre!", "#num!",
        "#nul!", "#null!", "#####", "err:502", "err:504", "err:508", "err:522",
    }
)  # fmt: skip
# « Grand Ensemble » and « Ensemble Les Bleuets » are places: only an ensemble *of* something is a total.
TOTAL = re.compile(
    r"(?:(?:s/?[- ]?|sous[- ]?)?tota(?:l|ux)\b.*|ensemble(?: (?:de|des|du)\b.*)?|cumul\b.*|somme\b.*)\Z"
)


def nettoyer(texte: str) -> str:
    """Label with single spaces, as published otherwise."""
    return ESPACES.sub(" ", texte).strip()


@lru_cache(maxsize=65536)
def est_total(texte: str | None) -> bool:
    """True for the label of a total row or column ("TOTAL", "Sous-total", "Ensemble", "Cumul 2024")."""
    return bool(texte) and TOTAL.match(cle(texte or "")) is not None


@dataclass(frozen=True, slots=True)
class Compte:
    """What one cell of counts holds: a number, a withheld number, nothing, or a fault with its code.

    `fraction`: the number itself when its fault is to be "decimal"; `renvoi`: it bears a footnote's mark.
    """

    n: int | None = None
    vide: bool = False
    faute: str = ""
    fraction: float | None = None
    renvoi: bool = False

    @property
    def valeur(self) -> float | None:
        return float(self.n) if self.n is not None else self.fraction


VIDE = Compte(vide=True)


@lru_cache(maxsize=65536)
def lire_compte(texte: str | None) -> Compte:
    """Reads a count typed by a person.

    "1 234" and "12,0" are integers; "n.d." is a withheld number (`n` null, not `vide`); an empty cell
    or a dash is `vide`; "1*" and "1 (dont 1 de nuit)" are 1 with a `renvoi`;
    faults are "erreur_tableur", "decimal", "negatif", "trop_grand", "pas_un_nombre".
    """
    if texte is None:
        return VIDE
    brut = texte.strip(" \t\r\n\u00a0\u202f\u2009\ufeff")
    if ENTIER.match(brut):
        return _entier(brut)
    reduit = cle(brut)
    if reduit in SANS_VALEUR:
        return VIDE
    if reduit in ERREURS_TABLEUR or reduit.startswith("#"):
        return Compte(faute="erreur_tableur")
    if reduit in NON_DIFFUSE:
        return Compte()
    if MILLIERS.match(brut):
        return _entier(re.sub(r"[.,]0*\Z", "", ESPACES.sub("", brut)))
    if DECIMAL.match(brut):
        valeur = float(brut.replace(",", "."))
        if abs(valeur) >= 1e15:
            return Compte(faute="trop_grand")
        if valeur != int(valeur):
            return Compte(faute="decimal", fraction=valeur)
        return _entier(str(int(valeur)))
    renvoi = RENVOI.match(brut)
    if renvoi:
        lu = replace(lire_compte(renvoi["n"]), renvoi=True)
        part = DONT.search(brut)
        # A part larger than its whole: one of the two is a mistake.
        return Compte(faute="pas_un_nombre") if part and int(part[1]) > (lu.n or 0) else lu
    return Compte(faute="pas_un_nombre")


def _entier(texte: str) -> Compte:
    n = int(texte)
    if n < 0:
        return Compte(faute="negatif")
    if n >= 10**15:
        return Compte(faute="trop_grand")
    return Compte(n=n)


MESSAGES_FAUTE = {
    "erreur_tableur": "La cellule contient une erreur de tableur («\u202f{v}\u202f»)\u202f: corrigez la formule.",
    "decimal": "«\u202f{v}\u202f» n’est pas un nombre entier\u202f: un nombre de faits se compte en unités.",
    "negatif": "«\u202f{v}\u202f» est négatif\u202f: un nombre de faits ne peut pas l’être.",
    "trop_grand": "«\u202f{v}\u202f» est trop grand pour un nombre de faits.",
    "pas_un_nombre": "«\u202f{v}\u202f» n’est pas un nombre.",
}


def message_faute(faute: str, valeur: str | None) -> str:
    """French sentence for a fault of `lire_compte`, quoting the cell (cut at 40 characters)."""
    v = nettoyer(valeur or "")
    return MESSAGES_FAUTE[faute].format(v=v if len(v) <= 40 else v[:39] + "…")
