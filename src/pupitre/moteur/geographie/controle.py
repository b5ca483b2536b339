"""Checking a set of outlines before it becomes the territory's division.

Tolerances. Two neighbours drawn by hand never share exactly the same border: an overlap or a gap is a
sliver, counted but not listed, when it is under `TOLERANCE_M2` or when its mean width (twice its area over
its perimeter) is under `LARGEUR_M`. Coverage of a commune and stray outlines are given beyond `PART_TOLEREE`
of the area, since outlines of communes are themselves generalised.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from pupitre.moteur.geographie.constats import Constat, surface_lisible
from pupitre.moteur.geographie.projections import Geometries, en_metres, epsg_metrique
from pupitre.moteur.observations import Gravite

SURFACE_MINIMALE_M2 = 1.0
TOLERANCE_M2 = 100.0
LARGEUR_M = 2.0
PART_TOLEREE = 0.02
_LISTES = 25

_RAISONS = (
    ("Ring Self-intersection", "le contour repasse par un même point"),
    ("Self-intersection", "le contour se croise lui-même"),
    ("Hole lies outside", "un trou est dessiné hors du contour"),
    ("Nested", "une partie du contour est dessinée dans une autre"),
    ("Holes are nested", "un trou est dessiné dans un autre"),
    ("Interior is disconnected", "le contour est coupé en deux par ses propres trous"),
    ("Duplicate Rings", "un même anneau est dessiné deux fois"),
    ("Too few points", "un anneau a trop peu de sommets"),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One outline under check: rank in the file, code, name, outline in WGS84."""

    rang: int
    code: str
    nom: str
    contour: BaseGeometry


@dataclass(frozen=True, slots=True)
class Controle:
    """Findings, and one proposed outline per piece (the same where it was valid), all valid, in WGS84."""

    constats: tuple[Constat, ...]
    contours: tuple[BaseGeometry, ...]
    corriges: tuple[int, ...]
    communes: tuple[str | None, ...]

    @property
    def bloque(self) -> bool:
        return any(c.gravite is Gravite.BLOQUANTE for c in self.constats)


def controler(
    pieces: Sequence[Piece],
    communes: Mapping[str, BaseGeometry] | None = None,
    noms: Mapping[str, str] | None = None,
) -> Controle:
    """Codes, validity, overlaps, gaps, and position within the communes.

    Args:
        pieces: at least one.
        communes: outlines (WGS84) of the council's communes by code; None or empty when they are unknown.
        noms: names of these communes by code, for the sentences.
    Returns:
        findings in that order; `communes[i]`: the commune that holds most of piece i, None if unknown.
    """
    constats = _codes(pieces)
    dessines = np.array([p.contour for p in pieces], dtype=object)
    centre = shapely.centroid(shapely.box(*shapely.total_bounds(dessines)))
    epsg = epsg_metrique(float(centre.x), float(centre.y))
    valides = shapely.is_valid(dessines)
    proposes = dessines.copy()
    for i in np.flatnonzero(~valides).tolist():
        proposes[i] = _surfaces(shapely.make_valid(dessines[i]))
    metres = en_metres(proposes, epsg)
    # Projecting may close a hair's breadth: the areas need valid outlines in metres too.
    metres = np.array(
        [g if shapely.is_valid(g) else _surfaces(shapely.make_valid(g)) for g in metres], dtype=object
    )
    constats += _validite(pieces, dessines, valides, metres)
    constats += _chevauchements(pieces, metres)
    constats += _trous(pieces, metres)
    rattachees: tuple[str | None, ...] = (None,) * len(pieces)
    if communes:
        places, rattachees = _communes(pieces, metres, communes, noms or {}, epsg)
        constats += places
    return Controle(
        constats=tuple(constats),
        contours=tuple(proposes),
        corriges=tuple(pieces[i].rang for i in np.flatnonzero(~valides).tolist()),
        communes=rattachees,
    )


def _codes(pieces: Sequence[Piece]) -> list[Constat]:
    rangs: dict[str, list[int]] = defaultdict(list)
    for piece in pieces:
        rangs[piece.code].append(piece.rang)
    constats = []
    for code, memes in rangs.items():
        if not code:
            message = f"Sans code\u202f: {_entites(memes)}. Chaque secteur a besoin d’un code."
            constats.append(Constat("code_absent", Gravite.BLOQUANTE, message, tuple(memes)))
        elif len(memes) > 1:
            message = f"Le code «\u202f{code}\u202f» est porté par {_entites(memes)}."
            constats.append(Constat("code_en_double", Gravite.BLOQUANTE, message, tuple(memes)))
        elif len(code) > 40:
            message = f"Le code de {_entites(memes)} dépasse quarante caractères."
            constats.append(Constat("code_trop_long", Gravite.BLOQUANTE, message, tuple(memes)))
    return constats


def _validite(
    pieces: Sequence[Piece], dessines: Geometries, valides: np.ndarray, metres: Geometries
) -> list[Constat]:
    constats = []
    aires = shapely.area(metres)
    for i in np.flatnonzero(~valides | (aires < SURFACE_MINIMALE_M2)).tolist():
        piece, aire = pieces[i], float(aires[i])
        qui = f"«\u202f{piece.nom}\u202f» (entité n°\u202f{piece.rang})"
        if aire < SURFACE_MINIMALE_M2:
            message = f"Le contour de {qui} n’enferme aucune surface."
            constats.append(Constat("contour_sans_surface", Gravite.BLOQUANTE, message, (piece.rang,), aire))
            continue
        raison = _raison(str(shapely.is_valid_reason(dessines[i])))
        message = (
            f"Le contour de {qui} n’est pas valide\u202f: {raison}. "
            f"Correction proposée\u202f: une surface de {surface_lisible(aire)}."
        )
        constats.append(Constat("contour_a_corriger", Gravite.AVERTISSEMENT, message, (piece.rang,), aire))
    return constats


def _raison(anglais: str) -> str:
    lieu = re.search(r"\[(\S+) (\S+?)\]", anglais)
    pres = f", près de {lieu[1][:9]}\u202f; {lieu[2][:9]}".replace(".", ",") if lieu else ""
    for motif, francais in _RAISONS:
        if anglais.startswith(motif):
            return francais + pres
    return "sa géométrie est incorrecte" + pres


def _chevauchements(pieces: Sequence[Piece], metres: Geometries) -> list[Constat]:
    premiers, seconds = shapely.STRtree(metres).query(metres, predicate="intersects")
    garde = premiers < seconds
    premiers, seconds = premiers[garde], seconds[garde]
    communes = shapely.intersection(metres[premiers], metres[seconds])
    francs = ~_minces(communes)
    aires = shapely.area(communes)
    constats = []
    for k in np.flatnonzero(francs)[np.argsort(-aires[francs], kind="stable")].tolist():
        a, b = pieces[premiers[k]], pieces[seconds[k]]
        message = (
            f"«\u202f{a.nom}\u202f» et «\u202f{b.nom}\u202f» se chevauchent sur {surface_lisible(aires[k])}."
        )
        rangs = (a.rang, b.rang)
        constats.append(Constat("chevauchement", Gravite.AVERTISSEMENT, message, rangs, float(aires[k])))
    menus = int(np.count_nonzero(~francs & (aires > 0)))
    return _abreges(constats, "chevauchements") + _menus("chevauchements", menus, float(aires[~francs].sum()))


def _trous(pieces: Sequence[Piece], metres: Geometries) -> list[Constat]:
    """Gaps that the secteurs enclose: the holes of their union, with the names of the secteurs around."""
    union = shapely.union_all(metres)
    anneaux = shapely.get_rings(shapely.get_parts(union))
    exterieurs = {a.wkb for a in shapely.get_exterior_ring(shapely.get_parts(union))}
    vides = np.array([shapely.Polygon(a) for a in anneaux if a.wkb not in exterieurs], dtype=object)
    if not len(vides):
        return []
    francs = ~_minces(vides)
    aires = shapely.area(vides)
    arbre = shapely.STRtree(metres)
    constats = [
        Constat(
            "trou",
            Gravite.AVERTISSEMENT,
            f"Un vide de {surface_lisible(aires[k])} reste {_autour(pieces, arbre, vides[k])}.",
            (),
            float(aires[k]),
        )
        for k in np.flatnonzero(francs)[np.argsort(-aires[francs], kind="stable")].tolist()
    ]
    return _abreges(constats, "vides") + _menus(
        "vides", int(np.count_nonzero(~francs)), float(aires[~francs].sum())
    )


def _autour(pieces: Sequence[Piece], arbre: shapely.STRtree, vide: BaseGeometry) -> str:
    noms = [f"«\u202f{pieces[i].nom}\u202f»" for i in sorted(arbre.query(vide, "dwithin", 1.0).tolist())]
    if len(noms) == 1:
        return f"dans {noms[0]}"
    return f"entre {', '.join(noms[:4])}" + (f" et {len(noms) - 4} autres secteurs" if len(noms) > 4 else "")


def _communes(
    pieces: Sequence[Piece],
    metres: Geometries,
    communes: Mapping[str, BaseGeometry],
    noms: Mapping[str, str],
    epsg: str,
) -> tuple[list[Constat], tuple[str | None, ...]]:
    codes = sorted(communes)
    contours = shapely.make_valid(en_metres(np.array([communes[c] for c in codes], dtype=object), epsg))
    parts = shapely.area(shapely.intersection(metres[:, None], contours[None, :]))
    aires = shapely.area(metres)
    dedans = np.divide(parts.sum(axis=1), aires, out=np.zeros(len(metres)), where=aires > 0)
    rattachees = tuple(
        codes[int(ligne.argmax())] if ligne.max() > aire / 2 else None
        for ligne, aire in zip(parts, aires, strict=True)
    )
    constats = []
    if dedans.max() <= 0:
        message = "Aucun secteur n’est dans les communes du conseil\u202f: ces contours sont d’ailleurs."
        return [Constat("autre_territoire", Gravite.BLOQUANTE, message)], rattachees
    for i in np.flatnonzero(dedans < 1 - PART_TOLEREE).tolist():
        dehors = float(aires[i] * (1 - dedans[i]))
        ou = "est situé hors" if dedans[i] <= 0 else f"dépasse de {surface_lisible(dehors)}"
        message = f"«\u202f{pieces[i].nom}\u202f» {ou} des communes du conseil."
        constats.append(Constat("hors_territoire", Gravite.AVERTISSEMENT, message, (pieces[i].rang,), dehors))
    constats = _abreges(constats, "secteurs hors du territoire")
    restes = shapely.area(shapely.difference(contours, shapely.union_all(metres)))
    for code, reste, aire in zip(codes, restes, shapely.area(contours), strict=True):
        if reste > aire * PART_TOLEREE:
            part = f"{100 * reste / aire:.0f}\u202f%"
            message = f"{surface_lisible(reste)} de {noms.get(code, code)} ({part}) n’appartiennent à aucun secteur."
            constats.append(Constat("commune_non_couverte", Gravite.AVERTISSEMENT, message, (), float(reste)))
    return constats, rattachees


def _minces(surfaces: Geometries) -> np.ndarray:
    aires, perimetres = shapely.area(surfaces), shapely.length(surfaces)
    largeurs = np.divide(2 * aires, perimetres, out=np.zeros(len(surfaces)), where=perimetres > 0)
    resultat: np.ndarray = (aires < TOLERANCE_M2) | (largeurs < LARGEUR_M)
    return resultat


def _surfaces(geometrie: BaseGeometry) -> BaseGeometry:
    """What remains of a repaired outline once its stray lines and points are dropped."""
    parts = shapely.get_parts(geometrie)
    surfaces = parts[shapely.get_dimensions(parts) == 2]
    return shapely.union_all(surfaces) if len(surfaces) else shapely.MultiPolygon()


def _abreges(constats: list[Constat], quoi: str) -> list[Constat]:
    if len(constats) <= _LISTES:
        return constats
    reste = constats[_LISTES:]
    aire = sum(c.surface_m2 or 0.0 for c in reste)
    message = f"Et {len(reste)} autres {quoi}, {surface_lisible(aire)} en tout."
    return [*constats[:_LISTES], Constat("abrege", Gravite.AVERTISSEMENT, message, (), aire)]


def _menus(quoi: str, nombre: int, aire: float) -> list[Constat]:
    if not nombre:
        return []
    message = (
        f"Négligés (moins de {LARGEUR_M:.0f}\u202fm de large ou de {TOLERANCE_M2:.0f}\u202fm²)\u202f: "
        f"{nombre} {quoi}, {surface_lisible(aire)} en tout."
    )
    return [Constat(f"{quoi}_menus", Gravite.INFORMATION, message, (), aire)]


def _entites(rangs: Sequence[int]) -> str:
    numeros = ", ".join(str(r) for r in rangs[:10]) + ("…" if len(rangs) > 10 else "")
    return f"l’entité n°\u202f{numeros}" if len(rangs) == 1 else f"les entités n°\u202f{numeros}"
