"""Bold parts of a text, typography set right."""

from __future__ import annotations

import re

from pupitre.socle.texte import typographier

_GRAS = re.compile(r"\*\*(.+?)\*\*")


def fragments(texte: str) -> list[tuple[str, bool]]:
    """(text, bold), in order; an empty text has none."""
    morceaux, fin = [], 0
    propre = typographier(texte)
    for trouve in _GRAS.finditer(propre):
        morceaux += [(propre[fin : trouve.start()], False), (trouve[1], True)]
        fin = trouve.end()
    morceaux.append((propre[fin:], False))
    return [(t, gras) for t, gras in morceaux if t]


def nu(texte: str) -> str:
    return "".join(t for t, _ in fragments(texte))
