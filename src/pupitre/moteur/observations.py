"""The one schema in which every source is kept, and what a reader returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

import pyarrow as pa

from pupitre.moteur.erreurs import Lieu

if TYPE_CHECKING:
    from pupitre.moteur.reperes import Reperes


class Granularite(StrEnum):
    """Kinds of period of an observation. `annee_scolaire` runs from 1 September to 31 August."""

    JOUR = "jour"
    SEMAINE = "semaine"
    MOIS = "mois"
    TRIMESTRE = "trimestre"
    SEMESTRE = "semestre"
    ANNEE = "annee"
    ANNEE_SCOLAIRE = "annee_scolaire"


class PrecisionLieu(StrEnum):
    """How precisely an observation is located, from best to worst.

    POINT is the partner's own point; NUMERO, LIEU and VOIE come from an address that was found. The point of
    a street is a mark in its middle: whoever measures distances keeps to `PONCTUELLES`.
    """

    POINT = "point"
    NUMERO = "numero"
    LIEU = "lieu"
    VOIE = "voie"
    SECTEUR = "secteur"
    COMMUNE = "commune"
    TERRITOIRE = "territoire"


PONCTUELLES = (PrecisionLieu.POINT, PrecisionLieu.NUMERO, PrecisionLieu.LIEU)

# `n` null: the producer says that the figure exists and is not published (SSMSI `ndiff`): never zero.
# An empty cell of a file yields no observation: it is counted in `Releve.vides`.
# `territoire` is the perimeter as the partner names it ("DTSP94 CRETEIL", "94", "Créteil Habitat"):
# a police circonscription is neither a commune nor a secteur.
# `population` and `logements` are the producer's own exposures, with its own vintage (SSMSI): else null.
COLONNES_LECTURE: tuple[tuple[str, pa.DataType], ...] = (
    ("nature", pa.string()),  # "4001:27", "ssmsi:cambriolages_logement", "inc:occupation_hall"
    ("debut", pa.date32()),  # first day, inclusive
    ("fin", pa.date32()),  # last day, inclusive
    ("granularite", pa.string()),
    ("territoire", pa.string()),
    ("commune", pa.string()),  # INSEE code, text, null when the territory is not a commune
    ("secteur", pa.string()),
    ("lon", pa.float64()),  # WGS84
    ("lat", pa.float64()),
    ("precision_lieu", pa.string()),
    ("heure", pa.int8()),  # 0–23, local time, null when unknown
    ("duree_h", pa.int16()),  # hours from the first to the last moment possible, null when there is one
    ("n", pa.int64()),
    ("unite", pa.string()),  # unit of count: "victime", "infraction", "véhicule"…
    ("gravite", pa.int8()),
    ("population", pa.float64()),
    ("logements", pa.float64()),
)
# A million rows say a few texts: each is held once, and never twice in a dictionary.
TEXTE_LU = pa.dictionary(pa.int32(), pa.string())
SCHEMA_LECTURE = pa.schema(
    [(nom, TEXTE_LU if genre == pa.string() else genre) for nom, genre in COLONNES_LECTURE]
)
SCHEMA_OBSERVATION = pa.schema(
    [("conseil", pa.string()), ("source", pa.string()), ("livraison", pa.string()), *COLONNES_LECTURE]
)


class Gravite(StrEnum):
    """`BLOQUANTE`: nothing may be published. `AVERTISSEMENT`: publishable, shown. `INFORMATION`: shown."""

    BLOQUANTE = "bloquante"
    AVERTISSEMENT = "avertissement"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Anomalie:
    """Something seen in a partner's file, with its place, in French for the person who reads it."""

    code: str
    gravite: Gravite
    message: str
    lieu: Lieu = field(default_factory=Lieu)


@dataclass(frozen=True, slots=True)
class TotalVerifie:
    """A total that the file announces, and the sum of what was read.

    Attributes:
        titre: of its column.
        ensemble: True for the total of the whole file, False for that of a group of rows.
    """

    titre: str
    annonce: float
    somme: float
    ensemble: bool
    lieu: Lieu = field(default_factory=Lieu)

    @property
    def concorde(self) -> bool:
        return self.annonce == self.somme


@dataclass(frozen=True, slots=True)
class LibelleInconnu:
    """A label that names nothing known. `candidats`: (code, name) of what it may mean, best first."""

    genre: str
    libelle: str
    fois: int
    departement: str = ""
    candidats: tuple[tuple[str, str], ...] = ()
    lieu: Lieu = field(default_factory=Lieu)


@dataclass(frozen=True, slots=True)
class Releve:
    """What a reader understood of one file.

    Attributes:
        format: reader's name ("etat4001_services", "comptages"…).
        observations: table of SCHEMA_LECTURE, in file order.
        vides: number of cells that should hold a count and hold nothing.
        anomalies: in file order.
        producteur, millesime: as the file itself says, for provenance; empty when it does not.
        feuilles: names of sheets read (empty for flat files).
        extrait: first rows of the file as text, to show what was understood on the file itself.
        adresses: address of each observation as the partner writes it, null where there is none. It serves to
            locate and is never kept with the observations; None when no column is an address.
        totaux: totals that the file announces, each with the sum that was read.
        inconnus: labels that name nothing known, for a person to settle.
        lignes: line of the file of each observation; None when the reader does not say.
        reperes: what was understood, on the file itself; None for the formats that everybody knows.
    """

    format: str
    observations: pa.Table
    vides: int = 0
    anomalies: tuple[Anomalie, ...] = ()
    producteur: str = ""
    millesime: str = ""
    feuilles: tuple[str, ...] = ()
    extrait: tuple[tuple[str, ...], ...] = ()
    adresses: pa.Array | None = None
    totaux: tuple[TotalVerifie, ...] = ()
    inconnus: tuple[LibelleInconnu, ...] = ()
    lignes: pa.Array | None = None
    reperes: Reperes | None = None

    def __post_init__(self) -> None:
        if self.observations.schema != SCHEMA_LECTURE:
            raise TypeError(f"observations must follow SCHEMA_LECTURE, got {self.observations.schema}")

    @property
    def bloquee(self) -> bool:
        return any(a.gravite is Gravite.BLOQUANTE for a in self.anomalies)


def jour_de_fin(debut: date, granularite: Granularite) -> date:
    """Last day, inclusive, of the period of that kind that begins on `debut`."""
    from datetime import timedelta

    months = {
        Granularite.MOIS: 1,
        Granularite.TRIMESTRE: 3,
        Granularite.SEMESTRE: 6,
        Granularite.ANNEE: 12,
        Granularite.ANNEE_SCOLAIRE: 12,
    }
    if granularite is Granularite.JOUR:
        return debut
    if granularite is Granularite.SEMAINE:
        return debut + timedelta(days=6)
    index = debut.year * 12 + debut.month - 1 + months[granularite]
    return date(index // 12, index % 12 + 1, 1) - timedelta(days=1)
