"""Coordinates of events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.colonnes import LOT
from pupitre.moteur.sources.description import Role
from pupitre.moteur.sources.fichiers.debord import Depot, relacher
from pupitre.moteur.sources.fichiers.feuille import coder, occupees
from pupitre.moteur.sources.fichiers.fils import ensemble
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.tableaux.tableau import Tableau

Reels = npt.NDArray[np.float64]
# Bounds of Lambert-93 (EPSG:2154) over mainland France, in metres.
LAMBERT_X, LAMBERT_Y = (0.0, 1_400_000.0), (6_000_000.0, 7_200_000.0)
_VIRGULE, _MOINS, _POINT, _NEUF = b",-.9"
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
    bons = np.empty(nombre, dtype=bool)
    lon, lat = _situer(x_texte, y_texte, bons, tableau.feuille.dossier)
    if bons.all():
        return Points(lon, lat, bons)
    faux = np.flatnonzero((occupees(x_texte) | occupees(y_texte)) & ~bons)
    if len(faux):
        journal.avertir(
            "coordonnees_invalides",
            f"{len(faux)} lignes ont des coordonnées qui ne sont ni des degrés ni du Lambert-93\u202f: "
            "le point reste inconnu.",
            **tableau.feuille.lieu(int(tableau.lignes[faux[0]]), tableau.roles[Role.LON]),
        )
    return Points(lon, lat, bons)


def _situer(
    x_texte: pa.Array, y_texte: pa.Array, bons: npt.NDArray[np.bool_], dossier: Path | None
) -> tuple[pa.Array, pa.Array]:
    """Degrees, null where they are neither; `bons`, to be filled, marks those that are. Long, they are laid in
    `dossier`.
    """
    combien = len(bons)
    pas = max(combien, 1) if dossier is None else LOT
    en_x, en_y = Depot(pa.float64(), dossier), Depot(pa.float64(), dossier)
    for debut in range(0, max(combien, 1), pas):
        with relacher():
            x, y = ensemble([partial(_reels, c.slice(debut, pas)) for c in (x_texte, y_texte)])
        justes = _redresser(x, y)
        bons[debut : debut + pas] = justes
        masque = None if justes.all() else ~justes
        en_x.ajouter(pa.array(x, mask=masque))
        en_y.ajouter(pa.array(y, mask=masque))
    return en_x.finir(), en_y.finir()


def _redresser(x: Reels, y: Reels) -> npt.NDArray[np.bool_]:
    """True where it is a point; metres are made degrees in their place."""
    degres = (x >= -180) & (x <= 180) & (y >= -90) & (y <= 90) & ((x != 0) | (y != 0))
    metres = (y >= LAMBERT_Y[0]) & (y <= LAMBERT_Y[1])
    if metres.any():
        metres &= (x >= LAMBERT_X[0]) & (x <= LAMBERT_X[1])
        x[metres], y[metres] = _vers_degres(x[metres], y[metres])
    justes: npt.NDArray[np.bool_] = degres | metres
    return justes


def _reels(colonne: pa.Array) -> Reels:
    if not pa.types.is_dictionary(colonne.type):
        return _lire_reels(colonne)
    textes, rangs = coder(colonne)
    reels: Reels = np.append(_lire_reels(textes), np.nan)[rangs]
    return reels


def _lire_reels(textes: pa.Array) -> Reels:
    nombres = _lire_simples(textes)
    if nombres is None:
        nombres = _lire_un_a_un(textes)
    return np.array(nombres.fill_null(float("nan")), dtype=np.float64)


def _lire_simples(textes: pa.Array) -> pa.Array | None:
    """Same as `_lire_un_a_un` where every text is made of digits, a comma or a point, a minus; None otherwise."""
    _, bornes, octets = textes.buffers()
    places = np.frombuffer(bornes, np.int32)[textes.offset : textes.offset + len(textes) + 1]
    if octets is None or places[0] == places[-1]:
        return None
    lus = np.frombuffer(octets, np.uint8)[places[0] : places[-1]]
    premiers = lus[(debuts := places[:-1] - places[0])[debuts < len(lus)]]
    # Whatever else a number is written with comes after the digits: it has letters. ".5" is no number here.
    if lus.max() > _NEUF or ((premiers == _VIRGULE) | (premiers == _POINT)).any():
        return None
    points = lus + (lus == _VIRGULE).view(np.uint8) * np.uint8(_POINT - _VIRGULE)
    if (lus == _MOINS).any() and b"-." in points.tobytes():
        return None
    masque = textes.is_valid().buffers()[1] if textes.null_count else None
    a_lire = [masque, pa.py_buffer(places - places[0]), pa.py_buffer(points)]
    try:
        return pa.Array.from_buffers(pa.string(), len(textes), a_lire).cast(pa.float64())
    except pa.ArrowInvalid:
        return None


def _lire_un_a_un(textes: pa.Array) -> pa.Array:
    propres = pc.utf8_trim_whitespace(pc.replace_substring(textes, ",", "."))
    bons = pc.match_substring_regex(propres, NOMBRE)
    return pc.if_else(bons, propres, pa.scalar(None, pa.string())).cast(pa.float64())


def _vers_degres(x: Reels, y: Reels) -> tuple[Reels, Reels]:
    from pyproj import Transformer

    lon, lat = Transformer.from_crs(2154, 4326, always_xy=True).transform(x, y)
    return np.asarray(lon), np.asarray(lat)
