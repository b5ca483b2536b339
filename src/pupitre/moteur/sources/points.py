"""Coordinates of events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.sources.anomalies import Journal
from pupitre.moteur.sources.description import Role
from pupitre.moteur.sources.feuille import coder, occupees
from pupitre.moteur.sources.tableau import Tableau

# Bounds of Lambert-93 (EPSG:2154) over mainland France, in metres.
LAMBERT_X, LAMBERT_Y = (0.0, 1_400_000.0), (6_000_000.0, 7_200_000.0)
NOMBRE = r"^[+-]?\d+(\.\d*)?$"


@dataclass(frozen=True)
class Points:
    """WGS84 degrees, null where unknown; `presents` marks the rows that have both."""

    lon: pa.Array
    lat: pa.Array
    presents: npt.NDArray[np.bool_]


def lire_points(tableau: Tableau, journal: Journal) -> Points:
    """Reads the columns of longitude and latitude, decimal point or comma, degrees or Lambert-93 metres."""
    nombre = len(tableau.lignes)
    x_texte, y_texte = tableau.colonne(Role.LON), tableau.colonne(Role.LAT)
    if x_texte is None or y_texte is None:
        vide = pa.nulls(nombre, pa.float64())
        return Points(vide, vide, np.zeros(nombre, dtype=bool))
    x, y = _reels(x_texte), _reels(y_texte)
    degres = (x >= -180) & (x <= 180) & (y >= -90) & (y <= 90) & ((x != 0) | (y != 0))
    metres = (y >= LAMBERT_Y[0]) & (y <= LAMBERT_Y[1])
    if metres.any():
        metres &= (x >= LAMBERT_X[0]) & (x <= LAMBERT_X[1])
        x[metres], y[metres] = _vers_degres(x[metres], y[metres])
    bons = degres | metres
    if bons.all():
        return Points(pa.array(x), pa.array(y), bons)
    faux = np.flatnonzero((occupees(x_texte) | occupees(y_texte)) & ~bons)
    if len(faux):
        journal.avertir(
            "coordonnees_invalides",
            f"{len(faux)} lignes ont des coordonnées qui ne sont ni des degrés ni du Lambert-93\u202f: "
            "le point reste inconnu.",
            **tableau.feuille.lieu(int(tableau.lignes[faux[0]]), tableau.roles[Role.LON]),
        )
    return Points(pa.array(x, mask=~bons), pa.array(y, mask=~bons), bons)


def _reels(colonne: pa.Array) -> npt.NDArray[np.float64]:
    if not pa.types.is_dictionary(colonne.type):
        return _lire_reels(colonne)
    textes, rangs = coder(colonne)
    reels: npt.NDArray[np.float64] = np.append(_lire_reels(textes), np.nan)[rangs]
    return reels


def _lire_reels(textes: pa.Array) -> npt.NDArray[np.float64]:
    propres = pc.utf8_trim_whitespace(pc.replace_substring(textes, ",", "."))
    bons = pc.match_substring_regex(propres, NOMBRE)
    nombres = pc.if_else(bons, propres, pa.scalar(None, pa.string())).cast(pa.float64())
    return np.array(nombres.fill_null(float("nan")), dtype=np.float64)


def _vers_degres(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    from pyproj import Transformer

    lon, lat = Transformer.from_crs(2154, 4326, always_xy=True).transform(x, y)
    return np.asarray(lon), np.asarray(lat)
