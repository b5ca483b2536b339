"""Fixtures that every floor may use."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

EN_CI = bool(os.environ.get("CI"))
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def _manque(raison: str) -> None:
    """Skipped on a person's machine, refused in continuous integration."""
    if EN_CI:
        pytest.fail(raison, pytrace=False)
    pytest.skip(raison)


@pytest.fixture(scope="session")
def donnees_partagees() -> Path:
    """Folder of the large public files, kept beside the checkout."""
    choisi = os.environ.get("PUPITRE_DONNEES_PARTAGEES")
    dossier = Path(choisi) if choisi else Path(__file__).parents[2] / "shared" / "data"
    if not dossier.is_dir():
        _manque("Les données partagées sont absentes (PUPITRE_DONNEES_PARTAGEES).")
    return dossier


@pytest.fixture(scope="session")
def navigateur():
    """A real Chromium, the system's."""
    executable = os.environ.get("PUPITRE_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if executable is None:
        _manque("Chromium est absent : sous Debian, « apt install chromium ».")
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
