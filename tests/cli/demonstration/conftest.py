"""The partners' files, written once for all the tests of this folder."""

from __future__ import annotations

import pytest

from pupitre.cli.demonstration.partenaires import ecrire_tout


@pytest.fixture(scope="session")
def envois(tmp_path_factory):
    return ecrire_tout(tmp_path_factory.mktemp("partenaires"))
