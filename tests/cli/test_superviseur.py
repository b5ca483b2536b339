"""One process that keeps its children, and leaves none behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.cli.terminal import environ

CONDUITE = """
    import sys
    from pathlib import Path
    from pupitre.cli.service.superviseur import DemarrageManque, Enfant, Superviseur

    dossier = Path(sys.argv[1])
    scripts = sys.argv[2:]
    enfants = [Enfant(f"e{i}", [sys.executable, "-c", s, str(dossier / f"e{i}")]) for i, s in enumerate(scripts)]
    pret = lambda: all((dossier / f"e{i}").exists() for i in range(len(scripts)))
    dire = lambda: print("PRET", flush=True)
    try:
        Superviseur(enfants, pret=pret, annoncer=dire, patience=20, delai_arret=2).conduire()
    except DemarrageManque as erreur:
        print(erreur, file=sys.stderr)
        sys.exit(2)
"""
TETE = """
    import os, signal, sys, time
    from pathlib import Path
    from pupitre.cli.service.enfant import suivre_le_parent
    suivre_le_parent()
    def dire():
        provisoire = Path(sys.argv[1] + ".p")
        with open(sys.argv[1] + ".pids", "a") as f:
            f.write(f"{os.getpid()}\\n")
        provisoire.write_text(str(os.getpid()))
        provisoire.replace(sys.argv[1])
"""
SAGE = TETE + "    dire(); time.sleep(60)"
SOURD = TETE + "    signal.signal(signal.SIGTERM, signal.SIG_IGN); dire(); time.sleep(60)"
MORT = "import sys; print('je ne peux pas', file=sys.stderr); sys.exit(3)"
MUET = TETE + "    time.sleep(60)"


def _attendre(condition, secondes: float = 20.0):
    limite = time.monotonic() + secondes
    while time.monotonic() < limite:
        if resultat := condition():
            return resultat
        time.sleep(0.05)
    raise AssertionError("rien n’est venu")


def _vivant(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _pids(dossier: Path) -> list[int]:
    return [int(li) for f in sorted(dossier.glob("*.pids")) for li in f.read_text().split()]


@pytest.fixture
def conduire(tmp_path):
    lances = []

    def lancer(*scripts: str) -> subprocess.Popen[str]:
        processus = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(CONDUITE), tmp_path, *map(textwrap.dedent, scripts)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environ(),
        )
        lances.append(processus)
        return processus

    yield lancer
    for processus in lances:
        if processus.poll() is None:
            processus.kill()
        processus.communicate()


@pytest.mark.parametrize("numero", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_all_and_says_nothing_wrong(conduire, tmp_path, numero):
    superviseur = conduire(SAGE, SAGE)
    assert superviseur.stdout.readline() == "PRET\n"
    enfants = _pids(tmp_path)
    assert len(enfants) == 2
    assert all(map(_vivant, enfants))
    superviseur.send_signal(numero)
    _, erreurs = superviseur.communicate(timeout=20)
    assert (superviseur.returncode, erreurs) == (0, "")
    assert not any(map(_vivant, enfants))


def test_ctrl_c_in_a_terminal_reaches_the_supervisor_alone(conduire, tmp_path):
    """Children are in groups of their own: they are ended in order, once."""
    superviseur = conduire(SAGE)
    superviseur.stdout.readline()
    (enfant,) = _pids(tmp_path)
    assert os.getpgid(enfant) == enfant != os.getpgid(superviseur.pid)


def test_a_child_that_does_not_listen_is_ended_after_the_delay(conduire, tmp_path):
    superviseur = conduire(SOURD, SAGE)
    superviseur.stdout.readline()
    enfants = _pids(tmp_path)
    superviseur.terminate()
    superviseur.communicate(timeout=20)
    assert superviseur.returncode == 0
    assert not any(map(_vivant, enfants))


def test_a_child_that_falls_is_started_again_and_the_other_untouched(conduire, tmp_path):
    superviseur = conduire(SAGE, SAGE)
    superviseur.stdout.readline()
    tombe, autre = int((tmp_path / "e0").read_text()), int((tmp_path / "e1").read_text())
    os.kill(tombe, signal.SIGKILL)
    _attendre(lambda: int((tmp_path / "e0").read_text()) != tombe)
    assert int((tmp_path / "e1").read_text()) == autre
    assert _vivant(autre)
    superviseur.terminate()
    _, erreurs = superviseur.communicate(timeout=20)
    assert "«\u202fe0\u202f» s’est arrêté (code -9)" in erreurs
    assert "0,5 s" in erreurs
    assert not any(map(_vivant, _pids(tmp_path)))


def test_the_second_fall_waits_longer(conduire, tmp_path):
    superviseur = conduire(SAGE)
    superviseur.stdout.readline()
    for _ in range(2):
        pid = int((tmp_path / "e0").read_text())
        os.kill(pid, signal.SIGKILL)
        _attendre(lambda pid=pid: int((tmp_path / "e0").read_text()) != pid)
    superviseur.terminate()
    _, erreurs = superviseur.communicate(timeout=20)
    assert "0,5 s" in erreurs
    assert "1,0 s" in erreurs


def test_a_child_that_cannot_start_stops_all(conduire, tmp_path):
    superviseur = conduire(MORT, SAGE)
    sortie, erreurs = superviseur.communicate(timeout=20)
    assert superviseur.returncode == 2
    assert "PRET" not in sortie
    assert "je ne peux pas" in erreurs
    assert "«\u202fe0\u202f»" in erreurs
    assert not any(map(_vivant, _pids(tmp_path)))


def test_stopped_before_it_is_ready(conduire):
    superviseur = conduire(MUET)
    time.sleep(0.5)
    superviseur.terminate()
    sortie, _ = superviseur.communicate(timeout=20)
    assert superviseur.returncode in {0, -signal.SIGTERM}
    assert "PRET" not in sortie


def test_no_orphan_when_the_supervisor_is_killed(conduire, tmp_path):
    superviseur = conduire(SAGE, SAGE)
    superviseur.stdout.readline()
    enfants = _pids(tmp_path)
    superviseur.kill()
    _attendre(lambda: not any(map(_vivant, enfants)))
