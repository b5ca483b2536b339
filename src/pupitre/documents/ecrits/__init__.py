"""Texts that people finish in a word processor: one model, rendered as PDF/UA-1, DOCX and ODT.

`Ecrit` is frozen facts like the others of this floor; `rendre(ecrit, format)` is the one way out.
"""

from pupitre.documents.ecrits.modele import (
    ACompleter,
    Bloc,
    Ecrit,
    Encadre,
    Figure,
    Grille,
    Liste,
    Paragraphe,
    Registre,
    Saut,
    Signature,
    Sommaire,
    Titre,
)
from pupitre.documents.ecrits.rendu import FORMATS, rendre

__all__ = [
    "FORMATS",
    "ACompleter",
    "Bloc",
    "Ecrit",
    "Encadre",
    "Figure",
    "Grille",
    "Liste",
    "Paragraphe",
    "Registre",
    "Saut",
    "Signature",
    "Sommaire",
    "Titre",
    "rendre",
]
