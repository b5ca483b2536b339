"""The official code as files held by the project: reading only, no database."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

DOSSIER = Path(__file__).parent / "donnees"
_COMMUNES = re.compile(r"communes_(\d{4})\.csv\.gz")


@dataclass(frozen=True, slots=True)
class Reference:
    """Rows of the four files as dictionaries of text, and the fingerprint of their bytes."""

    annee: int
    empreinte: str
    regions: dict[str, str]
    departements: list[dict[str, str]]
    epci: list[dict[str, str]]
    communes: list[dict[str, str]]


def lire_reference(dossier: Path = DOSSIER) -> Reference:
    """The most recent vintage of the folder.

    Raises:
        FileNotFoundError: no `communes_<year>.csv.gz`, or one of its three companions is missing.
    """
    annees = sorted(int(m[1]) for f in dossier.iterdir() if (m := _COMMUNES.fullmatch(f.name)))
    if not annees:
        raise FileNotFoundError(f"aucun fichier communes_<année>.csv.gz dans {dossier}")
    annee = annees[-1]
    octets = {
        nom: (dossier / f"{nom}_{annee}.csv").read_bytes() for nom in ("regions", "departements", "epci")
    }
    octets["communes"] = gzip.decompress((dossier / f"communes_{annee}.csv.gz").read_bytes())
    empreinte = hashlib.sha256()
    for nom in sorted(octets):
        empreinte.update(hashlib.sha256(octets[nom]).digest())
    lignes = {nom: list(csv.DictReader(io.StringIO(o.decode("utf-8-sig")))) for nom, o in octets.items()}
    return Reference(
        annee=annee,
        empreinte=empreinte.hexdigest(),
        regions={r["code"]: r["nom"] for r in lignes["regions"]},
        departements=lignes["departements"],
        epci=lignes["epci"],
        communes=lignes["communes"],
    )


@lru_cache(maxsize=4)
def _contours(departement: str) -> dict[str, dict[str, Any]]:
    fichier = DOSSIER / f"contours_{departement}.geojson"
    if not fichier.is_file():
        return {}
    lu = json.loads(fichier.read_text(encoding="utf-8"))
    return {f["properties"]["code"]: f["geometry"] for f in lu["features"]}


def contours_des_communes(codes: list[str]) -> dict[str, dict[str, Any]]:
    """GeoJSON geometries (WGS84) of the communes whose outline the project holds, by code."""
    trouves = {}
    for code in codes:
        departement = code[:3] if code.startswith(("97", "98")) else code[:2]
        geometrie = _contours(departement).get(code)
        if geometrie is not None:
            trouves[code] = geometrie
    return trouves
