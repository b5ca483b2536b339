"""How long Pupitre takes to start, what it holds at rest, what it weighs."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(RACINE / "src"), str(RACINE)]

from benchmarks import _service  # noqa: E402
from benchmarks._installation import installation  # noqa: E402

ESSAIS, REPOS = 5, 5


def main() -> None:
    imports()
    poids()
    with installation() as donnees:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        (donnees / "statiques").mkdir(exist_ok=True)
        _service.statiques()
        service()


def _mediane(geste: Callable[[], object]) -> float:
    temps = []
    for _ in range(ESSAIS):
        depart = time.perf_counter()
        geste()
        temps.append(time.perf_counter() - depart)
    return statistics.median(temps)


def imports() -> None:
    def lancer(code: str) -> None:
        subprocess.run([sys.executable, "-c", code], env=_service.milieu(), check=True)

    lancer("import pupitre.moteur")
    nu, moteur = _mediane(lambda: lancer("")), _mediane(lambda: lancer("import pupitre.moteur"))
    calcul = _mediane(lambda: lancer("import pupitre.moteur.calcul, pupitre.moteur.entrepot"))
    print(
        f"import pupitre.moteur : {moteur - nu:.2f} s de plus que Python seul, {nu:.2f} s (but ≤ 0,6 s) ; avec "
        f"l’entrepôt et le calcul : {calcul - nu:.2f} s"
    )


def poids() -> None:
    with tempfile.TemporaryDirectory() as dossier:
        construit = subprocess.run(
            [
                *_uv(),
                "build",
                "--wheel",
                "--offline",
                "--no-build-isolation",
                "-q",
                "-o",
                dossier,
                str(RACINE),
            ],
            capture_output=True,
            text=True,
        )
        assert construit.returncode == 0, construit.stderr
        [roue] = Path(dossier).glob("*.whl")
        print(f"roue : {roue.stat().st_size / 1e6:.1f} Mo", end=" ; ")
    noms = re.findall(r"^([A-Za-z0-9._-]+)==", (RACINE / "requirements" / "run.txt").read_text("utf-8"), re.M)
    tailles = {nom: _octets(nom) for nom in noms}
    lourds = sorted(tailles, key=tailles.__getitem__, reverse=True)[:6]
    print(
        f"ses {len(noms)} dépendances installées : {sum(tailles.values()) / 1e6:.0f} Mo, dont "
        + ", ".join(f"{nom} {tailles[nom] / 1e6:.0f}" for nom in lourds)
    )


def _uv() -> list[str]:
    return [str(Path(sys.executable).with_name("uv"))]


def _octets(nom: str) -> int:
    try:
        fichiers = distribution(nom).files or ()
    except ModuleNotFoundError:
        return 0
    return sum(Path(f.locate()).stat().st_size for f in fichiers if Path(f.locate()).is_file())


def service() -> None:
    """`pupitre servir` from the command to the first answer, then what each process holds."""
    temps, site = [], None
    for _ in range(3):
        if site is not None:
            _service.arreter(site)
        depart = time.perf_counter()
        site, _ = _service.lancer("--port", "0", "--travailleurs", "2")
        temps.append(time.perf_counter() - depart)
    try:
        time.sleep(REPOS)
        print(f"pupitre servir : prêt en {statistics.median(temps):.1f} s (but ≤ 3 s)")
        for pid in _service.descendance(site.pid):
            resident, propre = _memoire(pid)
            print(f"    {_nom(pid)} : {resident:.0f} Mo résidents, {propre:.0f} Mo en propre (but ≤ 300 Mo)")
    finally:
        _service.arreter(site)


def _nom(pid: int) -> str:
    ordre = Path(f"/proc/{pid}/cmdline").read_text()
    return next(
        (m for m in ("service.web", "service.taches", "service.horloge") if m in ordre), "superviseur"
    )


def _memoire(pid: int) -> tuple[float, float]:
    """Megabytes resident, and its share of them (what several processes share is counted once)."""
    lus = dict(re.findall(r"^(\w+):\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M))
    return int(lus["Rss"]) / 1000, int(lus["Pss"]) / 1000


if __name__ == "__main__":
    main()
