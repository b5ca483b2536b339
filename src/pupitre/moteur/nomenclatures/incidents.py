"""Natures of incidents and incivilities that partners count, and refined police statistics.

The tree is ours (data file `incidents.yaml`), drawn from what the partners of annex 6 of the 2012 report
send: landlords, carriers, schools, town halls, justice and youth protection.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pupitre.moteur.nomenclatures.fiche import Nature, lire_yaml


@lru_cache
def natures() -> dict[str, Nature]:
    """Natures by code ("inc:occupation_hall", "pn:violences_routieres"), parents before children."""
    trouvees: dict[str, Nature] = {}
    for prefixe, branches in lire_yaml("incidents.yaml")["natures"].items():
        for code, contenu in branches.items():
            _ajouter(trouvees, prefixe, code, contenu, "", "")
    return trouvees


def _ajouter(
    trouvees: dict[str, Nature], prefixe: str, code: str, contenu: dict[str, Any], parent: str, unite: str
) -> None:
    complet = f"{prefixe}:{code}"
    if complet in trouvees:
        raise ValueError(f"{complet} is defined twice")
    unite = contenu.get("unite", unite)
    trouvees[complet] = Nature(
        complet,
        contenu["libelle"],
        unite,
        prefixe,
        parent,
        contenu.get("definition", ""),
        mesurable=not contenu.get("titre", False),
    )
    for sous_code, sous_contenu in contenu.get("dont", {}).items():
        _ajouter(trouvees, prefixe, sous_code, sous_contenu, complet, unite)


@lru_cache
def synonymes() -> dict[str, tuple[str, ...]]:
    """Other labels under which partners name a nature, by code."""
    resultat: dict[str, tuple[str, ...]] = {}

    def parcourir(prefixe: str, branches: dict[str, Any]) -> None:
        for code, contenu in branches.items():
            resultat[f"{prefixe}:{code}"] = tuple(contenu.get("synonymes", ()))
            parcourir(prefixe, contenu.get("dont", {}))

    for prefixe, branches in lire_yaml("incidents.yaml")["natures"].items():
        parcourir(prefixe, branches)
    return resultat
