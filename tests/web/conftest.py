import pytest

from tests import fabriques


@pytest.fixture
def monde(db, tmp_path, settings):
    return fabriques.monde(tmp_path, settings)
