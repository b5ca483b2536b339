from dataclasses import replace

import pytest

from tests import fabriques
from tests.territoires import fabrique as territoires


@pytest.fixture
def conseil(db, tmp_path, settings):
    settings.CONFIGURATION = replace(settings.CONFIGURATION, donnees=tmp_path / "donnees")
    settings.MEDIA_ROOT = settings.CONFIGURATION.recus
    territoires.charger_petite_reference(tmp_path)
    return territoires.plaine_centrale()


@pytest.fixture
def voisin(conseil):
    return territoires.voisin()


@pytest.fixture
def entrer(client):
    """Sign in with that role: `entrer(Role.X, conseil, **bound to)`."""

    def _entrer(role, conseil, **lie):
        compte = fabriques.utilisateur(role, conseil, **lie)
        fabriques.entrer(client, compte)
        return compte

    return _entrer
