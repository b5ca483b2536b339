"""Scales of charts: round graduations, classes of a map, outlines fitted to a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import ceil, cos, floor, log10, radians

from pupitre.documents.formes import Anneau, Carte, Serie, Zone
from pupitre.moteur.resultats import Absent
from pupitre.socle.texte import nombre as ecrire_nombre

CLASSES_MAX = 5
# Below this share of the drawing's width, a vertex cannot be seen on paper.
FINESSE = 0.002


def graduations(maximum: float, nombre: int = 4, pas_minimal: float = 0.0) -> tuple[float, ...]:
    """Round graduations from zero to at least `maximum`, about `nombre` intervals. Zero alone gives (0, 1).

    `pas_minimal` is 1 where only whole numbers mean something.
    """
    if maximum <= 0:
        return (0.0, 1.0)
    brut = maximum / nombre
    puissance = 10.0 ** floor(log10(brut))
    pas = next(m * puissance for m in (1, 2, 2.5, 5, 10) if m * puissance >= brut * 0.999)
    pas = max(pas, pas_minimal)
    return tuple(float(f"{i * pas:.12g}") for i in range(ceil(maximum / pas - 1e-9) + 1))


def pas_minimal(serie: Serie) -> float:
    """1 for counts, none for rates."""
    return float(all(isinstance(p.valeur, Absent | int) for p in serie.points))


def bornes_de_classes(valeurs: tuple[float, ...], decimales: int = 0) -> tuple[float, ...]:
    """Lower bounds of at most five classes of equal, round width, that cover `valeurs`; () without value.

    Bounds have no more than `decimales` decimals, those of the legend.
    """
    if not valeurs:
        return ()
    bas, haut = min(valeurs), max(valeurs)
    if bas == haut:
        return (bas,)
    # The largest value may close the last class: 5 to 50 by tens makes five classes, not six.
    for nombre in range(CLASSES_MAX, 0, -1):
        pas = graduations(haut - bas, nombre, 10.0**-decimales)[1]
        premier, dernier = floor(bas / pas + 1e-9), ceil(haut / pas - 1e-9)
        if dernier - premier <= CLASSES_MAX:
            break
    return tuple(float(f"{i * pas:.12g}") for i in range(premier, dernier))


def classe(valeur: float, bornes: tuple[float, ...]) -> int:
    """Index of the class of `valeur`."""
    return max(0, sum(valeur >= b for b in bornes) - 1)


@dataclass(frozen=True, slots=True)
class Trace:
    """A zone ready to draw: rings and label in units of the drawing's width, y downwards."""

    code: str
    anneaux: tuple[Anneau, ...]
    etiquette: tuple[float, float]
    rayon: float


@dataclass(frozen=True, slots=True)
class Fond:
    """Outlines of a map, 1 wide and `hauteur` high."""

    hauteur: float
    traces: tuple[Trace, ...]


def fond(carte: Carte) -> Fond:
    """Outlines projected (equirectangular at the mean latitude: exact enough under 100 km) and simplified."""
    return _fond(tuple(Zone(z.code, "", z.anneaux) for z in carte.zones))


@lru_cache(maxsize=32)
def _fond(zones: tuple[Zone, ...]) -> Fond:
    from shapely import coverage_simplify, make_valid
    from shapely.geometry import Polygon
    from shapely.geometry.base import BaseGeometry

    points = [p for z in zones for a in z.anneaux for p in a]
    if not points:
        return Fond(0.0, ())
    nord, sud = max(y for _, y in points), min(y for _, y in points)
    ouest, est = min(x for x, _ in points), max(x for x, _ in points)
    k = cos(radians((nord + sud) / 2))
    largeur = max((est - ouest) * k, 1e-9)
    # A narrow, tall perimeter is framed by its height: a drawing is never more than 1.6 times taller than wide.
    cadre = max(largeur, (nord - sud) / 1.6)
    marge = (cadre - largeur) / 2

    def projeter(anneau: Anneau) -> list[tuple[float, float]]:
        return [(((x - ouest) * k + marge) / cadre, (nord - y) / cadre) for x, y in anneau]

    formes = []
    for zone in zones:
        forme: BaseGeometry = Polygon()
        for anneau in zone.anneaux:
            if len(anneau) >= 4:
                forme = forme.symmetric_difference(make_valid(Polygon(projeter(anneau))))
        formes.append(forme)
    # Neighbours keep the same common border; GEOS asks for valid polygons only.
    if all(f.geom_type in ("Polygon", "MultiPolygon") for f in formes):
        formes = list(coverage_simplify(formes, FINESSE))
    return Fond((nord - sud) / cadre, tuple(_trace(z.code, f) for z, f in zip(zones, formes, strict=True)))


def _trace(code: str, forme: object) -> Trace:
    from shapely import maximum_inscribed_circle
    from shapely.geometry import Polygon

    if isinstance(forme, Polygon):
        parties = [forme]
    else:
        parties = [p for p in getattr(forme, "geoms", ()) if isinstance(p, Polygon)]
    parties = [p for p in parties if not p.is_empty]
    if not parties:
        return Trace(code, (), (0.0, 0.0), 0.0)
    anneaux = tuple(
        tuple((round(x, 4), round(y, 4)) for x, y in ligne.coords)
        for p in parties
        for ligne in (p.exterior, *p.interiors)
    )
    cercle = maximum_inscribed_circle(max(parties, key=lambda p: p.area), tolerance=0.002)
    x, y = cercle.coords[0]
    return Trace(code, anneaux, (round(x, 4), round(y, 4)), round(cercle.length, 4))


def arrondir(valeur: float, decimales: int) -> float:
    """As it will be read, so that a value falls in the class whose wording holds it."""
    return float(Decimal(str(valeur)).quantize(Decimal(1).scaleb(-decimales), rounding=ROUND_HALF_UP))


def valeurs_presentes(carte: Carte) -> tuple[float, ...]:
    return tuple(
        arrondir(z.valeur, carte.decimales)
        for z in carte.zones
        if z.valeur is not None and not isinstance(z.valeur, Absent)
    )


def legende(bornes: tuple[float, ...], presentes: tuple[float, ...], decimales: int) -> list[str]:
    """One wording per class: "40 à 59", the last open to the maximum seen; a single value stands alone."""
    if not bornes:
        return []
    pas = 10.0**-decimales
    hauts = [*(b - pas for b in bornes[1:]), max(presentes)]
    textes = []
    for bas, haut in zip(bornes, hauts, strict=True):
        seul = ecrire_nombre(bas, decimales) == ecrire_nombre(haut, decimales) or haut < bas
        textes.append(
            ecrire_nombre(bas, decimales)
            if seul
            else f"{ecrire_nombre(bas, decimales)} à {ecrire_nombre(haut, decimales)}"
        )
    return textes
