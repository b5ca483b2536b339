"""A source whose facts have addresses, in the small town of `tests.moteur.adresses.fabrique`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from pupitre.moteur.sources import Description, Role
from pupitre.observatoire.collecte import adresses, services
from pupitre.territoires.decoupages import importer_decoupage
from tests.moteur.adresses import fabrique as ville
from tests.observatoire import fabrique

DESCRIPTION = Description(
    format="faits",
    roles={"Date": Role.DATE, "Adresse": Role.ADRESSE},
    nature_fixe="inc:occupation_hall",
)


def _bande(code: str, nom: str, ouest: float, est: float) -> dict:
    coins = [[ouest, 48.77], [est, 48.77], [est, 48.797], [ouest, 48.797], [ouest, 48.77]]
    return {
        "type": "Feature",
        "properties": {"code": code, "nom": nom},
        "geometry": {"type": "Polygon", "coordinates": [coins]},
    }


def secteurs(conseil):
    """The avenue du Général de Gaulle runs from « Ouest » (numbers up to 22) into « Est »."""
    contenu = {
        "type": "FeatureCollection",
        "features": [_bande("O", "Ouest", 2.44, 2.45450), _bande("E", "Est", 2.4545, 2.48)],
    }
    return importer_decoupage(
        conseil=conseil,
        fichier=json.dumps(contenu).encode(),
        nom="Quartiers",
        debut=date(2020, 1, 1),
        origine="Essai",
    )


def ban(conseil, dossier: Path, *, lieux: bool = False):
    importe = adresses.importer(conseil=conseil, fichier=ville.ecrire(dossier), nom="adresses-94.csv")
    if lieux:
        adresses.importer(conseil=conseil, fichier=ville.lieux(dossier), nom="lieux.csv", nature="lieux")
    return importe


def source(conseil, code="main-courante", **champs):
    champs.setdefault("description", DESCRIPTION.to_dict())
    return fabrique.source(conseil, code=code, nom="Main courante", format="faits", **champs)


def livrer(source, dossier: Path, *ecrites: str, nom: str = "faits.csv", **options):
    """One fact a text, on the first days of October 2026."""
    chemin = dossier / nom
    lignes = [f"{1 + rang % 28:02}/10/2026;{texte}" for rang, texte in enumerate(ecrites)]
    chemin.write_text("\n".join(["Date;Adresse", *lignes]), encoding="utf-8")
    return services.importer(source=source, fichier=chemin, **options)


def observations(livraison) -> list[dict]:
    """What the store keeps of a delivery that was read."""
    import pyarrow.parquet as pq
    from django.conf import settings

    chemin = settings.CONFIGURATION.entrepot / livraison.lecture["scelle"]["chemin"]
    return pq.read_table(chemin).sort_by("debut").to_pylist()
