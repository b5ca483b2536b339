"""The facts of a bulletin, frozen before it is rendered. A correction is a new edition, never a change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from pupitre.documents.formes import Carte, Classement, Mesure, Sens, Serie
from pupitre.documents.gel import degeler, geler
from pupitre.moteur.resultats import Absent, Periode, Provenance, Valeur

VERSION = 1
CHIFFRES_MAX = 8


class Genre(StrEnum):
    MENSUEL = "mensuel"
    ANNUEL = "annuel"


@dataclass(frozen=True, slots=True)
class Chiffre:
    """A figure of the first page. `verdict` is the bold beginning of its sentence, with its full stop.

    Args:
        unite: singular, as the source counts ("fait", "victime").
        serie: the sparkline, thirteen points as a rule; its last point is the figure.
        source: short name of the partner ("Police nationale").
        theme: `cle` of the page that details it, empty if none.
    """

    nom: str
    valeur: Mesure
    unite: str
    sens: Sens
    verdict: str
    phrase: str
    serie: Serie | None = None
    source: str = ""
    theme: str = ""


@dataclass(frozen=True, slots=True)
class LigneTheme:
    """A row of a theme's table, `valeurs` in the order of `Tableau.colonnes`.

    `variation` is written by who computed it and left empty where it means nothing; `lecture` says so.
    """

    libelle: str
    valeurs: tuple[Valeur, ...]
    variation: str = ""
    lecture: str = ""
    sens: Sens = Sens.INCONNU
    unite: str = ""
    principale: bool = False


@dataclass(frozen=True, slots=True)
class Tableau:
    """`colonnes` are the headings of the values ("oct. 2026", "sept. 2026", …); the first is the period's."""

    titre: str
    colonnes: tuple[str, ...]
    lignes: tuple[LigneTheme, ...]
    entete: str = "Nature"
    variation_libelle: str = "Sur un an"
    note: str = ""

    def __post_init__(self) -> None:
        for ligne in self.lignes:
            if len(ligne.valeurs) != len(self.colonnes):
                raise ValueError(f"{ligne.libelle} : {len(self.colonnes)} valeurs attendues")


@dataclass(frozen=True, slots=True)
class PageTheme:
    """A theme: what happened, months, detail, places.

    Args:
        accroche: the verdict in one sentence, shown in the table of contents too.
        commentaires: paragraphs, automatic then written by the coordinator.
        decisions: what was decided, one sentence each.
        a_dire: what an elected official may say in a meeting, without its « ».
        source: short, under the title ("Police nationale, état 4001, reçu le 6 novembre").
    """

    cle: str
    titre: str
    accroche: str
    sens: Sens = Sens.ORDINAIRE
    commentaires: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    a_dire: str = ""
    serie: Serie | None = None
    tableau: Tableau | None = None
    classement: Classement | None = None
    carte: Carte | None = None
    source: str = ""
    fictif: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """A unit or a method, in plain French."""

    terme: str
    texte: str


@dataclass(frozen=True, slots=True)
class FaitsBulletin:
    """All that a bulletin says. Texts in French; spaces and apostrophes are set right at rendering.

    Args:
        conseil: name with its kind ("CISPD « Plaine centrale »").
        territoire: outlines of the perimeter, drawn on the cover; None for none.
        accroche, chapo: the month in two sentences, the first in bold.
        edition: 1, then 2… with `remplace` saying which one it corrects, and `changements` what of it.
        retenus: what is withheld and why, one sentence each; `manquants`: what has not been delivered.
        redaction: who answers for it and how to reach them.
    """

    genre: Genre
    conseil: str
    communes: tuple[str, ...]
    periode: Periode
    emis_le: date
    accroche: str
    chapo: str
    chiffres: tuple[Chiffre, ...] = ()
    themes: tuple[PageTheme, ...] = ()
    sources: tuple[Provenance, ...] = ()
    unites: tuple[Definition, ...] = ()
    methodes: tuple[Definition, ...] = ()
    retenus: tuple[str, ...] = ()
    manquants: tuple[str, ...] = ()
    destinataires: tuple[str, ...] = ()
    mention: str = "Diffusion restreinte"
    autorite: str = ""
    redaction: str = ""
    territoire: Carte | None = None
    edition: int = 1
    remplace: str = ""
    changements: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.chiffres) > CHIFFRES_MAX:
            raise ValueError(f"{CHIFFRES_MAX} chiffres au plus, {len(self.chiffres)} reçus")
        cles = [t.cle for t in self.themes]
        if len(set(cles)) != len(cles):
            raise ValueError("deux thèmes ont la même clé")

    @property
    def fictif(self) -> bool:
        return any(p.fictif for p in self.sources) or any(t.fictif for t in self.themes)

    def to_dict(self) -> dict[str, Any]:
        return {"version": VERSION, "faits": geler(self)}

    @classmethod
    def from_dict(cls, donnees: dict[str, Any]) -> FaitsBulletin:
        """Raises ValueError when the tree does not hold a bulletin of a known version."""
        if donnees.get("version") != VERSION:
            raise ValueError(f"version de bulletin inconnue : {donnees.get('version')!r}")
        return degeler(cls, donnees.get("faits"))


def absents(faits: FaitsBulletin) -> tuple[Absent, ...]:
    """Every missing value of the bulletin's tables and figures, once per reason."""
    vus: dict[Absent, None] = {}
    for chiffre in faits.chiffres:
        if isinstance(chiffre.valeur, Absent):
            vus[chiffre.valeur] = None
    for theme in faits.themes:
        for ligne in theme.tableau.lignes if theme.tableau else ():
            vus.update({v: None for v in ligne.valeurs if isinstance(v, Absent)})
        for rang in theme.classement.rangs if theme.classement else ():
            vus.update({v: None for v in (rang.valeur, rang.taux) if isinstance(v, Absent)})
    return tuple(vus)
