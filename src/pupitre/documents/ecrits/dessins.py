"""Charts of a text: drawn by the same template for the PDF, and as an image for word processors."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pupitre.documents.bulletin.composition import composer_carte, composer_serie
from pupitre.documents.compilation import RACINE, en_png
from pupitre.documents.ecrits.modele import Figure
from pupitre.documents.formes import Serie
from pupitre.documents.graphiques.resumes import resumer_carte, resumer_serie
from pupitre.socle.texte import typographier

GABARIT_IMAGE = RACINE / "ecrits" / "modele" / "image.typ"
LARGEUR_MM = 170


def composer_figure(figure: Figure) -> dict[str, Any]:
    dessin = figure.dessin
    commun = {"note-figure": typographier(figure.note_figure), "hauteur": figure.hauteur}
    if isinstance(dessin, Serie):
        return {"serie": composer_serie(dessin), "carte": None, "fonds": [], **commun}
    fonds: list[dict[str, Any]] = []
    numeros = {z.code: str(i) for i, z in enumerate(dessin.zones, 1)}
    return {"serie": None, "carte": composer_carte(dessin, fonds, numeros), "fonds": fonds, **commun}


def alternative(figure: Figure) -> str:
    dessin = figure.dessin
    return typographier(resumer_serie(dessin) if isinstance(dessin, Serie) else resumer_carte(dessin))


def legende(figure: Figure) -> str:
    return typographier(figure.dessin.titre)


@lru_cache(maxsize=64)
def image(figure: Figure) -> bytes:
    """A PNG as wide as the text, at 200 dots per inch: the DOCX and the ODT of one text share it."""
    return en_png(GABARIT_IMAGE, composer_figure(figure))
