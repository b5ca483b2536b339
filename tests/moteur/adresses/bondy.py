"""The real BAN of Bondy and, as a check made by others, the quartier of its addresses."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import shapely

from pupitre.moteur.adresses import Index, Localisation, Localisations, Statut, lire_ban
from pupitre.moteur.adresses.ecriture import aplatir, en_mots, jetons, separer_type
from pupitre.moteur.geographie.localisation import localiser


@dataclass(frozen=True)
class Verification:
    """Addresses of the city's list, and outlines of its five quartiers.

    The outlines are those that the list itself draws: the cells of the addresses that it and the BAN both
    hold, united by quartier. An address on a border is in both quartiers according to the list.
    """

    index: Index
    numeros: list[str]
    voies: list[str]
    attendus: list[frozenset[str]]
    noms: tuple[str, ...]
    contours: list[shapely.Geometry]

    def bilan(self, trouves: Localisations) -> tuple[float, float]:
        """Share of the addresses found, and share of the wrong quartiers among those found."""
        lieux = [trouves[i] for i in range(len(trouves))]
        ici = [i for i, t in enumerate(lieux) if t is not None and t.statut is Statut.TROUVEE]
        quartiers = self.quartiers([lieux[i] for i in ici])
        faux = sum(q not in self.attendus[i] for i, q in zip(ici, quartiers, strict=True))
        return len(ici) / len(lieux), faux / max(1, len(ici))

    def quartiers(self, lieux: list[Localisation]) -> list[str]:
        lon = np.array([t.place.lon for t in lieux])
        lat = np.array([t.place.lat for t in lieux])
        return [self.noms[r] if r >= 0 else "" for r in localiser(lon, lat, self.contours)]


def cle(numero: str, voie: str) -> tuple[str, str, tuple[str, ...]]:
    type_, reste = separer_type(jetons(aplatir(voie)))
    return numero, type_, en_mots(reste)


@lru_cache(maxsize=1)
def charger(dossier: Path) -> Verification:
    ban = lire_ban(dossier / "adresses" / "bondy_ban.csv").table
    quartiers: dict[tuple, set[str]] = {}
    numeros, voies = [], []
    with (dossier / "adresses" / "bondy_adresses_quartiers.csv").open(encoding="utf-8") as flux:
        for ligne in csv.DictReader(flux):
            numeros.append(ligne["numero"])
            voies.append(ligne["nom_voie"])
            quartiers.setdefault(cle(ligne["numero"], ligne["nom_voie"]), set()).add(ligne["nom"])
    noms = tuple(sorted({q for qs in quartiers.values() for q in qs}))
    return Verification(
        Index([ban]),
        numeros,
        voies,
        [frozenset(quartiers[cle(n, v)]) for n, v in zip(numeros, voies, strict=True)],
        noms,
        _contours(ban, quartiers, noms),
    )


def _contours(ban, quartiers: dict[tuple, set[str]], noms: tuple[str, ...]) -> list[shapely.Geometry]:
    places: dict[tuple[float, float], str] = {}
    for ligne in ban.to_pylist():
        trouves = quartiers.get(cle(str(ligne["numero"]), ligne["voie"]), set())
        if len(trouves) == 1:
            places.setdefault((ligne["lon"], ligne["lat"]), next(iter(trouves)))
    points = shapely.points(np.array(list(places)))
    cellules = np.array(shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points))))
    # Cells come in no order: each one takes the quartier of the point that it holds.
    dedans, qui = shapely.STRtree(points).query(cellules, predicate="intersects")
    quartier = np.array(list(places.values()))[qui]
    return [shapely.union_all(cellules[dedans[quartier == nom]]) for nom in noms]
