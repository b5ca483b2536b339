"""Fixtures that every floor may use."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

_EN_CI = bool(os.environ.get("CI"))
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


# Installations ask for their database by the environment, not by a fixture: what depends on which one it is.
_INSTALLENT = {
    "test_what_was_made",
    "test_migrations_make_the_database_of_the_models",
    "test_run_again_it_changes_nothing",
    "test_serving_then_stopping",
}
_LONGS = {"attaque", "cli", "navigateur"}
_BASES = {"db", "transactional_db"}
# Pages are opened on both engines by the matrix of addresses and by two journeys; what they are made of, once.
_DOSSIERS_UNE_FOIS = {"web", "navigateur", "demonstration"}
_SUR_LES_DEUX = {"test_acces_urls.py", "test_recherche.py", "test_vie_du_conseil.py", "test_parcours.py"}


def pytest_collection_modifyitems(config, items):
    """The longest first, so that no process ends alone. On PostgreSQL: not again what asks for no database, nor what a
    page shows whatever the database."""
    items.sort(key=lambda item: _dossiers(item)[0] not in _LONGS)
    if not os.environ.get("DATABASE_URL"):
        return
    gardes = [item for item in items if _change_avec_la_base(item)]
    config.hook.pytest_deselected(items=[i for i in items if i not in set(gardes)])
    items[:] = gardes


def _dossiers(item) -> tuple[str, ...]:
    return item.path.relative_to(Path(__file__).parent).parts


def _change_avec_la_base(item) -> bool:
    if item.path.name == "test_installation.py":
        return item.originalname in _INSTALLENT
    if _DOSSIERS_UNE_FOIS.intersection(_dossiers(item)) and item.path.name not in _SUR_LES_DEUX:
        return False
    return bool(item.get_closest_marker("django_db") or _BASES & set(item.fixturenames))


def manque(raison: str) -> None:
    """Skipped on a person's machine, refused in continuous integration."""
    if _EN_CI:
        pytest.fail(raison, pytrace=False)
    pytest.skip(raison)


@pytest.fixture(scope="session")
def donnees_partagees() -> Path:
    """Folder of the large public files, kept beside the checkout."""
    choisi = os.environ.get("PUPITRE_DONNEES_PARTAGEES")
    dossier = Path(choisi) if choisi else Path(__file__).parents[2] / "shared" / "data"
    if not dossier.is_dir():
        manque("Les données partagées sont absentes (PUPITRE_DONNEES_PARTAGEES).")
    return dossier


@pytest.fixture(scope="session")
def navigateur():
    """A real Chromium, the system's."""
    executable = os.environ.get("PUPITRE_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if executable is None:
        manque("Chromium est absent : sous Debian, « apt install chromium ».")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def _sans_memoire():
    """The visible state is kept in memory by council and instant: under a frozen clock two tests share them."""
    yield
    catalogue = sys.modules.get("pupitre.observatoire.chiffres.catalogue")
    if catalogue is not None:
        catalogue._etat.cache_clear()
