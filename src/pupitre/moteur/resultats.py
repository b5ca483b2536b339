"""What leaves the engine: a figure with its unit, perimeter, period, sources and what was withheld."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Audience(StrEnum):
    """Who will read: inside the observatory's team, a partner around the table, or anyone."""

    INTERNE = "interne"
    PARTENAIRE = "partenaire"
    PUBLIC = "public"


class MotifAbsence(StrEnum):
    """Why a cell holds no number. Never shown as 0, never blank."""

    SECRET = "secret"  # noqa: S105  (withheld by disclosure control)
    NON_DIFFUSE = "non_diffuse"  # the producer does not publish it
    NON_LIVRE = "non_livre"  # the partner's file has not arrived
    NON_CALCULABLE = "non_calculable"  # no exposure, a break between the two periods…


@dataclass(frozen=True, slots=True)
class Absent:
    """A cell without a number: `motif` for machines, `raison` in French for people."""

    motif: MotifAbsence
    raison: str

    def __str__(self) -> str:
        return "non livré" if self.motif is MotifAbsence.NON_LIVRE else "n. d."


Valeur = str | int | float | date | Absent | None


class Nature(StrEnum):
    """How a column is to be written."""

    TEXTE = "texte"
    CODE = "code"
    PERIODE = "periode"
    ENTIER = "entier"
    DECIMAL = "decimal"
    TAUX = "taux"
    POURCENTAGE = "pourcentage"


@dataclass(frozen=True, slots=True)
class Colonne:
    cle: str
    libelle: str
    nature: Nature
    unite: str = ""


@dataclass(frozen=True, slots=True)
class LivraisonCitee:
    """A delivery behind a figure: catalogue id, file name as received, sha256 of that file, day received."""

    livraison: str
    fichier: str
    sha256: str
    recue_le: date


@dataclass(frozen=True, slots=True)
class Provenance:
    """`reserves`: what the owner asks to be written with the figures."""

    source: str
    libelle: str
    producteur: str
    millesime: str
    fictif: bool
    livraisons: tuple[LivraisonCitee, ...] = ()
    reserves: str = ""


@dataclass(frozen=True, slots=True)
class Rupture:
    """A break in a series: no variation is computed across `jour`."""

    jour: date
    libelle: str


@dataclass(frozen=True, slots=True)
class Periode:
    """Inclusive days, with the wording a reader sees ("octobre 2026")."""

    debut: date
    fin: date
    libelle: str


@dataclass(frozen=True, slots=True)
class Contexte:
    """All that a figure must carry with it. `unite` is one unit of count: unlike units are never added."""

    titre: str
    unite: str
    perimetre: str
    periode: Periode
    provenance: tuple[Provenance, ...]
    methode: str = ""
    ruptures: tuple[Rupture, ...] = ()

    @property
    def fictif(self) -> bool:
        return any(p.fictif for p in self.provenance)


@dataclass(frozen=True, slots=True)
class Resultat:
    """Rows of a measure after disclosure control. Made by `secret.sortir` and nowhere else.

    One `Resultat` feeds the screen, the PDF, the CSV and the API, so that they cannot differ.
    `retenus` says in French what was withheld and why, one sentence per reason.
    """

    contexte: Contexte
    colonnes: tuple[Colonne, ...]
    lignes: tuple[tuple[Valeur, ...], ...]
    audience: Audience
    retenus: tuple[str, ...] = ()
    index: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", {c.cle: i for i, c in enumerate(self.colonnes)})

    def colonne(self, cle: str) -> tuple[Valeur, ...]:
        """Values of one column, in row order. Raises KeyError on an unknown key."""
        i = self.index[cle]
        return tuple(ligne[i] for ligne in self.lignes)

    def dicts(self) -> Iterator[dict[str, Valeur]]:
        cles = [c.cle for c in self.colonnes]
        for ligne in self.lignes:
            yield dict(zip(cles, ligne, strict=True))
