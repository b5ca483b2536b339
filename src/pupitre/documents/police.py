"""What our typeface can write. PDF/UA refuses a whole document for one character without a glyph."""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

CARRE = "\u25a1"


def dossier_polices() -> Path:
    """Folder of Source Sans 3, upright and italic, variable."""
    import fontpkg_source_sans_3

    return Path(fontpkg_source_sans_3.ROOT) / "files"


@cache
def caracteres() -> frozenset[str]:
    """Characters that both the upright and the italic can write."""
    jeux = [_lire_cmap(f.read_bytes()) for f in sorted(dossier_polices().glob("*.ttf"))]
    return frozenset.intersection(*jeux)


def _lire_cmap(octets: bytes) -> frozenset[str]:
    """Characters of a TrueType file, from its `cmap` of format 12 (OpenType specification) or 4."""
    (tables,) = struct.unpack_from(">H", octets, 4)
    entrees = (struct.unpack_from(">4sIII", octets, 12 + 16 * i) for i in range(tables))
    debut = next(position for nom, _, position, _ in entrees if nom == b"cmap")
    (nombre,) = struct.unpack_from(">H", octets, debut + 2)
    codes: set[int] = set()
    for i in range(nombre):
        _, _, decalage = struct.unpack_from(">HHI", octets, debut + 4 + 8 * i)
        table = debut + decalage
        (forme,) = struct.unpack_from(">H", octets, table)
        if forme == 12:
            (groupes,) = struct.unpack_from(">I", octets, table + 12)
            for g in range(groupes):
                premier, dernier, _ = struct.unpack_from(">III", octets, table + 16 + 12 * g)
                codes.update(range(premier, dernier + 1))
        elif forme == 4:
            (double,) = struct.unpack_from(">H", octets, table + 6)
            fins = struct.unpack_from(f">{double // 2}H", octets, table + 14)
            debuts = struct.unpack_from(f">{double // 2}H", octets, table + 16 + double)
            for premier, dernier in zip(debuts, fins, strict=True):
                codes.update(range(premier, dernier + 1))
    return frozenset(chr(c) for c in codes - {0xFFFF, 0xFEFF} if not 0xD800 <= c <= 0xDFFF)


def imprimable(texte: str) -> str:
    """The same text with what the typeface lacks replaced: its equivalent, a square for a letter, else nothing."""
    if caracteres().issuperset(texte):
        return texte
    return "".join(_remplacer(c) for c in unicodedata.normalize("NFC", texte))


@cache
def _remplacer(c: str) -> str:
    if c in caracteres() or c == "\n":
        return c
    if c in "\t\r\v\f\u2028\u2029":
        return " "
    equivalent = unicodedata.normalize("NFKC", c)
    if equivalent != c and caracteres().issuperset(equivalent):
        return equivalent
    return CARRE if unicodedata.category(c)[0] in "LN" else ""


def tout_imprimable(arbre: Any) -> Any:
    """`imprimable` on every text of a tree of dict, list and tuple."""
    if isinstance(arbre, str):
        return imprimable(arbre)
    if isinstance(arbre, dict):
        return {cle: tout_imprimable(valeur) for cle, valeur in arbre.items()}
    if isinstance(arbre, list | tuple):
        return [tout_imprimable(valeur) for valeur in arbre]
    return arbre
