"""Indicators of the SSMSI, all their published names, and the breaks between generations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pupitre.moteur.nomenclatures.fiche import Nature, lire_yaml
from pupitre.moteur.nomenclatures.libelles import cle

PREFIXE = "ssmsi"


@dataclass(frozen=True, slots=True)
class Indicateur:
    """One indicator.

    `denominateur`: "habitants" or "logements", the exposure of the SSMSI's own rate per 1,000.
    `libelles`: every published label, of all generations of files.
    `jusqu_au`, `depuis`: last and first vintage (publication day) that carry it, None when open.
    """

    code: str
    libelle: str
    unite: str
    denominateur: str
    definition: str
    libelles: tuple[str, ...]
    depuis: date | None
    jusqu_au: date | None
    parent: str


@dataclass(frozen=True, slots=True)
class RuptureNomenclature:
    """On `jour` the indicators `avant` were replaced by `apres`: no variation is computed across it."""

    jour: date
    avant: tuple[str, ...]
    apres: tuple[str, ...]
    libelle: str


@lru_cache
def indicateurs() -> dict[str, Indicateur]:
    """Indicators by short code ("cambriolages_logement")."""
    return {
        code: Indicateur(
            code,
            i["libelle"],
            i["unite"],
            i["denominateur"],
            i["definition"],
            (i["libelle"], *i.get("autres_libelles", ())),
            i.get("depuis"),
            i.get("jusqu_au"),
            i.get("parent", ""),
        )
        for code, i in lire_yaml("ssmsi.yaml")["indicateurs"].items()
    }


@lru_cache
def ruptures() -> tuple[RuptureNomenclature, ...]:
    """Breaks between generations of indicators."""
    return tuple(
        RuptureNomenclature(r["jour"], tuple(r["avant"]), tuple(r["apres"]), r["libelle"])
        for r in lire_yaml("ssmsi.yaml")["ruptures"]
    )


@lru_cache
def _par_libelle() -> dict[str, str]:
    return {cle(nom): i.code for i in indicateurs().values() for nom in i.libelles}


def code_du_libelle(libelle: str) -> str | None:
    """Code of nature ("ssmsi:…") of a published label, whatever its generation; None when unknown."""
    code = _par_libelle().get(cle(libelle))
    return f"{PREFIXE}:{code}" if code else None


@lru_cache
def natures() -> dict[str, Nature]:
    return {
        f"{PREFIXE}:{i.code}": Nature(
            f"{PREFIXE}:{i.code}",
            i.libelle,
            i.unite,
            PREFIXE,
            f"{PREFIXE}:{i.parent}" if i.parent else "",
            i.definition,
        )
        for i in indicateurs().values()
    }
