"""Nomenclatures of facts: what a code means, in which unit it counts, and what may be added to what.

Codes: "4001:27" (index of the état 4001), "ssmsi:cambriolages_logement" (SSMSI indicator),
"inc:occupation_hall" (incidents and incivilities of partners), "pn:violences_routieres" (refined police
statistics), "eff:policier_municipal" (means: never facts).
"""

from __future__ import annotations

from functools import lru_cache

from pupitre.moteur.nomenclatures import correspondances, etat4001, incidents, ssmsi
from pupitre.moteur.nomenclatures.correspondances import Correspondance
from pupitre.moteur.nomenclatures.etat4001 import Groupement, Theme, groupement, groupements, themes
from pupitre.moteur.nomenclatures.fiche import Nature
from pupitre.moteur.nomenclatures.reconnaissance import reconnaitre_nature

__all__ = [
    "Correspondance",
    "Groupement",
    "Nature",
    "Theme",
    "correspondances",
    "groupement",
    "groupements",
    "nature",
    "natures",
    "reconnaitre_nature",
    "themes",
    "unite_commune",
]

NOMS = {
    "4001": "état 4001",
    "ssmsi": "indicateurs du SSMSI",
    "inc": "incidents et incivilités",
    "pn": "statistiques affinées de la police",
    "eff": "effectifs et moyens",
}


@lru_cache
def _toutes() -> dict[str, Nature]:
    return etat4001.natures() | ssmsi.natures() | incidents.natures()


def nature(code: str) -> Nature:
    """The nature of that code. Raises KeyError when no nomenclature knows it."""
    return _toutes()[code]


def natures(prefixe: str = "") -> tuple[Nature, ...]:
    """Natures whose code begins with `prefixe` ("4001", "inc:"…), in the order of the nomenclature."""
    return tuple(n for code, n in _toutes().items() if code.startswith(prefixe))


def unite_commune(codes: list[str] | tuple[str, ...]) -> str:
    """The unit in which these natures may be added.

    Raises MesureRefusee, with the reason, when the list is empty, a code is unknown or is not counted,
    nomenclatures or units differ, a nature is named twice or contains another, or a unit is not verified
    (one nature alone is always accepted).
    """
    from pupitre.moteur.nomenclatures.addition import unite_commune as verifier

    return verifier(codes, _toutes(), NOMS)
