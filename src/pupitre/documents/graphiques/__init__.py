"""Charts for the screen: accessible SVG drawn on the server, each with its summary in French."""

from pupitre.documents.graphiques.autonome import FEUILLE_DE_STYLE, Cartouche, en_image, en_svg
from pupitre.documents.graphiques.champs import champ
from pupitre.documents.graphiques.lieux import barre, carte, classement
from pupitre.documents.graphiques.nuages import notes_de_nuage, nuage, nuage_adaptatif
from pupitre.documents.graphiques.resumes import resumer_carte, resumer_classement, resumer_serie
from pupitre.documents.graphiques.saisons import notes_de_saison, saison, saison_adaptative
from pupitre.documents.graphiques.series import etincelle, notes, serie, serie_adaptative
from pupitre.documents.graphiques.svg import Graphique

__all__ = [
    "FEUILLE_DE_STYLE",
    "Cartouche",
    "Graphique",
    "barre",
    "carte",
    "champ",
    "classement",
    "en_image",
    "en_svg",
    "etincelle",
    "notes",
    "notes_de_nuage",
    "notes_de_saison",
    "nuage",
    "nuage_adaptatif",
    "resumer_carte",
    "resumer_classement",
    "resumer_serie",
    "saison",
    "saison_adaptative",
    "serie",
    "serie_adaptative",
]
