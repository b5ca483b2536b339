"""Flame graphs of the slowest paths, drawn by py-spy: where the time of a page goes, and of a file that is read.

    python -m benchmarks.flammes --dossier docs/flammes [--suffixe avant]

One process makes a council with ten years of life and asks each path again for some seconds; py-spy looks at it from
outside. The files are drawings that a browser opens, with a search and a zoom.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(RACINE / "src"), str(RACINE)]

from benchmarks._installation import installation  # noqa: E402

SECONDES, CADENCE, FAITS = 6, 400, 200_000
PART_MINIMALE = 0.7  # percent


def main() -> None:
    lus = argparse.ArgumentParser(description=__doc__)
    lus.add_argument("--dossier", type=Path, default=RACINE / "docs" / "flammes")
    lus.add_argument("--suffixe", default="apres")
    options = lus.parse_args()
    py_spy = shutil.which("py-spy", path=f"{RACINE}/.venv/concurrents/bin:{os.environ['PATH']}")
    if py_spy is None:
        print("py-spy est absent : `make bench` l’installe. Rien n’est dessiné.")
        return
    options.dossier.mkdir(parents=True, exist_ok=True)
    with installation() as donnees:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        for nom, geste in _chemins(donnees).items():
            fois, duree = _dessiner(py_spy, geste, options.dossier / f"{nom}-{options.suffixe}.svg")
            print(f"{nom} : {1000 * duree / fois:.0f} ms sous py-spy, {fois} fois")


def _chemins(donnees: Path) -> dict[str, Callable[[], object]]:
    from django.test import Client
    from django.urls import reverse
    from tests.conseils import fabrique_dix_ans
    from tests.fabriques import construire, entrer, utilisateur
    from tests.observatoire.fabrique import organisation

    from pupitre.acces.droits import Role
    from pupitre.conseils.models import Seance

    (donnees / "statiques").mkdir(exist_ok=True)
    (donnees / "monde").mkdir()
    conseil = construire(donnees / "monde").conseil
    fabrique_dix_ans.vivre(conseil, [organisation(conseil), organisation(conseil, "STRAV", "transporteur")])
    clients = {r: entrer(Client(), utilisateur(r, conseil)) for r in (Role.COORDINATEUR, Role.MAIRE_MEMBRE)}

    seance = Seance.objects.filter(formation__slug="dix-ans-1").latest("debut").pk

    def page(role: Role, nom: str, *reste: int, **question: str) -> Callable[[], object]:
        chemin = reverse(nom, args=[conseil.slug, *reste])

        def ouvrir() -> None:
            assert clients[role].get(chemin, question).status_code == 200

        return ouvrir

    return {
        "semaine": page(Role.COORDINATEUR, "accueil_conseil"),
        "decisions-maire": page(Role.MAIRE_MEMBRE, "decisions"),
        "recherche-faute": page(Role.COORDINATEUR, "rechercher", q="eclairagz"),
        "tableau": page(Role.COORDINATEUR, "tableau"),
        "salle": page(Role.COORDINATEUR, "seance-tenue", seance),
        "import": _import(donnees),
    }


def _import(donnees: Path) -> Callable[[], object]:
    from benchmarks import _fichiers, import_compare

    communes = import_compare.reference()
    fichier = _fichiers.faits(donnees / "faits.csv", FAITS)
    return lambda: import_compare.pupitre(fichier, communes)


def _dessiner(py_spy: str, geste: Callable[[], object], fichier: Path) -> tuple[int, float]:
    geste()
    ordre = [py_spy, "record", "--pid", str(os.getpid()), "--rate", str(CADENCE), "--duration", str(SECONDES)]
    espion = subprocess.Popen(
        [*ordre, "--format", "flamegraph", "--function", "--output", str(fichier)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    depart, fois = time.perf_counter(), 0
    while espion.poll() is None:
        geste()
        fois += 1
        if time.perf_counter() - depart > 10 * SECONDES:
            espion.send_signal(signal.SIGINT)
    assert espion.returncode == 0, espion.stderr.read().decode()
    fichier.write_text(_alleger(fichier.read_text("utf-8"), fichier.stem), "utf-8")
    return fois, time.perf_counter() - depart


def _alleger(dessin: str, titre: str) -> str:
    """Named by its path, without what is too thin to be read."""
    dessin = re.sub(r'(id="title"[^>]*>)[^<]*', rf"\g<1>{titre}", dessin)

    def garder(groupe: re.Match[str]) -> str:
        return groupe[0] if float(groupe[1]) >= PART_MINIMALE else ""

    return re.sub(r"<g><title>[^<]*?([0-9.]+)%\)</title>.*?</g>", garder, dessin, flags=re.DOTALL)


if __name__ == "__main__":
    main()
