"""Observations of one council: ten sources, ten years, seasons, places of unequal weight. Vectorised, seeded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import pyarrow as pa
from benchmarks.pays._conseils import GRAINE, Commune

from pupitre.moteur.mesures import Pas, suivante
from pupitre.moteur.nomenclatures import incidents
from pupitre.moteur.observations import SCHEMA_LECTURE

PREMIER, MOIS = date(2016, 11, 1), 120
DEBUTS = np.array([suivante(PREMIER, Pas.MOIS, i) for i in range(MOIS + 1)], dtype="datetime64[D]")
NATURES_PAR_SOURCE = 9


@dataclass(frozen=True, slots=True)
class SourceFictive:
    """`poids`: share of the dated facts; 0: a table of monthly counts of the whole commune."""

    code: str
    poids: float
    unite: str
    natures: tuple[str, ...]


@cache
def sources() -> tuple[SourceFictive, ...]:
    """Eight lists of dated facts, two monthly tables."""
    connues = [c for c, n in incidents.natures().items() if c.startswith("inc:") and n.mesurable]
    poids = (30, 20, 14, 10, 10, 7, 5, 4)
    datees = (
        "police-municipale",
        "bailleur-a",
        "transports",
        "mairies",
        "bailleur-b",
        "ecoles",
        "sis",
        "pjj",
    )
    k = NATURES_PAR_SOURCE
    return (
        *(
            SourceFictive(code, p / sum(poids), "fait", tuple(connues[i * k : (i + 1) * k]))
            for i, (code, p) in enumerate(zip(datees, poids, strict=True))
        ),
        SourceFictive("etat4001", 0, "fait constaté", tuple(f"4001:{i}" for i in range(1, 21))),
        SourceFictive("justice", 0, "affaire", tuple(connues[-6:])),
    )


def tirages(commune: Commune, source: SourceFictive) -> np.random.Generator:
    rang = [s.code for s in sources()].index(source.code)
    return np.random.default_rng([GRAINE, commune.rang, rang])


def tables(commune: Commune, source: SourceFictive) -> tuple[pa.Table, np.ndarray]:
    """Observations in the order of their days, and the rank of the month of each."""
    alea = tirages(commune, source)
    if not source.poids:
        return _comptages(commune, source, alea)
    fixes = sum(len(s.natures) * MOIS for s in sources() if not s.poids)
    combien = round((commune.observations - fixes) * source.poids)
    return _faits(commune, source, alea, combien)


def _saisons(k: int, alea: np.random.Generator) -> np.ndarray:
    """k × MOIS weights: a season and a trend of its own for each nature."""
    mois = np.arange(MOIS)
    phase, ampleur, pente = (
        alea.uniform(0, 12, (k, 1)),
        alea.uniform(0.05, 0.45, (k, 1)),
        alea.normal(0, 0.03, (k, 1)),
    )
    return (1 + ampleur * np.cos((mois - phase) * np.pi / 6)) * np.exp(pente * mois / 12)


def _inegaux(k: int) -> np.ndarray:
    poids = 1 / np.arange(1, k + 1) ** 0.7
    return poids / poids.sum()


def _faits(
    commune: Commune, source: SourceFictive, alea: np.random.Generator, combien: int
) -> tuple[pa.Table, np.ndarray]:
    k, s = len(source.natures), commune.secteurs
    cellules = (_inegaux(k)[:, None] * _saisons(k, alea)).ravel()
    tires = np.searchsorted(np.cumsum(cellules) / cellules.sum(), alea.random(combien))
    nature, mois = np.divmod(np.minimum(tires, cellules.size - 1), MOIS)
    longueurs = (DEBUTS[1:] - DEBUTS[:-1]).astype(int)
    jour = DEBUTS[mois] + (alea.random(combien) * longueurs[mois]).astype("timedelta64[D]")
    tri = np.argsort(jour, kind="stable")
    nature, mois, jour = nature[tri], mois[tri], jour[tri]
    secteur = np.searchsorted(np.cumsum(_inegaux(s)), alea.random(combien))
    secteur = np.minimum(secteur, s - 1)
    ponctuel = alea.random(combien) < 0.5
    jours = pa.array(jour)
    colonnes = {
        "nature": pa.array(source.natures).take(pa.array(nature)),
        "debut": jours,
        "fin": jours,
        "granularite": pa.repeat("jour", combien),
        "territoire": pa.repeat(commune.code, combien),
        "commune": pa.repeat(commune.code, combien),
        "secteur": pa.array([f"s{i + 1:02}" for i in range(s)]).take(pa.array(secteur)),
        "lon": pa.array(np.round(2 + 0.01 * (secteur % 8) + alea.random(combien) * 0.01, 4), mask=~ponctuel),
        "lat": pa.array(
            np.round(48 + 0.01 * (secteur // 8) + alea.random(combien) * 0.01, 4), mask=~ponctuel
        ),
        "precision_lieu": pa.array(["secteur", "point"]).take(pa.array(ponctuel.astype(int))),
        "heure": pa.array(alea.integers(0, 24, combien, dtype=np.int8)),
        "n": pa.array(np.ones(combien, dtype=np.int64)),
        "unite": pa.repeat(source.unite, combien),
    }
    return _completer(colonnes, combien), mois


def _comptages(
    commune: Commune, source: SourceFictive, alea: np.random.Generator
) -> tuple[pa.Table, np.ndarray]:
    k = len(source.natures)
    attendus = commune.population / 250 * _inegaux(k)[:, None] * _saisons(k, alea)
    mois, nature = np.divmod(np.arange(k * MOIS), k)
    combien = k * MOIS
    colonnes = {
        "nature": pa.array(source.natures).take(pa.array(nature)),
        "debut": pa.array(DEBUTS[mois]),
        "fin": pa.array(DEBUTS[mois + 1] - np.timedelta64(1, "D")),
        "granularite": pa.repeat("mois", combien),
        "territoire": pa.repeat(commune.code, combien),
        "commune": pa.repeat(commune.code, combien),
        "precision_lieu": pa.repeat("commune", combien),
        "n": pa.array(alea.poisson(attendus[nature, mois]).astype(np.int64)),
        "unite": pa.repeat(source.unite, combien),
    }
    return _completer(colonnes, combien), mois


def _completer(colonnes: dict[str, pa.Array], combien: int) -> pa.Table:
    return pa.table(
        [colonnes.get(c.name, pa.nulls(combien, c.type)) for c in SCHEMA_LECTURE], schema=SCHEMA_LECTURE
    )
