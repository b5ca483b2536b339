"""Coordinates: longitude and latitude (WGS84), or metres in Lambert-93; areas need metres."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from pupitre.moteur.erreurs import FichierRefuse

Flottants = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]

# EPSG:2154 covers this window (metres); France's territories lie within these degrees.
_LAMBERT_X = (-400_000.0, 1_400_000.0)
_LAMBERT_Y = (5_900_000.0, 7_300_000.0)
_METROPOLE = (-6.0, 41.0, 10.5, 52.0)


class Projection(StrEnum):
    WGS84 = "WGS84"
    LAMBERT93 = "Lambert-93"


_NOMS = (
    (re.compile(r"(CRS84|EPSG:+(\d+(\.\d+)?:)?4326|EPSG:+(\d+(\.\d+)?:)?4171)$", re.I), Projection.WGS84),
    (re.compile(r"(EPSG:+(\d+(\.\d+)?:)?(2154|9794))$", re.I), Projection.LAMBERT93),
)


def detecter(crs: str | None, xy: Flottants) -> Projection:
    """The projection of a file, from its `crs` member and from the size of its coordinates.

    Args:
        crs: name in the file's `crs` member, None when absent (GeoJSON's default is WGS84).
        xy: coordinates, shape (n, 2).
    Raises:
        FichierRefuse: unknown `crs`, coordinates of no known projection, or the two contradict.
    """
    annoncee = _annoncee(crs)
    constatee = _constatee(xy)
    if constatee is None:
        x, y = xy[int(np.abs(xy).max(axis=1).argmax())]
        inverse = bool(np.all((xy[:, 0] > _METROPOLE[1]) & (xy[:, 0] < _METROPOLE[3])))
        raise FichierRefuse(
            "Les contours ne sont pas situés en France.",
            f"La coordonnée ({x:.6g}\u202f; {y:.6g}) n’est ni en degrés (WGS84), ni en mètres (Lambert-93)"
            + (", la latitude semble précéder la longitude." if inverse else "."),
            "Exportez le fichier depuis votre logiciel de cartographie en WGS84 (EPSG:4326) "
            "ou en Lambert-93 (EPSG:2154).",
        )
    if annoncee is not None and annoncee is not constatee:
        raise FichierRefuse(
            "La projection du fichier est contradictoire.",
            f"Il annonce {annoncee}, mais ses coordonnées sont en {constatee}.",
            "Exportez-le à nouveau en choisissant WGS84 (EPSG:4326) ou Lambert-93 (EPSG:2154).",
        )
    return constatee


def _annoncee(crs: str | None) -> Projection | None:
    if crs is None:
        return None
    for motif, projection in _NOMS:
        if motif.search(crs.strip()):
            return projection
    raise FichierRefuse(
        f"La projection «\u202f{crs[:60]}\u202f» n’est pas lue.",
        "Pupitre lit les contours en WGS84 et en Lambert-93.",
        "Exportez le fichier en WGS84 (EPSG:4326) ou en Lambert-93 (EPSG:2154).",
    )


def _constatee(xy: Flottants) -> Projection | None:
    x, y = xy[:, 0], xy[:, 1]
    if bool(np.all(_entre(x, _LAMBERT_X) & _entre(y, _LAMBERT_Y))):
        return Projection.LAMBERT93
    degres = _entre(x, (-180.0, 180.0)) & _entre(y, (-90.0, 90.0))
    if not bool(np.all(degres)):
        return None
    return Projection.WGS84 if _en_france(float(np.median(x)), float(np.median(y))) else None


def _entre(valeurs: Flottants, bornes: tuple[float, float]) -> npt.NDArray[np.bool_]:
    resultat: npt.NDArray[np.bool_] = (valeurs >= bornes[0]) & (valeurs <= bornes[1])
    return resultat


# Metropolitan France; Antilles and Guyane; Réunion and Mayotte; Saint-Pierre-et-Miquelon; the Pacific.
_FENETRES = (
    _METROPOLE,
    (-64.0, 1.5, -51.0, 19.0),
    (44.0, -22.0, 56.5, -12.0),
    (-57.0, 46.0, -56.0, 47.5),
    (157.0, -24.0, 172.0, -18.0),
    (-180.0, -29.0, -133.0, -7.0),
)


def _en_france(lon: float, lat: float) -> bool:
    return any(x0 <= lon <= x1 and y0 <= lat <= y1 for x0, y0, x1, y1 in _FENETRES)


@lru_cache(maxsize=16)
def _transformateur(source: str, cible: str) -> Transformer:
    return Transformer.from_crs(source, cible, always_xy=True)


def epsg_metrique(lon: float, lat: float) -> str:
    """Lambert-93 in metropolitan France, the local UTM zone overseas, where Lambert-93 has no meaning."""
    x0, y0, x1, y1 = _METROPOLE
    if x0 <= lon <= x1 and y0 <= lat <= y1:
        return "EPSG:2154"
    zone = int((lon + 180.0) // 6) + 1
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def vers_wgs84(geometries: Geometries, projection: Projection) -> Geometries:
    """Geometries in degrees, Z dropped."""
    plates: Geometries = shapely.force_2d(geometries)
    return plates if projection is Projection.WGS84 else _projeter(plates, "EPSG:2154", "EPSG:4326")


def en_metres(geometries: Geometries, epsg: str) -> Geometries:
    """WGS84 geometries in the metric projection `epsg` (see `epsg_metrique`)."""
    return _projeter(geometries, "EPSG:4326", epsg)


def depuis_metres(geometries: Geometries, epsg: str) -> Geometries:
    return _projeter(geometries, epsg, "EPSG:4326")


def _projeter(geometries: Geometries, source: str, cible: str) -> Geometries:
    transformateur = _transformateur(source, cible)

    def transformer(xy: Any) -> Any:
        x, y = transformateur.transform(xy[:, 0], xy[:, 1])
        return np.column_stack((x, y))

    projetees: Geometries = shapely.transform(geometries, transformer)
    return projetees


def est_en_france(lon: Flottants, lat: Flottants) -> npt.NDArray[np.bool_]:
    """Which points (WGS84 degrees) lie within the windows of France's territories; NaN does not."""
    dedans = np.zeros(lon.shape, dtype=bool)
    for x0, y0, x1, y1 in _FENETRES:
        dedans |= (lon >= x0) & (lon <= x1) & (lat >= y0) & (lat <= y1)
    return dedans


def lambert_en_degres(x: Flottants, y: Flottants) -> tuple[Flottants, Flottants]:
    """Lambert-93 metres as longitudes and latitudes; NaN stays NaN."""
    lon, lat = _transformateur("EPSG:2154", "EPSG:4326").transform(x, y)
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    perdus = ~(np.isfinite(lon) & np.isfinite(lat))
    return np.where(perdus, np.nan, lon), np.where(perdus, np.nan, lat)
