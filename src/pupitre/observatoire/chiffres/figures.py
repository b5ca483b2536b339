"""A chart with all that goes with it: sentence, notes, table, words, and the forms in which it leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pupitre.documents import graphiques
from pupitre.documents.graphiques import Cartouche, Graphique
from pupitre.moteur.resultats import Resultat
from pupitre.socle.texte import INSECABLE


@dataclass(frozen=True)
class Figure:
    """What a page shows of one chart.

    Attributes:
        cle: names it in the addresses of its exports.
        seule: the drawing on its own, made when somebody asks for it.
    """

    cle: str
    titre: str
    svg: str
    resume: str
    resultat: Resultat
    seule: Callable[[], Graphique]
    phrase: str = ""
    notes: str = ""
    codes: str = ""

    @property
    def cartouche(self) -> Cartouche:
        """What goes around the drawing that leaves: sentence, unit, territory, sources, notes."""
        c = self.resultat.contexte
        sources = " ; ".join(
            f"{p.libelle}{f', {p.millesime}' if p.millesime else ''}{', données fictives' if p.fictif else ''}"
            for p in c.provenance
        )
        sous_titre = f"{c.perimetre}. Unité de compte\u202f: {c.unite}. Source\u202f: {sources}."
        return Cartouche(
            self.titre,
            sous_titre,
            tuple(t for t in (self.phrase, self.notes, *self.resultat.retenus) if t),
        )

    def en(self, format: str) -> bytes:
        """The chart as a file, svg or png."""
        rendre = {"svg": graphiques.en_svg, "png": graphiques.en_image}[format]
        return rendre(self.seule(), self.cartouche)


FORMATS_IMAGE = ("svg", "png")


@dataclass
class Recueil:
    """Figures and tables of a page by the name under which they leave."""

    figures: dict[str, Figure] = field(default_factory=dict)
    resultats: dict[str, list[Resultat]] = field(default_factory=dict)

    def ajouter(self, figure: Figure) -> Figure:
        self.figures[figure.cle] = figure
        self.resultats[figure.cle] = [figure.resultat]
        return figure


ND = f"n.{INSECABLE}d."
