"""Building blocks of an SVG that works without JavaScript and under a strict CSP: classes, no style attribute."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from html import escape


@dataclass(frozen=True, slots=True)
class Graphique:
    """A drawing and what it says.

    Attributes:
        svg: markup, safe to insert as is: every text of it is escaped.
        resume: the same in one French paragraph, to be shown beside or given to a screen reader.
    """

    svg: str
    resume: str


_INTERDITS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def echapper(contenu: str) -> str:
    """Text for markup, without the characters that XML forbids."""
    return escape(_INTERDITS.sub("", contenu))


def n(valeur: float) -> str:
    """A coordinate, as short as its precision allows."""
    return f"{valeur:.2f}".rstrip("0").rstrip(".") if valeur % 1 else str(int(valeur))


def balise(nom: str, *contenu: str, **attributs: str | float | None) -> str:
    """`classe` is written class; `_` becomes `-`; None is left out. `contenu` is markup already."""
    morceaux = [nom]
    for cle, valeur in attributs.items():
        if valeur is None:
            continue
        cle = "class" if cle == "classe" else cle.replace("_", "-")
        texte = valeur if isinstance(valeur, str) else n(valeur)
        morceaux.append(f'{cle}="{echapper(texte)}"')
    ouverture = " ".join(morceaux)
    return f"<{ouverture}>{''.join(contenu)}</{nom}>" if contenu else f"<{ouverture}/>"


def texte(x: float, y: float, contenu: str, classe: str = "g-texte", **attributs: str | float | None) -> str:
    return balise("text", echapper(contenu), x=x, y=y, classe=classe, **attributs)


def identifiant(*parties: object) -> str:
    """Stable within a page for one drawing, different for another: the same facts give the same markup."""
    return "g" + sha256(repr(parties).encode()).hexdigest()[:10]


def hachures(ident: str) -> str:
    trait = balise("path", d="M0 6 6 0", classe="g-hachure")
    motif = balise("pattern", trait, id=f"{ident}-h", width=6, height=6, patternUnits="userSpaceOnUse")
    return balise("defs", motif)


def cadre(
    ident: str, classe: str, largeur: float, hauteur: float, titre: str, resume: str, *contenu: str
) -> str:
    return balise(
        "svg",
        balise("title", echapper(titre), id=f"{ident}-t"),
        balise("desc", echapper(resume), id=f"{ident}-d"),
        *contenu,
        xmlns="http://www.w3.org/2000/svg",
        classe=f"graphique {classe}",
        viewBox=f"0 0 {n(largeur)} {n(hauteur)}",
        role="img",
        aria_labelledby=f"{ident}-t",
        aria_describedby=f"{ident}-d",
        focusable="false",
    )
