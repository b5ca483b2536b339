"""A drawing on its own, to be put in a slide or a letter: title, notes and source around it, colours inside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pupitre.documents.compilation import RACINE, en_png
from pupitre.documents.graphiques.svg import Graphique, balise, echapper, texte

FEUILLE_DE_STYLE = Path(__file__).with_name("graphiques.css")
GABARIT = RACINE / "graphiques" / "image.typ"
MARGE = 20.0
POLICE = "Source Sans 3"
# Mean width of a character at 12 units, measured on French texts: lines of notes never leave the drawing.
_CARACTERE = 5.3


@dataclass(frozen=True, slots=True)
class Cartouche:
    """What goes around a drawing that leaves: without it a figure would be alone."""

    titre: str
    sous_titre: str = ""
    notes: tuple[str, ...] = ()


def en_svg(dessin: Graphique, cartouche: Cartouche) -> bytes:
    """An SVG file in light colours, without anything that depends on a page.

    Args:
        dessin: one `svg` element (not an adaptive pair).
    """
    boite = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', dessin.svg)
    if boite is None or not dessin.svg.startswith("<svg"):
        raise ValueError("one svg element is expected")
    largeur, hauteur = float(boite[1]), float(boite[2])
    utile = int(largeur / _CARACTERE)
    haut = MARGE
    morceaux: list[str] = []
    for ligne in _couper(cartouche.titre, int(utile * 0.72)):
        haut += 20
        morceaux.append(texte(MARGE, haut - 4, ligne, "g-titre"))
    for ligne in _couper(cartouche.sous_titre, utile):
        haut += 17
        morceaux.append(texte(MARGE, haut - 4, ligne, "g-texte"))
    haut += 12
    dedans = dessin.svg.replace(
        "<svg ", f'<svg x="{MARGE}" y="{haut}" width="{largeur}" height="{hauteur}" ', 1
    )
    morceaux.append(dedans)
    haut += hauteur + 10
    for note in cartouche.notes:
        for ligne in _couper(note, utile):
            haut += 16
            morceaux.append(texte(MARGE, haut, ligne, "g-texte"))
    total = haut + MARGE
    fond = balise("rect", x=0, y=0, width=largeur + 2 * MARGE, height=total, classe="g-fond")
    svg = balise(
        "svg",
        balise("title", echapper(cartouche.titre)),
        balise("desc", echapper(dessin.resume)),
        f"<style>{style()}</style>",
        fond,
        *morceaux,
        xmlns="http://www.w3.org/2000/svg",
        classe="graphique",
        viewBox=f"0 0 {largeur + 2 * MARGE:g} {total:g}",
        width=largeur + 2 * MARGE,
        height=total,
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{svg}'.encode()


def en_image(dessin: Graphique, cartouche: Cartouche) -> bytes:
    """The same as a PNG, in our own typeface, at 192 dots per inch."""
    return en_png(GABARIT, {"svg": en_svg(dessin, cartouche).decode()}, ppp=192)


def _couper(contenu: str, largeur: int) -> list[str]:
    lignes: list[str] = []
    # Narrow no-break spaces hold words together: only ordinary ones break a line.
    for mot in contenu.split(" "):
        if lignes and len(lignes[-1]) + len(mot) < largeur:
            lignes[-1] += f" {mot}"
        elif mot:
            lignes.append(mot)
    return lignes


@lru_cache(maxsize=1)
def style() -> str:
    """The style sheet of charts with its light colours written out: readers of SVG files know neither layers,
    nor variables, nor `light-dark`."""
    source = re.sub(r"/\*.*?\*/", "", FEUILLE_DE_STYLE.read_text("utf-8"), flags=re.DOTALL)
    source = re.sub(r"@(?:container|media)[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", source)
    source = re.sub(r"@layer components\s*\{", "", source).strip().removesuffix("}")
    couleurs = dict(re.findall(r"(--g-[\w-]+):\s*([^;]+);", source))
    claires = {nom: _clair(valeur) for nom, valeur in couleurs.items()}
    source = re.sub(r"--g-[\w-]+:\s*[^;]+;", "", source)
    source = re.sub(r"light-dark\(([^,()]+),[^()]+\)", r"\1", source)
    source = re.sub(r"var\((--g-[\w-]+)\)", lambda m: claires[m[1]], source)
    # What only lays a drawing out in a page.
    # Weights between hundreds are left aside by most of these readers.
    source = source.replace("font-weight: 650", "font-weight: 600")
    source = re.sub(r"(?:container-type|(?:max-)?(?:inline|block)-size):[^;}]+;?", "", source)
    regles = re.findall(r"([^{}]+)\{([^{}]*)\}", source)
    propres = "".join(
        f"{' '.join(selecteurs.split())}{{{' '.join(corps.split())}}}"
        for selecteurs, corps in regles
        if ":hover" not in selecteurs and corps.strip()
    )
    # 500: a variable typeface asked for 400 is drawn in its thinnest weight by these readers.
    return (
        f"text{{font-family:'{POLICE}',sans-serif;font-size:12px;font-weight:500}}{propres}"
        ".g-fond{fill:#ffffff}.graphique .g-titre{fill:#1b242d;font-size:16px;font-weight:600}"
    )


def _clair(valeur: str) -> str:
    trouve = re.search(r"light-dark\(([^,()]+),", valeur)
    return trouve[1].strip() if trouve else valeur.strip()
