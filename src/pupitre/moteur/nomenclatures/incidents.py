"""Natures of incidents and incivilities that partners count, refined police statistics, means of the police.

The tree is ours (data file `incidents.yaml`), drawn from what the partners of annex 6 of the 2012 report
send: landlords, carriers, schools, town halls, justice and youth protection.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pupitre.moteur.nomenclatures.fiche import Nature, lire_yaml

FICHIERS = ("incidents.yaml", "effectifs.yaml")


def _branches() -> Iterator[tuple[str, dict[str, Any]]]:
    for fichier in FICHIERS:
        yield from lire_yaml(fichier)["natures"].items()


@lru_cache
def natures() -> dict[str, Nature]:
    """Natures by code ("inc:occupation_hall", "pn:violences_routieres"), parents before children."""
    trouvees: dict[str, Nature] = {}
    for prefixe, branches in _branches():
        for code, contenu in branches.items():
            _ajouter(trouvees, prefixe, code, contenu, "", "")
    return trouvees


def _ajouter(
    trouvees: dict[str, Nature],
    prefixe: str,
    code: str,
    contenu: dict[str, Any],
    parent: str,
    unite: str,
    stock: bool = False,
) -> None:
    complet = f"{prefixe}:{code}"
    if complet in trouvees:
        raise ValueError(f"{complet} is defined twice")
    unite, stock = contenu.get("unite", unite), contenu.get("stock", stock)
    trouvees[complet] = Nature(
        complet,
        contenu["libelle"],
        unite,
        prefixe,
        parent,
        contenu.get("definition", ""),
        mesurable=not contenu.get("titre", False),
        stock=stock,
    )
    for sous_code, sous_contenu in contenu.get("dont", {}).items():
        _ajouter(trouvees, prefixe, sous_code, sous_contenu, complet, unite, stock)


@lru_cache
def synonymes() -> dict[str, tuple[str, ...]]:
    """Other labels under which partners name a nature, by code."""
    resultat: dict[str, tuple[str, ...]] = {}

    def parcourir(prefixe: str, branches: dict[str, Any]) -> None:
        for code, contenu in branches.items():
            resultat[f"{prefixe}:{code}"] = tuple(contenu.get("synonymes", ()))
            parcourir(prefixe, contenu.get("dont", {}))

    for prefixe, branches in _branches():
        parcourir(prefixe, branches)
    return resultat
