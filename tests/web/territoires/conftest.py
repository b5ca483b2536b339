import pytest

from pupitre.acces.droits import Role
from pupitre.acces.services import creer_compte, habiliter
from tests.territoires import fabrique
from tests.territoires.fabrique import DEPUIS


@pytest.fixture
def plaine(db, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "recus"
    fabrique.charger_petite_reference(tmp_path)
    return fabrique.plaine_centrale()


@pytest.fixture
def entrer(client, plaine):
    """Sign in with a role on a council: `entrer(Role.COORDINATEUR)`."""

    def _entrer(role, conseil=plaine):
        compte = creer_compte(
            email=f"{role}.{conseil.slug}@exemple.fr", prenom="Camille", nom="Martin", password="x"
        )
        habiliter(utilisateur=compte, role=role, conseil=conseil, debut=DEPUIS)
        client.force_login(compte, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return _entrer


@pytest.fixture
def coordination(entrer):
    return entrer(Role.COORDINATEUR)


@pytest.fixture
def voisine(entrer):
    """She holds every right of coordination, on the council next door."""
    return entrer(Role.COORDINATEUR, fabrique.voisin())
