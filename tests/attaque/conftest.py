"""A council to attack, its mayor, and patterns computed anew by who changes the rules."""

from __future__ import annotations

import pytest

from pupitre.acces.droits import Role
from pupitre.moteur import calcul, motif
from tests.attaque import fabrique
from tests.fabriques import utilisateur
from tests.territoires.fabrique import charger_petite_reference, plaine_centrale


@pytest.fixture
def dossiers(settings, tmp_path):
    from dataclasses import replace

    settings.CONFIGURATION = replace(settings.CONFIGURATION, donnees=tmp_path / "donnees")
    settings.MEDIA_ROOT = settings.CONFIGURATION.recus
    settings.ALLOWED_HOSTS = ["localhost"]


@pytest.fixture
def conseil(db, dossiers, tmp_path):
    charger_petite_reference(tmp_path)
    conseil = plaine_centrale()
    fabrique.decouper(conseil)
    return conseil


@pytest.fixture
def maire(conseil):
    return utilisateur(Role.MAIRE_MEMBRE, conseil, email="maire@exemple.fr")


@pytest.fixture
def regles_changees():
    """Patterns kept in memory belong to the rules under which they were computed."""
    motif._MOTIFS.oublier()
    calcul.oublier()
    yield
    motif._MOTIFS.oublier()
    calcul.oublier()
