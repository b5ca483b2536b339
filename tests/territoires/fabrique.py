"""Small territories for tests: a handful of real communes, two councils that are neighbours."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from functools import cache
from pathlib import Path

from pupitre.territoires.models import Conseil
from pupitre.territoires.reference import DOSSIER, lire_reference
from pupitre.territoires.services import charger_reference, creer_conseil

CRETEIL, ALFORTVILLE, LIMEIL = "94028", "94002", "94044"
PLAINE = (CRETEIL, ALFORTVILLE, LIMEIL)
CHOISIES = (*PLAINE, "94046", "01001", "2A004", "62041", "98411")
DEPUIS = date(2012, 1, 1)


@cache
def communes() -> tuple[dict[str, str], ...]:
    return tuple(lire_reference(DOSSIER).communes)


def ecrire_reference(dossier: Path, annee: int = 2026, codes=CHOISIES, **changements: dict[str, str]) -> Path:
    """A small official code of that year; `changements`: columns to change by code of commune."""
    lignes = [{**c, **changements.get(f"c{c['code']}", {})} for c in communes() if c["code"] in codes]
    dossier.mkdir(exist_ok=True)
    with gzip.open(dossier / f"communes_{annee}.csv.gz", "wt", encoding="utf-8", newline="") as sortie:
        ecrivain = csv.DictWriter(sortie, lignes[0].keys())
        ecrivain.writeheader()
        ecrivain.writerows(lignes)
    for nom in ("regions", "departements", "epci"):
        (dossier / f"{nom}_{annee}.csv").write_bytes((DOSSIER / f"{nom}_2026.csv").read_bytes())
    return dossier


def charger_petite_reference(dossier: Path) -> None:
    charger_reference(ecrire_reference(dossier / "code"))


def plaine_centrale() -> Conseil:
    return creer_conseil(nature="cispd", nom="Plaine centrale", communes=PLAINE, depuis=DEPUIS)


def voisin() -> Conseil:
    return creer_conseil(nature="clspd", nom="Maisons-Alfort", communes=["94046"], depuis=DEPUIS)
