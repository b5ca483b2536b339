import pytest

from tests.territoires import fabrique as territoires


@pytest.fixture
def conseil(db, tmp_path, settings):
    from dataclasses import replace

    settings.CONFIGURATION = replace(settings.CONFIGURATION, donnees=tmp_path / "donnees")
    territoires.charger_petite_reference(tmp_path)
    return territoires.plaine_centrale()
