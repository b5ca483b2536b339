"""Rows and tables for the engine's tests."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from pupitre.moteur.observations import SCHEMA_LECTURE, Granularite, jour_de_fin


def ligne(
    nature: str, debut: date, n: int | None, granularite: str = "mois", **autres: Any
) -> dict[str, Any]:
    vide = dict.fromkeys(SCHEMA_LECTURE.names)
    return {
        **vide,
        "nature": nature,
        "debut": debut,
        "fin": jour_de_fin(debut, Granularite(granularite)),
        "granularite": granularite,
        "territoire": "T",
        "precision_lieu": "territoire",
        "n": n,
        "unite": "fait",
        **autres,
    }


def table(lignes: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(lignes, schema=SCHEMA_LECTURE)


def mois(annee: int, valeurs: list[int | None], nature: str = "a", **autres: Any) -> list[dict[str, Any]]:
    return [ligne(nature, date(annee, m, 1), v, **autres) for m, v in enumerate(valeurs, start=1)]
