"""A kill at any moment of a publication leaves either the old state or the new one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

# Its subprocesses keep their own SQLite file.
pytestmark = pytest.mark.une_fois
RACINE = Path(__file__).parents[2]

PREPARER = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from pathlib import Path
from tests.territoires.fabrique import charger_petite_reference, plaine_centrale
from tests.observatoire import fabrique
from pupitre.observatoire.collecte import services
ici = Path(os.environ["PUPITRE_DONNEES"])
charger_petite_reference(ici)
source = fabrique.source(plaine_centrale())
for nom, n in (("a.csv", 4), ("b.csv", 5)):
    (ici / nom).write_bytes(fabrique.comptages({"2026-09": fabrique.partout(n)}))
services.importer(source=source, fichier=ici / "a.csv", publier=True)
services.importer(source=source, fichier=ici / "b.csv")
"""

PUBLIER = """
import django; django.setup()
import signal
from django.db import connection
from pupitre.observatoire.collecte import services
from pupitre.observatoire.models import Livraison
cible, vu = int(sys.argv[1]), 0

def compter():
    global vu
    vu += 1
    if vu == cible:
        os.kill(os.getpid(), signal.SIGKILL)

def autour(fonction):
    def garde(*a, **k):
        compter()
        resultat = fonction(*a, **k)
        compter()
        return resultat
    return garde

os.fsync, os.replace = autour(os.fsync), autour(os.replace)

def sql(execute, requete, *reste):
    ecriture = requete.split(" ", 1)[0] in {"INSERT", "UPDATE", "BEGIN"}
    if ecriture:
        compter()
    resultat = execute(requete, *reste)
    if ecriture:
        compter()
    return resultat

with connection.execute_wrapper(sql):
    services.publier(livraison=Livraison.objects.get(nom="b.csv"))
print(vu)
"""

VERIFIER = """
import django; django.setup()
from pupitre.observatoire.chiffres import catalogue
from pupitre.observatoire.models import Livraison
from pupitre.territoires.models import Conseil
conseil = Conseil.objects.get()
etat = catalogue.etat_visible(conseil)
assert catalogue.entrepot().verifier(etat.manifeste, contenu=True) == []
total = catalogue.entrepot().cube(etat.manifeste).n.sum().to_pyarrow().as_py()
etats = {li.nom: li.etat for li in Livraison.objects.avec_etat()}
print(total, etat.version, etats["a.csv"], etats["b.csv"])
"""


def lancer(code: str, donnees: Path, *arguments: str) -> subprocess.CompletedProcess:
    environ = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "PYTEST_XDIST_WORKER")}
    environ |= {
        "PUPITRE_MODE": "test",
        "PUPITRE_DONNEES": str(donnees),
        "DJANGO_SETTINGS_MODULE": "tests.reglages",
        "PYTHONPATH": f"{RACINE}{os.pathsep}{RACINE / 'src'}",
    }
    return subprocess.run(
        [sys.executable, "-c", f"import os, sys\n{code}", *arguments],
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def etat(donnees: Path) -> str:
    fini = lancer(VERIFIER, donnees)
    assert fini.returncode == 0, fini.stderr
    return fini.stdout.strip()


ANCIEN = "12 1 publiee controlee"
NOUVEAU = "15 2 remplacee publiee"


@pytest.fixture(scope="module")
def depart(tmp_path_factory):
    """A council with one published delivery and its correction, checked."""
    donnees = tmp_path_factory.mktemp("depart")
    fini = lancer(PREPARER, donnees)
    assert fini.returncode == 0, fini.stderr
    assert etat(donnees) == ANCIEN
    return donnees


def copie(depart: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(depart, tmp_path / "copie"))


@pytest.fixture(scope="module")
def moments(depart, tmp_path_factory) -> int:
    """How many moments a whole publication goes through."""
    donnees = copie(depart, tmp_path_factory.mktemp("entier"))
    fini = lancer(PUBLIER, donnees, "0")
    assert fini.returncode == 0, fini.stderr
    assert etat(donnees) == NOUVEAU
    return int(fini.stdout)


# Spread over the whole publication: before the first file, among the files, among the statements, at the end.
@pytest.mark.parametrize("part", [0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0])
def test_mise_a_mort(depart, moments, tmp_path, part):
    donnees = copie(depart, tmp_path)
    cible = 1 + round(part * (moments - 1))
    mort = lancer(PUBLIER, donnees, str(cible))
    assert mort.returncode == -signal.SIGKILL
    vu = etat(donnees)
    assert vu in (ANCIEN, NOUVEAU)
    if part < 0.4:
        assert vu == ANCIEN
    reprise = lancer(PUBLIER, donnees, "0") if vu == ANCIEN else None
    assert reprise is None or reprise.returncode == 0, reprise.stderr
    assert etat(donnees) == NOUVEAU
