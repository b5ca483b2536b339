"""The blocks of a text. In every text, `**gras**` marks what is bold; nothing else is markup.

No two blocks have the same field names, so that a frozen one is read back as what it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from pupitre.documents.formes import Carte, Serie
from pupitre.documents.gel import degeler, geler

VERSION = 1


class Registre(StrEnum):
    COURANT = "courant"
    ACCROCHE = "accroche"  # the sentence that suffices to who reads nothing else
    PETIT = "petit"  # sources, reserves


@dataclass(frozen=True, slots=True)
class Titre:
    """`niveau` 1 to 3; the document's own title is not one of them.

    `ancre`: what the part under it is about, for who must find it again; printed nowhere.
    """

    niveau: int
    titre: str
    ancre: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.niveau <= 3:
            raise ValueError(f"niveau de titre inconnu : {self.niveau}")


@dataclass(frozen=True, slots=True)
class Paragraphe:
    texte: str
    registre: Registre = Registre.COURANT


@dataclass(frozen=True, slots=True)
class Liste:
    items: tuple[str, ...]
    numerotee: bool = False


@dataclass(frozen=True, slots=True)
class Grille:
    """A table of texts. `largeurs`: relative, one a column; `a_droite`: columns of numbers, from 0."""

    legende: str
    entetes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]
    largeurs: tuple[float, ...] = ()
    a_droite: tuple[int, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        for ligne in self.lignes:
            if len(ligne) != len(self.entetes):
                raise ValueError(
                    f"{self.legende} : {len(self.entetes)} cellules attendues, {len(ligne)} reçues"
                )
        if self.largeurs and len(self.largeurs) != len(self.entetes):
            raise ValueError(f"{self.legende} : une largeur par colonne")


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart or a map. Its summary becomes the alternative text; `hauteur` in millimetres of the page."""

    dessin: Serie | Carte
    note_figure: str = ""
    hauteur: int = 60


@dataclass(frozen=True, slots=True)
class Encadre:
    entete: str
    textes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ACompleter:
    """A place left to the person who finishes the text; the PDF shows it as a dotted frame."""

    consigne: str


@dataclass(frozen=True, slots=True)
class Signature:
    """`qualite` above, room to sign, `signataire` under it."""

    qualite: str
    signataire: str
    fait: str = ""


@dataclass(frozen=True, slots=True)
class Sommaire:
    profondeur: int = 2


@dataclass(frozen=True, slots=True)
class Saut:
    page: bool = True


Bloc = Titre | Paragraphe | Liste | Grille | Figure | Encadre | ACompleter | Signature | Sommaire | Saut


@dataclass(frozen=True, slots=True)
class Ecrit:
    """A whole text.

    Args:
        titre, sous_titre: what it is, about what and when.
        emetteur: the council, at the top and in the footer.
        mention: who may read it ("Diffusion restreinte"), in the footer.
        couverture: a page of its own for the title; otherwise the text begins under it.
        bandeau: printed at the top of every page (reserves that must not be lost).
    """

    titre: str
    emetteur: str
    jour: date
    blocs: tuple[Bloc, ...]
    sous_titre: str = ""
    surtitre: str = ""
    mention: str = ""
    lignes_de_tete: tuple[str, ...] = ()
    couverture: bool = False
    fictif: bool = False
    bandeau: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {"version": VERSION, "ecrit": geler(self)}

    @classmethod
    def from_dict(cls, donnees: dict[str, Any]) -> Ecrit:
        """Raises ValueError when the tree does not hold a text of a known version."""
        if donnees.get("version") != VERSION:
            raise ValueError(f"version d’écrit inconnue : {donnees.get('version')!r}")
        return degeler(cls, donnees.get("ecrit"))
