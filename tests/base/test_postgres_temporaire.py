"""The temporary PostgreSQL cluster on which the whole suite runs a second time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from outils.postgres_temporaire import PostgresqlAbsent, binaires

from tests.conftest import manque

AIDE = [sys.executable, str(Path(__file__).parents[2] / "outils" / "postgres_temporaire.py")]


@pytest.fixture(autouse=True)
def _postgresql_present():
    try:
        binaires()
    except PostgresqlAbsent as erreur:
        manque(str(erreur))


def test_a_command_gets_a_database_and_gives_its_status_back(tmp_path):
    code = (
        "import os, psycopg, sys; c = psycopg.connect(os.environ['DATABASE_URL'])\n"
        "print(c.execute('show server_encoding').fetchone()[0], c.info.host); sys.exit(7)"
    )
    fini = subprocess.run([*AIDE, sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert fini.returncode == 7, fini.stderr
    encodage, dossier = fini.stdout.split()
    assert encodage == "UTF8"
    assert not Path(dossier).exists()


def test_stopped_from_outside_it_leaves_nothing(tmp_path):
    temoin = tmp_path / "url"
    commande = ["sh", "-c", f'echo "$DATABASE_URL" > {temoin}; exec sleep 60']
    aide = subprocess.Popen([*AIDE, *commande])
    try:
        limite = time.monotonic() + 60
        while not (temoin.exists() and temoin.read_text().strip()) and time.monotonic() < limite:
            time.sleep(0.1)
        dossier = Path(temoin.read_text().strip().split("host=")[1])
        serveur = int((dossier / "donnees" / "postmaster.pid").read_text().splitlines()[0])
        aide.send_signal(signal.SIGTERM)
        assert aide.wait(timeout=60) == 143
    finally:
        if aide.poll() is None:
            aide.kill()
            aide.wait()
    assert not dossier.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(serveur, 0)


def test_absent_binaries_are_said(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PostgresqlAbsent, match="apt install postgresql"):
        binaires(tmp_path)
