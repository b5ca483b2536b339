"""Which property of a GeoJSON holds the code, which the name: guessed, and always the person's choice."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.geographie.lecture import ContoursLus, montrable

_CODES = (
    "code",
    "code_iris",
    "dcomiris",
    "codeiris",
    "id_quartier",
    "code_quartier",
    "insee",
    "id",
    "numero",
    "iris",
)
_NOMS = (
    "nom",
    "name",
    "libelle",
    "nom_iris",
    "nomiris",
    "lib_iris",
    "quartier",
    "secteur",
    "label",
    "nom_quartier",
)
_COMMUNES = ("depcom", "insee_com", "code_commune", "code_insee", "codgeo", "com", "insee", "commune")

POPULATIONS = ("population", "pop", "habitants", "pop_municipale", "p21_pop", "p22_pop")
LOGEMENTS = ("logements", "log", "nb_logements", "p21_log", "p22_log")


def texte(valeur: Any) -> str:
    """A property as text: whole numbers without decimals, null as nothing."""
    if valeur is None or isinstance(valeur, (dict, list)):
        return ""
    if isinstance(valeur, float) and valeur.is_integer():
        return str(int(valeur))
    return montrable(str(valeur))


def valeurs(lus: ContoursLus, champ: str) -> list[str]:
    """Values of one property as text, in file order.

    Raises:
        FichierRefuse: no feature carries that property.
    """
    if champ not in lus.champs:
        connus = ", ".join(f"«\u202f{c}\u202f»" for c in lus.champs[:12]) or "aucune"
        raise FichierRefuse(
            f"Aucune entité ne porte la propriété «\u202f{champ[:60]}\u202f».",
            f"Les propriétés du fichier sont\u202f: {connus}.",
            "Choisissez l’une d’elles, ou laissez le champ vide.",
        )
    return [texte(e.proprietes.get(champ)) for e in lus.entites]


def deviner_nom(lus: ContoursLus) -> str | None:
    """The property that names the secteurs: by its own name, else the first text without digits only."""
    for champ in _tries(lus, _NOMS):
        if any(valeurs(lus, champ)):
            return champ
    for champ in lus.champs:
        lues = valeurs(lus, champ)
        if all(lues) and not any(v.replace(".", "").isdigit() for v in lues):
            return champ
    return None


def deviner_code(lus: ContoursLus) -> str | None:
    """The property that tells the secteurs apart: filled everywhere, without duplicates."""
    candidats = [*_tries(lus, _CODES), *lus.champs]
    for champ in candidats:
        lues = valeurs(lus, champ)
        if all(lues) and len(set(lues)) == len(lues) and all(len(v) <= 40 for v in lues):
            return champ
    return next(iter(_tries(lus, _CODES)), None)


def deviner_commune(lus: ContoursLus, codes: Collection[str]) -> str | None:
    """The property whose every value is the code of a commune of the council."""
    for champ in [*_tries(lus, _COMMUNES), *lus.champs]:
        lues = [v.zfill(5) for v in valeurs(lus, champ)]
        if all(v in codes for v in lues):
            return champ
    return None


def _tries(lus: ContoursLus, connus: tuple[str, ...]) -> list[str]:
    par_nom = {c.casefold(): c for c in lus.champs}
    return [par_nom[c] for c in connus if c in par_nom]


def effectifs(lus: ContoursLus, noms: Collection[str]) -> list[int | None]:
    """Inhabitants or dwellings of each feature, from the first property so named; None where not a count."""
    champ = next((c for c in lus.champs if c.lower() in noms), None)
    if champ is None:
        return [None] * len(lus.entites)
    return [_effectif(e.proprietes.get(champ)) for e in lus.entites]


def _effectif(valeur: Any) -> int | None:
    if isinstance(valeur, bool) or not isinstance(valeur, int | float) or not 0 <= valeur < 10_000_000:
        return None
    return round(valeur)
