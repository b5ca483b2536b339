"""Reading a GeoJSON of outlines: bytes in, outlines in WGS84 and their properties out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from pupitre.moteur.erreurs import FichierRefuse, Lieu
from pupitre.moteur.geographie.constats import Constat
from pupitre.moteur.geographie.projections import Projection, detecter, vers_wgs84
from pupitre.moteur.observations import Gravite

TAILLE_MAXIMALE = 25 * 1024 * 1024
ENTITES_MAXIMALES = 5_000
_DEPUIS_UN_SIG = "Exportez à nouveau les contours depuis votre logiciel de cartographie, en GeoJSON."


@dataclass(frozen=True, slots=True)
class Entite:
    """One feature: its 1-based rank in the file, its outline in WGS84 (as drawn, perhaps invalid)."""

    rang: int
    contour: BaseGeometry
    proprietes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ContoursLus:
    projection: Projection
    entites: tuple[Entite, ...]
    constats: tuple[Constat, ...]

    @property
    def champs(self) -> tuple[str, ...]:
        """Names of properties, in order of appearance."""
        return tuple(dict.fromkeys(cle for e in self.entites for cle in e.proprietes))


def lire_geojson(contenu: bytes) -> ContoursLus:
    """Read a FeatureCollection of Polygon or MultiPolygon, in WGS84 or Lambert-93.

    A feature without outline is left out and reported; an open ring is closed and reported.

    Raises:
        FichierRefuse: too large, not JSON, not GeoJSON, empty, points or lines, a coordinate that is no
            number, unknown or contradictory projection. `lieu.ligne`: the feature's rank, if any.
    """
    document = _json(contenu)
    collection = _collection(document)
    constats: list[Constat] = []
    rangs: list[int] = []
    contours: list[BaseGeometry] = []
    proprietes: list[dict[str, Any]] = []
    for rang, entite in enumerate(collection, start=1):
        contour = _contour(entite, rang, constats)
        if contour is None:
            continue
        brutes = entite.get("properties")
        rangs.append(rang)
        contours.append(contour)
        proprietes.append({montrable(c): v for c, v in brutes.items()} if isinstance(brutes, dict) else {})
    if not contours:
        raise FichierRefuse(
            "Le fichier ne contient aucun contour.",
            f"Ses {len(collection)} entités sont vides." if collection else "Sa liste d’entités est vide.",
            _DEPUIS_UN_SIG,
        )
    geometries = np.array(contours, dtype=object)
    projection = detecter(_crs(document), shapely.get_coordinates(geometries))
    return ContoursLus(
        projection=projection,
        entites=tuple(
            Entite(rang, contour, props)
            for rang, contour, props in zip(
                rangs, vers_wgs84(geometries, projection), proprietes, strict=True
            )
        ),
        constats=tuple(constats),
    )


def trop_lourd(octets: int) -> FichierRefuse:
    """The refusal of a file by its size, for those who know it before reading."""
    return FichierRefuse(
        "Le fichier est trop lourd.",
        f"Il pèse {octets // 2**20} Mo, la limite est de {TAILLE_MAXIMALE // 2**20} Mo.",
        "Ne gardez que les secteurs de votre territoire, ou simplifiez leurs contours.",
    )


def _json(contenu: bytes) -> dict[str, Any]:
    if len(contenu) > TAILLE_MAXIMALE:
        raise trop_lourd(len(contenu))
    if not contenu.strip():
        raise FichierRefuse("Le fichier est vide.", "Il ne contient aucun octet utile.", _DEPUIS_UN_SIG)
    try:
        document = json.loads(contenu.decode("utf-8-sig"))
    except UnicodeDecodeError as erreur:
        if contenu[:2] == b"PK":
            raison = "C’est une archive ZIP (un «\u202fshapefile\u202f» compressé, peut-être)."
        else:
            raison = f"L’octet n°\u202f{erreur.start + 1} n’est pas de l’UTF-8."
        raise FichierRefuse("Le fichier n’est pas un GeoJSON.", raison, _DEPUIS_UN_SIG) from erreur
    except json.JSONDecodeError as erreur:
        raise FichierRefuse(
            "Le fichier n’est pas un GeoJSON.",
            f"La lecture s’arrête à la ligne {erreur.lineno}, colonne {erreur.colno}.",
            _DEPUIS_UN_SIG,
            Lieu(ligne=erreur.lineno),
        ) from erreur
    except (RecursionError, ValueError) as erreur:
        raise FichierRefuse(
            "Le fichier n’est pas un GeoJSON.", "Son contenu n’a pas la forme attendue.", _DEPUIS_UN_SIG
        ) from erreur
    if not isinstance(document, dict):
        raise _pas_une_collection("Le fichier ne contient pas d’objet.")
    return document


def _collection(document: dict[str, Any]) -> list[Any]:
    nature = document.get("type")
    if nature == "Topology":
        raise _pas_une_collection("C’est un TopoJSON.")
    entites = document.get("features")
    if nature != "FeatureCollection" or not isinstance(entites, list):
        raise _pas_une_collection(f"Son type est «\u202f{str(nature)[:40]}\u202f».")
    if len(entites) > ENTITES_MAXIMALES:
        raise FichierRefuse(
            "Le fichier contient trop d’entités.",
            f"Il en a {len(entites)}, la limite est de {ENTITES_MAXIMALES}.",
            "Ne gardez que les secteurs de votre territoire.",
        )
    return entites


def _pas_une_collection(raison: str) -> FichierRefuse:
    return FichierRefuse("Le fichier n’est pas une liste de contours GeoJSON.", raison, _DEPUIS_UN_SIG)


def _crs(document: dict[str, Any]) -> str | None:
    crs = document.get("crs")
    if crs is None:
        return None
    proprietes = crs.get("properties") if isinstance(crs, dict) else None
    nom = proprietes.get("name") if isinstance(proprietes, dict) else None
    return str(nom if nom is not None else crs)


def _contour(entite: Any, rang: int, constats: list[Constat]) -> BaseGeometry | None:
    if not isinstance(entite, dict) or entite.get("type") != "Feature":
        raise _entite_refusee(rang, "Elle n’est pas de type «\u202fFeature\u202f».")
    geometrie = entite.get("geometry")
    if not isinstance(geometrie, dict) or not geometrie.get("coordinates"):
        if isinstance(geometrie, dict) and "coordinates" not in geometrie:
            raise _entite_refusee(
                rang, f"Sa géométrie est de type «\u202f{str(geometrie.get('type'))[:40]}\u202f»."
            )
        constats.append(
            Constat(
                "contour_vide",
                Gravite.AVERTISSEMENT,
                f"L’entité n°\u202f{rang} n’a pas de contour\u202f: elle sera laissée de côté.",
                (rang,),
            )
        )
        return None
    nature, coordonnees = geometrie.get("type"), geometrie["coordinates"]
    if nature not in {"Polygon", "MultiPolygon"}:
        raise _entite_refusee(
            rang, f"Sa géométrie est de type «\u202f{str(nature)[:40]}\u202f», or un secteur est une surface."
        )
    polygones = [coordonnees] if nature == "Polygon" else coordonnees
    try:
        faits = [_polygone(anneaux, rang, constats) for anneaux in polygones]
    except (TypeError, ValueError, KeyError, IndexError, OverflowError, shapely.GEOSException) as erreur:
        raise _entite_refusee(rang, "Ses coordonnées ne sont pas des listes de nombres.") from erreur
    return faits[0] if len(faits) == 1 else shapely.MultiPolygon(faits)


def _polygone(anneaux: Any, rang: int, constats: list[Constat]) -> shapely.Polygon:
    lus = []
    for anneau in anneaux:
        points = np.array([position[:2] for position in anneau], dtype=np.float64)
        if points.ndim != 2 or points.shape[1] != 2:
            raise ValueError(rang)
        if not np.isfinite(points).all():
            fautif = int(np.flatnonzero(~np.isfinite(points).all(axis=1))[0]) + 1
            raise _entite_refusee(rang, f"La coordonnée n°\u202f{fautif} d’un anneau n’est pas un nombre.")
        if not np.array_equal(points[0], points[-1]):
            constats.append(
                Constat(
                    "anneau_ouvert",
                    Gravite.AVERTISSEMENT,
                    f"Un anneau de l’entité n°\u202f{rang} n’est pas fermé\u202f: il est refermé d’un trait.",
                    (rang,),
                )
            )
            points = np.vstack((points, points[:1]))
        if len(points) < 4:
            raise _entite_refusee(rang, "Un anneau a moins de trois sommets.")
        lus.append(points)
    if not lus:
        raise ValueError(rang)
    return shapely.Polygon(lus[0], lus[1:])


def montrable(texte: str) -> str:
    """Without control characters and lone surrogates, which neither a page nor a database can hold."""
    return "".join(c for c in texte if c.isprintable()).strip()


def _entite_refusee(rang: int, raison: str) -> FichierRefuse:
    return FichierRefuse(
        f"L’entité n°\u202f{rang} du fichier n’a pas pu être lue.",
        raison,
        "Corrigez-la dans votre logiciel de cartographie, ou retirez-la, puis déposez à nouveau le fichier.",
        Lieu(ligne=rang),
    )
