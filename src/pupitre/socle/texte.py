"""French text: numbers, dates, agreement, enumerations, spaces before high punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

FINE = "\u202f"  # narrow no-break space
INSECABLE = "\u00a0"
MOINS = "\u2212"

MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
MOIS_COURTS = (
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
)
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def nombre(valeur: float | Decimal, decimales: int = 0) -> str:
    """1234.5, 1 → "1 234,5". Halves are rounded up, as people do."""
    pas = Decimal(1).scaleb(-decimales)
    arrondi = Decimal(str(valeur)).quantize(pas, rounding=ROUND_HALF_UP)
    texte = f"{abs(arrondi):,.{decimales}f}".replace(",", FINE).replace(".", ",")
    return (MOINS if arrondi < 0 else "") + texte


def signe(valeur: float | Decimal, decimales: int = 0) -> str:
    """A difference, always with its sign: "+5", "−3", "0"."""
    texte = nombre(valeur, decimales)
    return f"+{texte}" if valeur > 0 and texte.strip("0,") else texte


def pourcent(valeur: float, decimales: int = 0, avec_signe: bool = False) -> str:
    """12.5 → "13 %" (the argument is already a percentage)."""
    return f"{signe(valeur, decimales) if avec_signe else nombre(valeur, decimales)}{FINE}%"


def date_longue(jour: date) -> str:
    """6 novembre 2026; the first of a month is "1er"."""
    return f"{_quantieme(jour)}{INSECABLE}{MOIS[jour.month - 1]} {jour.year}"


def jour_mois(jour: date) -> str:
    """23 novembre."""
    return f"{_quantieme(jour)}{INSECABLE}{MOIS[jour.month - 1]}"


def date_courte(jour: date) -> str:
    """6 nov. 2026."""
    return f"{_quantieme(jour)}{INSECABLE}{MOIS_COURTS[jour.month - 1]} {jour.year}"


def instant_court(instant: datetime) -> str:
    """6 nov. 2026, 9 h 05, of an instant in local time."""
    return f"{date_courte(instant)}, {instant.hour}{INSECABLE}h{INSECABLE}{instant.minute:02d}"


def _quantieme(jour: date) -> str:
    return "1er" if jour.day == 1 else str(jour.day)


def mois_annee(jour: date) -> str:
    """octobre 2026."""
    return f"{MOIS[jour.month - 1]} {jour.year}"


def mois_court(jour: date) -> str:
    """oct. 2026."""
    return f"{MOIS_COURTS[jour.month - 1]} {jour.year}"


def de(mot: str) -> str:
    """ "d’octobre", "de mars": the preposition elided before a vowel or a mute h."""
    premiere = sans_accent(mot)[:1].lower()
    return f"d’{mot}" if premiere in "aeiouyh" and premiere else f"de {mot}"


def pluriel(n: float, singulier: str, au_pluriel: str | None = None) -> str:
    """ "1 fait", "12 faits", "0 fait": French plural begins at two.

    Words agree up to the first preposition: "victimes entendues", "faits pour 1 000 habitants".
    """
    forme = singulier if abs(n) < 2 else au_pluriel or _au_pluriel(singulier)
    return f"{nombre(n)}{INSECABLE}{forme}"


_PREPOSITIONS = frozenset({"de", "d’une", "d’un", "du", "des", "en", "à", "par", "pour", "sur"})


def _au_pluriel(nom: str) -> str:
    mots = nom.split(" ")
    fin = next((i for i, mot in enumerate(mots) if mot in _PREPOSITIONS), len(mots))
    return " ".join([*(m if m[-1:] in "sxz" else f"{m}s" for m in mots[:fin]), *mots[fin:]])


_EN_LETTRES = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
]


def en_lettres(n: int) -> str:
    """ "deux", "sept"; digits above sixteen, as a sentence would have them."""
    return _EN_LETTRES[n] if 0 <= n < len(_EN_LETTRES) else nombre(n)


def enumeration(mots: Sequence[str], dernier: str = "et") -> str:
    """ "a", "a et b", "a, b et c"."""
    if len(mots) < 2:
        return "".join(mots)
    return f"{', '.join(mots[:-1])} {dernier} {mots[-1]}"


def guillemets(texte: str) -> str:
    """ "Date" → "« Date »"."""
    return f"«{FINE}{texte}{FINE}»"


_A_TYPOGRAPHIER = re.compile("['«»;!?%:]")


def typographier(texte: str) -> str:
    """Apostrophes and the no-break spaces that French puts around « » and before ; : ! ? %."""
    if not _A_TYPOGRAPHIER.search(texte):
        return texte
    texte = texte.replace("'", "’")
    texte = re.sub(r"«[ \u00a0\u202f]*", f"«{FINE}", texte)
    texte = re.sub(r"[ \u00a0\u202f]*»", f"{FINE}»", texte)
    texte = re.sub(r"[ \u00a0]+([;!?%])", rf"{FINE}\1", texte)
    return re.sub(r"[ \u00a0]+:(?!//)", f"{FINE}:", texte)


def sans_accent(texte: str) -> str:
    decompose = unicodedata.normalize("NFKD", texte.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae"))
    return "".join(c for c in decompose if not unicodedata.combining(c))


def cle_de_recherche(texte: str) -> str:
    """Lower case, no accent, one space between words; `saint` and `st` alike: "Saint-Étienne" → "st etienne"."""
    mots = re.findall(r"[a-z0-9]+", sans_accent(texte).lower())
    return " ".join({"saint": "st", "sainte": "ste"}.get(m, m) for m in mots)
