"""What every nomenclature says of one nature of facts."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Nature:
    """One line of a nomenclature.

    Attributes:
        code: "4001:27", "ssmsi:cambriolages_logement", "inc:occupation_hall", "pn:violences_routieres".
        unite: unit of count, in French, singular; empty for an unused index.
        nomenclature: prefix of the code ("4001", "ssmsi", "inc", "pn").
        parent: code of the wider nature or family, empty at the top.
        unite_verifiee: False when the unit comes from memory of a guide, not from a checked source.
        mesurable: False for a heading that only groups, and for an unused index.
        stock: means counted on a day: read by the year, may be a fraction, never added in time.
    """

    code: str
    libelle: str
    unite: str
    nomenclature: str
    parent: str = ""
    definition: str = ""
    unite_verifiee: bool = True
    mesurable: bool = True
    stock: bool = False


@lru_cache
def lire_yaml(nom: str) -> Any:
    """Content of a data file of this package."""
    return yaml.safe_load((files(__package__) / "donnees" / nom).read_text("utf-8"))


@lru_cache
def lire_csv(nom: str) -> tuple[dict[str, str], ...]:
    """Rows of a data file of this package."""
    texte = (files(__package__) / "donnees" / nom).read_text("utf-8")
    return tuple(csv.DictReader(texte.splitlines()))
