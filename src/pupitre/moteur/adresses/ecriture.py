"""How French addresses are written: one comparable form for types of street, titles, numbers, accents."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Type of street, as it is said → the ways in which it is shortened. The type itself is always known.
_TYPES: dict[str, str] = {
    "allee": "al all allees ale",
    "avenue": "av ave aven avn aven",
    "boulevard": "bd bld blvd boul bvd bvrd bdv",
    "carrefour": "car carr",
    "chaussee": "chs chauss",
    "chemin": "ch che chem chm",
    "cite": "cte cites",
    "clos": "",
    "cour": "",
    "cours": "crs",
    "domaine": "dom",
    "esplanade": "esp espl",
    "faubourg": "fg fbg faub",
    "galerie": "gal",
    "grande rue": "",
    "hameau": "ham",
    "impasse": "imp impas",
    "lotissement": "lot lotis",
    "mail": "",
    "montee": "mte",
    "parvis": "prv parv",
    "passage": "pas pass pge psg",
    "passerelle": "",
    "place": "pl plc pce",
    "placette": "",
    "pont": "",
    "porte": "pte",
    "promenade": "prom",
    "quai": "q qu",
    "residence": "res resid",
    "rond point": "rpt rdpt",
    "route": "rte rt",
    "rue": "r ru rues",
    "ruelle": "rle",
    "sente": "sen snt",
    "sentier": "sent",
    "square": "sq squ",
    "traverse": "tra",
    "venelle": "ven",
    "villa": "vla vil",
    "voie": "voi",
}
TYPES: dict[str, str] = {t: t for t in _TYPES} | {a: t for t, ab in _TYPES.items() for a in ab.split()}
# Two words that make one type.
_DOUBLES: dict[tuple[str, ...], str] = {
    ("rond", "point"): "rond point",
    ("rd", "point"): "rond point",
    ("rd", "pt"): "rond point",
    ("rond", "pt"): "rond point",
    ("grande", "rue"): "grande rue",
    ("grand", "rue"): "grande rue",
    ("gde", "rue"): "grande rue",
    ("gr", "rue"): "grande rue",
}
# Types that people take for one another.
VOISINS = frozenset(
    frozenset(paire)
    for paire in (
        ("sente", "sentier"),
        ("cour", "cours"),
        ("place", "placette"),
        ("cite", "residence"),
        ("impasse", "passage"),
        ("rue", "ruelle"),
        ("chemin", "sente"),
        ("chemin", "sentier"),
        ("rue", "grande rue"),
        ("place", "square"),
        ("avenue", "boulevard"),
    )
)
VIDES = frozenset(["de", "du", "des", "la", "le", "les", "l", "d", "a", "au", "aux", "et", "en", "n"])

_TITRES: dict[str, str] = {
    "saint": "st",
    "sainte": "ste",
    "general": "gal gral gen gnl",
    "marechal": "mal mar mchal",
    "commandant": "cdt cmdt",
    "colonel": "col",
    "capitaine": "cap cne",
    "lieutenant": "lt ltn",
    "sergent": "sgt serg",
    "adjudant": "adj",
    "president": "pdt pres",
    "docteur": "dr doct",
    "professeur": "pr prof",
    "maitre": "me mtre",
    "monseigneur": "mgr",
    "abbe": "abb",
    "ingenieur": "ing",
    "amiral": "am aml",
    "frere": "fre",
    "freres": "fres",
    "cardinal": "card",
    "notre": "nd",
    "grand": "gd",
    "grande": "gde",
    "grands": "gds",
    "grandes": "gdes",
    "petit": "pt",
    "petite": "pte",
    "vieux": "vx",
    "vieille": "vle",
    "ancien": "anc",
    "prolongee": "prol prolong",
    "prolonge": "",
    "premier": "1er",
}
_MOTS = {a: t for t, ab in _TITRES.items() for a in ab.split()} | {"cc": "centre commercial"}
# Words that many streets share and that say little of which one it is.
LEGERS = frozenset(_TITRES) | {"jean", "pierre", "paul", "marie", "louis", "charles", "jacques"}
_NOMBRES = {
    "deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "six": "6", "sept": "7", "huit": "8", "neuf": "9",
    "dix": "10", "onze": "11", "douze": "12", "treize": "13", "quatorze": "14", "quinze": "15", "seize": "16",
    "vingt": "20", "trente": "30", "cent": "100", "premier": "1", "premiere": "1",
    "xi": "11", "xii": "12", "xiii": "13", "xiv": "14", "xv": "15", "xvi": "16", "xviii": "18", "xxiii": "23",
}  # fmt: skip
_COMPOSES = re.compile(r"\b(vingt|dix)[ -]?(?:et[ -])?(un|deux|trois|quatre|cinq|six|sept|huit|neuf)\b")
_UNITES = {"un": 1, **{m: int(n) for m, n in _NOMBRES.items() if len(n) == 1}}
_ORDINAL = re.compile(r"(?<=\d)(?:er|ere|eme|ieme|nd|nde)\b|(?<=[a-z] \d)e\b|(?<=[a-z] \d\d)e\b")
_JETON = re.compile(r"[0-9]+|[a-z]+|[A-Z]")
# "D. Léon" is somebody, "d Aulnay" is not: a capital letter tells the first from the second.
_INITIALE = re.compile(r"\b[adln](?=\.)")
_MOJIBAKE = re.compile("[ÃÂâÅ][\u0080-\u00ff\u0152-\u0178\u2013-\u2122]")


def reparer(texte: str) -> str:
    """UTF-8 read as Windows-1252 by somebody upstream ("AllÃ©e"), put right; any other text unchanged."""
    if not _MOJIBAKE.search(texte):
        return texte
    try:
        return b"".join(_octet(c) for c in texte).decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return texte


def _octet(caractere: str) -> bytes:
    """Bytes 81, 8D, 8F, 90 and 9D are no character of Windows-1252: they come through as they were."""
    if ord(caractere) < 256 and not 0x80 < ord(caractere) < 0xA0:
        return caractere.encode("latin-1")
    try:
        return caractere.encode("cp1252")
    except UnicodeEncodeError:
        return caractere.encode("latin-1")


def aplatir(texte: str) -> str:
    """Lower case without accents; punctuation kept, for it tells where a part ends."""
    if not texte.isascii():
        texte = reparer(texte)
        for lettre, ecrite in (("œ", "oe"), ("Œ", "OE"), ("æ", "ae"), ("’", "'"), ("°", "o ")):
            texte = texte.replace(lettre, ecrite)
        texte = "".join(c for c in unicodedata.normalize("NFKD", texte) if not unicodedata.combining(c))
    return texte.lower()


@lru_cache(maxsize=200_000)
def jetons(aplati: str) -> tuple[str, ...]:
    """Words and figures of a flattened text, ordinals and composed numbers as figures."""
    if "vingt" in aplati or "dix" in aplati:
        aplati = _COMPOSES.sub(lambda m: str(int(_NOMBRES[m[1]]) + _UNITES[m[2]]), aplati)
    if "." in aplati:
        aplati = _INITIALE.sub(lambda m: m[0].upper(), aplati)
    return tuple(_JETON.findall(_ORDINAL.sub("", aplati)))


def en_mots(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Words of a name in comparable form: titles in full, numbers in figures."""
    return tuple(_NOMBRES.get(m, m) for m in (_MOTS.get(p, p) for p in parts))


def separer_type(parts: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Type of street at the head, and the rest. No type when nothing would be left for the name."""
    if len(parts) > 2 and parts[:2] in _DOUBLES:
        return _DOUBLES[parts[:2]], parts[2:]
    if len(parts) > 1 and parts[0] in TYPES:
        return TYPES[parts[0]], parts[1:]
    return "", parts


def type_en_fin(parts: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """ "carnot (avenue)", "lilas (allee des)": the type that lists put after the name."""
    fin = len(parts)
    while fin and parts[fin - 1] in VIDES:
        fin -= 1
    if fin > 1 and parts[fin - 1] in TYPES:
        return TYPES[parts[fin - 1]], parts[fin:] + parts[: fin - 1]
    return "", parts


def porteurs(mots: tuple[str, ...]) -> tuple[str, ...]:
    """The words that tell one street from another."""
    gardes = tuple(m for m in mots if m not in VIDES)
    return gardes or mots
