from __future__ import annotations

import pytest

from tests.observatoire import fabrique
from tests.territoires.fabrique import charger_petite_reference, plaine_centrale, voisin


@pytest.fixture(autouse=True)
def dossiers(settings, tmp_path):
    """Each test has its own data folder."""
    from dataclasses import replace

    settings.CONFIGURATION = replace(settings.CONFIGURATION, donnees=tmp_path / "donnees")
    settings.MEDIA_ROOT = settings.CONFIGURATION.recus


@pytest.fixture
def conseil(db, tmp_path):
    charger_petite_reference(tmp_path)
    return plaine_centrale()


@pytest.fixture
def autre(conseil):
    return voisin()


@pytest.fixture
def source(conseil):
    return fabrique.source(conseil)


@pytest.fixture
def fichier(tmp_path):
    """Write a monthly file of counts by commune; see `fabrique.comptages`."""

    def ecrire(mois: dict[str, dict[str, int]], nom: str = "incidents.csv"):
        chemin = tmp_path / nom
        chemin.write_bytes(fabrique.comptages(mois))
        return chemin

    return ecrire
