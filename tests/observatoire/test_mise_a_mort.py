"""A kill at any moment of a publication leaves either the old state or the new one."""

from __future__ import annotations

import json
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
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
settings.MIGRATION_MODULES = {a.label: None for a in apps.get_app_configs()}
call_command("migrate", run_syncdb=True, verbosity=0)
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


# A process that has read the libraries, and nothing of a council, forks for each of the programs above: what is
# killed is a process of its own, with its own connections, started in a few milliseconds.
ATELIER = """
import json, os, signal, sys, traceback
import django.db.models, ibis.backends.duckdb, pyarrow.parquet
for ligne in sys.stdin:
    demande = json.loads(ligne)
    pid = os.fork()
    if not pid:
        signal.alarm(120)
        os.environ["PUPITRE_DONNEES"] = demande["donnees"]
        sys.argv = ["-c", *demande["arguments"]]
        for sortie in ("stdout", "stderr"):
            fichier = os.open(demande[sortie], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(fichier, getattr(sys, sortie).fileno())
        code = 1
        try:
            exec(demande["code"], {"os": os, "sys": sys})
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def lancer(tmp_path_factory):
    """`lancer(code, donnees, *arguments)`: run it in a process of its own; what it said, and how it ended."""
    environ = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "PYTEST_XDIST_WORKER")}
    environ |= {
        "PUPITRE_MODE": "test",
        "DJANGO_SETTINGS_MODULE": "tests.reglages",
        "PYTHONPATH": f"{RACINE}{os.pathsep}{RACINE / 'src'}",
    }
    sorties = {nom: tmp_path_factory.mktemp("sorties") / nom for nom in ("stdout", "stderr")}
    with subprocess.Popen(
        [sys.executable, "-c", ATELIER],
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as atelier:

        def _lancer(code: str, donnees: Path, *arguments: str) -> subprocess.CompletedProcess:
            demande = {"code": code, "donnees": str(donnees), "arguments": arguments}
            demande |= {nom: str(chemin) for nom, chemin in sorties.items()}
            print(json.dumps(demande), file=atelier.stdin, flush=True)
            fini = int(atelier.stdout.readline())
            return subprocess.CompletedProcess(
                arguments, fini, **{nom: chemin.read_text("utf-8") for nom, chemin in sorties.items()}
            )

        yield _lancer
        atelier.stdin.close()


def etat(lancer, donnees: Path) -> str:
    fini = lancer(VERIFIER, donnees)
    assert fini.returncode == 0, fini.stderr
    return fini.stdout.strip()


ANCIEN = "12 1 publiee controlee"
NOUVEAU = "15 2 remplacee publiee"


@pytest.fixture(scope="module")
def depart(lancer, tmp_path_factory):
    """A council with one published delivery and its correction, checked."""
    donnees = tmp_path_factory.mktemp("depart")
    fini = lancer(PREPARER, donnees)
    assert fini.returncode == 0, fini.stderr
    assert etat(lancer, donnees) == ANCIEN
    return donnees


def copie(depart: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(depart, tmp_path / "copie"))


@pytest.fixture(scope="module")
def moments(lancer, depart, tmp_path_factory) -> int:
    """How many moments a whole publication goes through."""
    donnees = copie(depart, tmp_path_factory.mktemp("entier"))
    fini = lancer(PUBLIER, donnees, "0")
    assert fini.returncode == 0, fini.stderr
    assert etat(lancer, donnees) == NOUVEAU
    return int(fini.stdout)


# Spread over the whole publication: before the first file, among the files, among the statements, at the end.
@pytest.mark.parametrize("part", [0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0])
def test_mise_a_mort(lancer, depart, moments, tmp_path, part):
    donnees = copie(depart, tmp_path)
    cible = 1 + round(part * (moments - 1))
    mort = lancer(PUBLIER, donnees, str(cible))
    assert mort.returncode == -signal.SIGKILL
    vu = etat(lancer, donnees)
    assert vu in (ANCIEN, NOUVEAU)
    if part < 0.4:
        assert vu == ANCIEN
    reprise = lancer(PUBLIER, donnees, "0") if vu == ANCIEN else None
    assert reprise is None or reprise.returncode == 0, reprise.stderr
    assert etat(lancer, donnees) == NOUVEAU
