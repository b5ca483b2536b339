"""Comparing labels as people write them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

ESPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")


@lru_cache(maxsize=65536)
def cle(texte: str) -> str:
    """Label without case, accents, typographic variants or repeated spaces, for comparison only."""
    texte = texte.replace("’", "'").replace("œ", "oe").replace("Œ", "Oe").replace("æ", "ae")
    decompose = unicodedata.normalize("NFKD", texte)
    sans = "".join(c for c in decompose if not unicodedata.combining(c))
    return ESPACES.sub(" ", sans).strip().casefold()
