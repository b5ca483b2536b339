"""The monthly and yearly bulletin: frozen facts in, an accessible A4 PDF out."""

from pupitre.documents.bulletin.faits import (
    Chiffre,
    Definition,
    FaitsBulletin,
    Genre,
    LigneTheme,
    PageTheme,
    Tableau,
)
from pupitre.documents.bulletin.rendu import rendre_bulletin

__all__ = [
    "Chiffre",
    "Definition",
    "FaitsBulletin",
    "Genre",
    "LigneTheme",
    "PageTheme",
    "Tableau",
    "rendre_bulletin",
]
