"""What a chart is given, on screen and on paper: a series, a ranking, a map."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from pupitre.moteur.resultats import Absent, Rupture

Mesure = int | float | Absent
Anneau = tuple[tuple[float, float], ...]


class Pas(StrEnum):
    """Length of one point of a series."""

    MOIS = "mois"
    TRIMESTRE = "trimestre"
    SEMESTRE = "semestre"
    ANNEE = "annee"
    ANNEE_SCOLAIRE = "annee_scolaire"


class Sens(StrEnum):
    """The verdict on a comparison. A difference that chance explains is `ORDINAIRE`, whatever its sign."""

    HAUSSE = "hausse"
    BAISSE = "baisse"
    ORDINAIRE = "ordinaire"
    RESERVE = "reserve"  # a difference that a break or a late file makes doubtful
    INCONNU = "inconnu"  # nothing to compare, too few facts, not delivered


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a series. `bas`, `haut`: the ordinary interval for that period, both or neither."""

    debut: date
    valeur: Mesure
    bas: float | None = None
    haut: float | None = None

    def __post_init__(self) -> None:
        if (self.bas is None) != (self.haut is None):
            raise ValueError("bas et haut vont ensemble")


@dataclass(frozen=True, slots=True)
class Repere:
    """What happened on a day, that a reader of the series must know (« ouverture du chantier »)."""

    jour: date
    texte: str


@dataclass(frozen=True, slots=True)
class Serie:
    """Counts by period, oldest first. `unite` is singular ("fait"); `accent` is the number of last
    points drawn in full colour, the ones before being muted (12 by default: the year against the last);
    `courbe` is drawn over the bars, one value for each point."""

    titre: str
    unite: str
    points: tuple[Point, ...]
    pas: Pas = Pas.MOIS
    ruptures: tuple[Rupture, ...] = ()
    note: str = ""
    accent: int = 12
    reperes: tuple[Repere, ...] = ()
    courbe: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        jours = [p.debut for p in self.points]
        if jours != sorted(set(jours)):
            raise ValueError("les points d’une série sont dans l’ordre du temps, sans doublon")
        if self.courbe and len(self.courbe) != len(self.points):
            raise ValueError("une courbe a une valeur pour chaque point")


@dataclass(frozen=True, slots=True)
class MoisDeSaison:
    """One month of the calendar: `indice` 100 is the mean month; `bas`, `haut` the ordinary range of the last
    year's value, both or neither; `sens` how that value stands to it."""

    numero: int
    indice: float | None = None
    bas: float | None = None
    haut: float | None = None
    sens: Sens = Sens.INCONNU


@dataclass(frozen=True, slots=True)
class Saison:
    """The same twelve months year after year, oldest first; each year has one value for each of `mois`."""

    titre: str
    unite: str
    mois: tuple[MoisDeSaison, ...]
    annees: tuple[tuple[str, tuple[Mesure | None, ...]], ...]

    def __post_init__(self) -> None:
        if any(len(valeurs) != len(self.mois) for _, valeurs in self.annees):
            raise ValueError("une année a une valeur par mois")


@dataclass(frozen=True, slots=True)
class PointDeNuage:
    """A place: its size, its rate, whether it lies beyond the limits, and whether it is named."""

    libelle: str
    taille: float
    taux: float
    sens: Sens = Sens.ORDINAIRE
    nomme: bool = False


@dataclass(frozen=True, slots=True)
class Nuage:
    """A funnel: rates against sizes. `limites`: (size, low, high, very low, very high), by increasing size."""

    titre: str
    unite: str
    taille_libelle: str
    points: tuple[PointDeNuage, ...]
    taux: float
    limites: tuple[tuple[float, float, float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Rang:
    """One row of a ranking. `code` links it to the map's zone; `precedent` is the same figure before."""

    code: str
    libelle: str
    valeur: Mesure
    taux: Mesure | None = None
    precedent: Mesure | None = None
    saillant: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Classement:
    """Rows in the order to be shown (see `ranger`). `unite` singular; `taux_libelle` names the rate column."""

    titre: str
    unite: str
    rangs: tuple[Rang, ...]
    taux_libelle: str = ""
    precedent_libelle: str = ""
    note: str = ""
    entete: str = "Secteur"


@dataclass(frozen=True, slots=True)
class Zone:
    """An outline: one ring per part, WGS84 (lon, lat). Holes are drawn as rings of the even-odd rule.

    `bas`, `haut`: interval of the value, both or neither; `ecart`: it stands apart from the whole more than chance
    makes it.
    """

    code: str
    libelle: str
    anneaux: tuple[Anneau, ...]
    valeur: Mesure | None = None
    bas: float | None = None
    haut: float | None = None
    ecart: bool = False


@dataclass(frozen=True, slots=True)
class Carte:
    """A choropleth. `unite` is what a value counts ("fait pour 1 000 habitants"); `decimales` of its legend."""

    titre: str
    unite: str
    zones: tuple[Zone, ...]
    decimales: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Champ:
    """A density on a grid of square cells, rows from the south, columns from the west.

    `x0`, `y0`, `pas`: projected metres; `fonds`: lines drawn over it, in the same metres; `ou`: the name of the place
    of the highest value; `unite` is plural ("faits par km²").
    """

    titre: str
    unite: str
    valeurs: tuple[tuple[float, ...], ...]
    x0: float
    y0: float
    pas: float
    fonds: tuple[tuple[tuple[float, float], ...], ...] = ()
    ou: str = ""
    note: str = ""

    @property
    def sommet(self) -> float:
        return max((v for ligne in self.valeurs for v in ligne), default=0.0)


def ranger(rangs: tuple[Rang, ...]) -> tuple[Rang, ...]:
    """Largest first; what has no number comes last, in alphabetical order."""

    def cle(rang: Rang) -> tuple[bool, float, str]:
        absent = isinstance(rang.valeur, Absent)
        return absent, 0.0 if isinstance(rang.valeur, Absent) else -rang.valeur, rang.libelle

    return tuple(sorted(rangs, key=cle))


def anneaux_geojson(geometrie: dict[str, Any]) -> tuple[Anneau, ...]:
    """Rings of a GeoJSON Polygon or MultiPolygon. Raises ValueError on any other geometry."""
    coordonnees = geometrie.get("coordinates", ())
    if geometrie.get("type") == "Polygon":
        polygones = [coordonnees]
    elif geometrie.get("type") == "MultiPolygon":
        polygones = coordonnees
    else:
        raise ValueError(f"contour attendu, reçu {geometrie.get('type')!r}")
    return tuple(
        tuple((float(x), float(y)) for x, y, *_ in anneau) for polygone in polygones for anneau in polygone
    )
