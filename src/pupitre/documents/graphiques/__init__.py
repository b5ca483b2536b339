"""Charts for the screen: accessible SVG drawn on the server, each with its summary in French."""

from pathlib import Path

from pupitre.documents.graphiques.lieux import barre, carte, classement
from pupitre.documents.graphiques.resumes import resumer_carte, resumer_classement, resumer_serie
from pupitre.documents.graphiques.series import etincelle, notes, serie, serie_adaptative
from pupitre.documents.graphiques.svg import Graphique

FEUILLE_DE_STYLE = Path(__file__).with_name("graphiques.css")

__all__ = [
    "FEUILLE_DE_STYLE",
    "Graphique",
    "barre",
    "carte",
    "classement",
    "etincelle",
    "notes",
    "resumer_carte",
    "resumer_classement",
    "resumer_serie",
    "serie",
    "serie_adaptative",
]
