"""Header generations of the SSMSI's bases, brought to one set of names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pupitre.moteur.nomenclatures.libelles import cle

# Communal 2022–24: CODGEO_20xx;annee;classe;unité.de.compte;valeur.publiée;faits;…;POP;millPOP;LOG;millLOG
# Communal from 2025: CODGEO_2025;annee;indicateur;unite_de_compte;nombre;…;est_diffuse;insee_pop;insee_log…
# Départemental 2023–24: classe;annee;Code.département;Code.région;unité.de.compte;…;faits;POP;LOG;tauxpourmille
# Départemental from 2025: Code_departement;Code_region;annee;indicateur;unite_de_compte;nombre;…;insee_pop…
SYNONYMES = {
    "annee": "annee",
    "classe": "indicateur",
    "indicateur": "indicateur",
    "unitedecompte": "unite",
    "valeurpubliee": "diffusion",
    "estdiffuse": "diffusion",
    "faits": "nombre",
    "nombre": "nombre",
    "pop": "population",
    "inseepop": "population",
    "log": "logements",
    "inseelog": "logements",
    "codedepartement": "departement",
    "codgeo": "commune",
}
NECESSAIRES = ("annee", "indicateur", "nombre")


@dataclass(frozen=True, slots=True)
class EnteteSsmsi:
    """Position of each known column; `niveau` is "communal" or "departemental", `geographie` "2024" or ""."""

    positions: dict[str, int]
    niveau: str
    geographie: str


def lire_entete(colonnes: list[str]) -> EnteteSsmsi | None:
    """Recognises a header of any generation; None when it is not one of the SSMSI's bases.

    `complement_info_*` columns are never looked at: they hold a départemental mean, not the commune's figure.
    """
    positions: dict[str, int] = {}
    geographie = ""
    for rang, colonne in enumerate(colonnes):
        nu = re.sub(r"[^a-z0-9]", "", cle(colonne))
        code = re.match(r"codgeo(\d{4})?\Z", nu)
        if code:
            geographie = code[1] or ""
            nu = "codgeo"
        if nu in SYNONYMES:
            positions.setdefault(SYNONYMES[nu], rang)
    if any(n not in positions for n in NECESSAIRES):
        return None
    if "commune" in positions:
        return EnteteSsmsi(positions, "communal", geographie)
    return EnteteSsmsi(positions, "departemental", geographie) if "departement" in positions else None
