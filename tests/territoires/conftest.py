import pytest

from tests.territoires import fabrique


@pytest.fixture
def reference(db, tmp_path):
    """Eight real communes, with every EPCI and département."""
    fabrique.charger_petite_reference(tmp_path)


@pytest.fixture
def plaine(reference):
    return fabrique.plaine_centrale()


@pytest.fixture
def recus(settings, tmp_path):
    """The folder of received files, its own for each test."""
    settings.MEDIA_ROOT = tmp_path / "recus"
    return tmp_path / "recus"
