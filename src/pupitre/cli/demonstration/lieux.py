"""The three communes and their fictitious secteurs, cut out of the real outlines."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from shapely import Polygon

DONNEES = Path(__file__).parent / "donnees"
ATTRIBUTION = "Contours communaux IGN / INSEE ; secteurs fictifs tracés pour la démonstration"
_ECHELLE = 0.66  # a degree of longitude over a degree of latitude at 48.8° N


@dataclass(frozen=True, slots=True)
class Ville:
    code: str
    nom: str
    sigle: str
    population: int
    logements: int
    etiquette: str  # as the police write it


@dataclass(frozen=True, slots=True)
class Lieu:
    """One secteur. `graine`: the point around which it is cut; `trouble`: its share of incidents."""

    code: str
    nom: str
    ville: str
    graine: tuple[float, float]
    part: float
    trouble: float
    rues: tuple[str, ...]


VILLES = (
    Ville("94028", "Créteil", "CR", 93_397, 40_900, "CRETEIL"),
    Ville("94002", "Alfortville", "AL", 45_531, 20_800, "ALFORTVILLE"),
    Ville("94044", "Limeil-Brévannes", "LI", 27_406, 11_200, "LIMEIL BREVANNES"),
)


def _lieu(ligne: dict[str, str]) -> Lieu:
    graine = (float(ligne["lon"]), float(ligne["lat"]))
    rues = tuple(ligne["rues"].split(" | "))
    return Lieu(
        ligne["code"],
        ligne["nom"],
        ligne["commune"],
        graine,
        float(ligne["part"]),
        float(ligne["trouble"]),
        rues,
    )


with (DONNEES / "secteurs_fictifs.csv").open(encoding="utf-8") as _flux:
    LIEUX = tuple(_lieu(ligne) for ligne in csv.DictReader(_flux, delimiter=";"))


def ville(code: str) -> Ville:
    return next(v for v in VILLES if v.code == code)


def lieux_de(code: str) -> tuple[Lieu, ...]:
    return tuple(lieu for lieu in LIEUX if lieu.ville == code)


@lru_cache
def contours_communes() -> dict[str, Polygon]:
    from shapely.geometry import shape

    fichier = DONNEES / "communes_plaine_centrale.geojson"
    traits = json.loads(fichier.read_text(encoding="utf-8"))["features"]
    return {t["properties"]["code"]: shape(t["geometry"]) for t in traits}


@lru_cache
def contours() -> dict[str, Polygon]:
    """Outline of each secteur by code, WGS84: Voronoi cells of the seeds, clipped to their commune."""
    import shapely
    from shapely import affinity

    decoupes: dict[str, Polygon] = {}
    for v in VILLES:
        limite = affinity.scale(contours_communes()[v.code], _ECHELLE, 1, origin=(0, 0))
        lieux = lieux_de(v.code)
        graines = shapely.MultiPoint([(lon * _ECHELLE, lat) for lon, lat in (x.graine for x in lieux)])
        cellules = list(shapely.voronoi_polygons(graines, extend_to=limite).geoms)
        for lieu, graine in zip(lieux, graines.geoms, strict=True):
            cellule = next(c for c in cellules if c.contains(graine))
            morceau = affinity.scale(cellule.intersection(limite), 1 / _ECHELLE, 1, origin=(0, 0))
            decoupes[lieu.code] = shapely.set_precision(morceau, 1e-7)
    return decoupes


def partager(total: int, parts: list[float]) -> list[int]:
    """`total` split in proportion of `parts`, whole numbers, nothing lost."""
    bornes = np.floor(np.cumsum(parts) / np.sum(parts) * total + 0.5).astype(int)
    return [int(n) for n in np.diff(bornes, prepend=0)]


def ecrire_decoupage(chemin: Path) -> None:
    """The GeoJSON that the town hall's cartographer would send."""
    from shapely.geometry import mapping

    traits = []
    for v in VILLES:
        lieux = lieux_de(v.code)
        habitants = partager(v.population, [x.part for x in lieux])
        logements = partager(v.logements, [x.part for x in lieux])
        for lieu, habitant, logement in zip(lieux, habitants, logements, strict=True):
            proprietes = {
                "code": lieu.code,
                "nom": lieu.nom,
                "commune": v.code,
                "population": habitant,
                "logements": logement,
                "mention": "secteur fictif",
            }
            traits.append(
                {"type": "Feature", "properties": proprietes, "geometry": mapping(contours()[lieu.code])}
            )
    collection = {"type": "FeatureCollection", "attribution": ATTRIBUTION, "features": traits}
    chemin.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")


NUMEROS = range(1, 90)
_POSTES = {"94028": "94000", "94002": "94140", "94044": "94450"}
BAN = ("id", "numero", "rep", "nom_voie", "code_postal", "code_insee", "nom_commune", "nom_ld", "lon", "lat")


def ecrire_ban(chemin: Path) -> None:
    """Addresses of the invented streets, in the shape of an extract of the BAN."""
    with chemin.open("w", encoding="utf-8", newline="") as flux:
        plume = csv.writer(flux, delimiter=";")
        plume.writerow(BAN)
        for lieu in LIEUX:
            v = ville(lieu.ville)
            for voie in lieu.rues:
                for numero in NUMEROS:
                    lon, lat = _au_numero(lieu.code, voie, numero)
                    cle = f"{v.code}_fictif_{lieu.code}_{numero:05d}"
                    plume.writerow(
                        (cle, numero, "", voie, _POSTES[v.code], v.code, v.nom, "adresse fictive", lon, lat)
                    )


def _au_numero(code: str, voie: str, numero: int) -> tuple[float, float]:
    """A street goes straight between two places of its secteur; even numbers on one side, odd on the other."""
    from pupitre.cli.demonstration.hasard import generateur

    points = _points_possibles(code)
    rng = generateur("voie", code, voie)
    (x1, y1), *reste = (points[int(i)] for i in rng.permutation(len(points))[:40])
    # Long enough for ninety numbers, and not across the whole secteur.
    x2, y2 = min(reste, key=lambda p: abs(np.hypot((p[0] - x1) * _ECHELLE, p[1] - y1) - 0.004))
    part = numero / len(NUMEROS)
    cote = 0.00008 if numero % 2 else -0.00008
    return round(x1 + (x2 - x1) * part + cote, 6), round(y1 + (y2 - y1) * part + cote, 6)


@lru_cache
def _points_possibles(code: str) -> tuple[tuple[float, float], ...]:
    """About two hundred fixed places inside a secteur, where its incidents are located."""
    import shapely

    from pupitre.cli.demonstration.hasard import generateur

    contour = contours()[code]
    gauche, bas, droite, haut = contour.bounds
    rng = generateur("points", code)
    x, y = rng.uniform(gauche, droite, 800), rng.uniform(bas, haut, 800)
    dedans = shapely.contains_xy(contour.buffer(-0.0004), x, y)
    return tuple(
        (round(float(a), 5), round(float(b), 5))
        for a, b in zip(x[dedans][:200], y[dedans][:200], strict=True)
    )


def placer(rng: np.random.Generator, code: str) -> tuple[float, float]:
    """A place inside the secteur; the first ones come back more often, as real hot spots do."""
    points = _points_possibles(code)
    return points[int(len(points) * rng.random() ** 2)]
