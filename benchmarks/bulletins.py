"""The monthly bulletin of many councils, by two processes: the demonstration's council, copied.

    python -m benchmarks.bulletins --conseils 1000 [--demonstration DOSSIER]

`DOSSIER`: a demonstration built by `pupitre demo --preparer --donnees DOSSIER`, which is copied and left as it is.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(RACINE / "src"), str(RACINE)]

from benchmarks import _mille  # noqa: E402

PROCESSUS, BUT = 2, 600


def main() -> None:
    lus = argparse.ArgumentParser(description=__doc__)
    lus.add_argument("--conseils", type=int, default=40)
    lus.add_argument("--demonstration", type=Path)
    lus.add_argument("--part", type=int, default=-1, help=argparse.SUPPRESS)
    options = lus.parse_args()
    if options.part >= 0:
        _ecrire(options.part)
        return
    with tempfile.TemporaryDirectory(prefix="pupitre-bulletins-") as dossier:
        donnees = Path(dossier) / "demonstration"
        os.environ |= {"PUPITRE_MODE": "demonstration", "PUPITRE_DONNEES": str(donnees)}
        os.environ["PYTHONPATH"] = str(RACINE / "src")
        if options.demonstration:
            shutil.copytree(options.demonstration, donnees)
        else:
            ordre = ["-m", "pupitre.cli.entree", "demo", "--preparer", "--donnees", str(donnees), "--json"]
            subprocess.run([sys.executable, *ordre], check=True, stdout=subprocess.DEVNULL)
        _copier(options.conseils)
        _mesurer(options.conseils)


def _demarrer() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pupitre.projet.settings")
    import django

    django.setup()


def _copier(conseils: int) -> None:
    _demarrer()
    from django.db import connections

    from pupitre.cli.demonstration.construction import SLUG
    from pupitre.territoires.models import Conseil

    depart = time.perf_counter()
    conseil = Conseil.objects.get(slug=SLUG)
    # one more, since the demonstration's own has sent its bulletins
    _mille.copier(conseil, conseils + 1, sans=frozenset({"observatoire.bulletin"}))
    connections.close_all()
    print(f"démonstration copiée {conseils} fois en {time.perf_counter() - depart:.0f} s")


def _mesurer(conseils: int) -> None:
    depart = time.perf_counter()
    ordre = [sys.executable, "-m", "benchmarks.bulletins", "--part"]
    lances = [
        subprocess.Popen([*ordre, str(n)], cwd=RACINE, stdout=subprocess.PIPE) for n in range(PROCESSUS)
    ]
    dits = [p.communicate()[0].decode() for p in lances]
    duree = time.perf_counter() - depart
    assert not any(p.returncode for p in lances)
    lus = [[float(mot) for mot in d.split()] for d in dits]
    pages, octets = (sum(lu[i] for lu in lus) for i in (0, 1))
    # The first bulletin of each process is counted with its start-up: what is left is made by the others.
    demarrage = max(lu[2] for lu in lus)
    suivants = max(lu[3] for lu in lus) / max(1, conseils - PROCESSUS)
    print(
        f"{conseils} bulletins ({pages / conseils:.0f} pages, {octets / conseils / 1000:.0f} ko chacun) par "
        f"{PROCESSUS} processus : {duree:.0f} s, soit {duree / conseils * 1000:.0f} s pour 1 000 (but ≤ {BUT} s) ; "
        f"hors démarrage ({demarrage:.1f} s, premier bulletin compris) {suivants * 1000:.0f} s pour 1 000"
    )


def _ecrire(part: int) -> None:
    """Each process takes the councils in turn, from the figures to the document."""
    depart = time.perf_counter()
    _demarrer()
    import io

    import pikepdf

    from pupitre.cli.demonstration.construction import SLUG
    from pupitre.cli.service.enfant import espacer_les_collectes
    from pupitre.observatoire.diffusion import editions, fichiers
    from pupitre.territoires.models import Conseil

    # As in the processes of the service.
    espacer_les_collectes()
    premier = 0.0
    pages = octets = 0
    siens = list(Conseil.objects.filter(slug__startswith=f"{SLUG}-").order_by("pk"))[part::PROCESSUS]
    for conseil in siens:
        bulletin = editions.preparer_periode(conseil=conseil, periode="2026-10")
        contenu = fichiers.document(bulletin)
        octets += len(contenu)
        with pikepdf.open(io.BytesIO(contenu)) as pdf:
            pages += len(pdf.pages)
        premier = premier or time.perf_counter() - depart
    print(pages, octets, premier, time.perf_counter() - depart - premier)


if __name__ == "__main__":
    main()
