"""The 107 index of the état 4001, their units of count and the groupings that were checked.

Source of the labels: ministry's workbook 2012–2020 (Licence Ouverte); units: see `donnees/etat4001.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pupitre.moteur.erreurs import MesureRefusee
from pupitre.moteur.nomenclatures.fiche import Nature, lire_csv, lire_yaml

PREFIXE = "4001"


@dataclass(frozen=True, slots=True)
class Index:
    """One of the 107 lines; `libelle_publie` keeps the typos of the published workbook."""

    numero: int
    libelle: str
    libelle_publie: str
    famille: str
    unite: str
    verifie: bool
    origine: str

    @property
    def utilise(self) -> bool:
        return bool(self.unite)

    @property
    def code(self) -> str:
        return f"{PREFIXE}:{self.numero}"


@dataclass(frozen=True, slots=True)
class Groupement:
    """A sum of index that means something: one unit, checked against a published series.

    `ecart`: bounds in % of the gap between the national sum of the index and the SSMSI's published series,
    2012–2020; None when it was checked but its bounds are not recorded. `ecart_base`: same against the
    départemental base published in 2024, 2016–2020; None when that base has no such indicator.
    `comparable`: False when that last gap forbids a comparison with the SSMSI's indicator.
    """

    code: str
    libelle: str
    indices: tuple[int, ...]
    unite: str
    ssmsi: str
    ecart: tuple[float, float] | None
    ecart_base: tuple[float, float] | None
    comparable: bool
    note: str

    @property
    def natures(self) -> tuple[str, ...]:
        return tuple(f"{PREFIXE}:{i}" for i in self.indices)


@dataclass(frozen=True, slots=True)
class Theme:
    """Natures shown side by side on one page, never added: their units differ or are not verified."""

    code: str
    libelle: str
    indices: tuple[int, ...]

    @property
    def natures(self) -> tuple[str, ...]:
        return tuple(f"{PREFIXE}:{i}" for i in self.indices)


@lru_cache
def index() -> dict[int, Index]:
    """The 107 index by number, unused ones included."""
    return {
        int(r["index"]): Index(
            int(r["index"]),
            r["libelle"],
            r["libelle_publie"],
            r["famille"],
            r["unite"],
            r["verifie"] == "oui",
            r["origine"],
        )
        for r in lire_csv("etat4001.csv")
    }


@lru_cache
def groupements() -> dict[str, Groupement]:
    """Checked groupings by code ("cambriolages_logement"…)."""
    return {code: _groupement(code, g) for code, g in lire_yaml("etat4001.yaml")["groupements"].items()}


def _groupement(code: str, g: dict[str, Any]) -> Groupement:
    def bornes(cle: str) -> tuple[float, float] | None:
        return (g[cle][0], g[cle][1]) if cle in g else None

    return Groupement(
        code,
        g["libelle"],
        tuple(g["indices"]),
        g["unite"],
        g.get("ssmsi", ""),
        bornes("ecart"),
        bornes("ecart_base"),
        g.get("comparable", True),
        g.get("note", ""),
    )


def groupement(code: str) -> Groupement:
    """One checked grouping.

    Raises MesureRefusee, with the reason, for an indicator that cannot be derived from the 4001
    (destructions, escroqueries), and KeyError for an unknown code.
    """
    refuser_non_derivable(code)
    return groupements()[code.removeprefix("groupe:")]


def refuser_non_derivable(code: str) -> None:
    """Raises MesureRefusee when that SSMSI indicator cannot be rebuilt from index of the 4001."""
    interdits = lire_yaml("etat4001.yaml")["non_derivables"]
    cle = code.split(":")[-1]
    if cle in interdits:
        i = interdits[cle]
        raise MesureRefusee(
            f"« {i['libelle']} » ne peut pas être calculé à partir de l’état 4001.",
            i["raison"],
            "Utilisez l’indicateur publié par le SSMSI, ou montrez les index séparément, sans total.",
        )


@lru_cache
def themes() -> dict[str, Theme]:
    """Pages of a bulletin: lists of index shown side by side."""
    return {
        code: Theme(code, t["libelle"], tuple(t["indices"]))
        for code, t in lire_yaml("etat4001.yaml")["themes"].items()
    }


@lru_cache
def natures() -> dict[str, Nature]:
    """The 107 index as natures, under the headings of their families."""
    familles = lire_yaml("etat4001.yaml")["familles"]
    tetes = {
        f"{PREFIXE}:{code}": Nature(f"{PREFIXE}:{code}", libelle, "", PREFIXE, mesurable=False)
        for code, libelle in familles.items()
    }
    lignes = {
        i.code: Nature(
            i.code,
            i.libelle,
            i.unite,
            PREFIXE,
            f"{PREFIXE}:{i.famille}" if i.famille else "",
            unite_verifiee=i.verifie,
            mesurable=i.utilise,
        )
        for i in index().values()
    }
    return tetes | lignes
