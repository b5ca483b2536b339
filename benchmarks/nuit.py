"""`pupitre taches` on a Monday night for many councils: how long, and killed at random, what arrives twice.

python -m benchmarks.nuit --conseils 1000 --morts 20
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, date, timedelta
from email import message_from_bytes
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(RACINE / "src"), str(RACINE)]

from benchmarks import _mille, _service  # noqa: E402
from benchmarks._installation import installation  # noqa: E402


def main() -> None:
    lus = argparse.ArgumentParser(description=__doc__)
    lus.add_argument("--conseils", type=int, default=100)
    lus.add_argument("--morts", type=int, default=10)
    options = lus.parse_args()
    with installation() as donnees:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        lundi = _peupler(donnees, options.conseils)
        _mesurer(donnees, lundi, options.conseils, options.morts)


def _peupler(donnees: Path, conseils: int) -> date:
    """Many councils on the eve of a Monday, all that was due before being done."""
    from django.db import connections
    from tests.conseils import fabrique_seances as seances

    from pupitre.acces.models import LienActe
    from pupitre.conseils.decisions.services import prendre
    from pupitre.conseils.seances import convocations
    from pupitre.observatoire.models import Convention, Relance
    from pupitre.socle import devoirs, horloge
    from pupitre.socle.courriel.modele import Courriel

    aujourdhui = horloge.aujourdhui()
    lundi = aujourdhui + timedelta(days=7 - aujourdhui.weekday())
    depart = time.perf_counter()
    with horloge.figee(lundi - timedelta(days=1)):
        conseil = _mille.premier(donnees / "monde", lundi)
        for bilan in devoirs.passer():
            assert not bilan.erreur, bilan
        # of that night: a late partner, two decisions, three people who have not answered
        Relance.objects.all().delete()
        Convention.objects.filter(conseil=conseil).update(
            referent="Sacha Petit", referent_email="referent@exemple.fr"
        )
        pleniere = conseil.formations.filter(nature="pleniere").first()
        for n in range(2):
            prendre(
                formation=pleniere,
                texte=f"Décision {n}",
                responsable=seances.personne(conseil, f"Responsable{n}"),
                echeance=lundi + timedelta(days=7),
            )
        seance = seances.seance_a_preparer(
            conseil, formation=seances.formation(conseil, nature="thematique", nom="Nuit"), debut=_a(lundi, 5)
        )
        convocations.dresser(seance=seance)
        convocations.envoyer(seance=seance)
        Courriel.objects.all().delete()
        LienActe.objects.all().delete()
        _mille.copier(conseil, conseils)
    connections.close_all()
    print(f"{conseils} conseils écrits en {time.perf_counter() - depart:.0f} s")
    return lundi


def _a(jour: date, dans: int):
    from datetime import datetime

    return datetime.combine(jour + timedelta(days=dans), datetime.min.time(), UTC).replace(hour=13)


def _mesurer(donnees: Path, lundi: date, conseils: int, morts: int) -> None:
    from tests.socle.serveur_smtp import serveur

    avant = donnees.with_name(donnees.name + "-avant")
    shutil.copytree(donnees, avant)
    try:
        with serveur() as recus:
            depart = time.perf_counter()
            processus = _lancer(donnees, lundi, recus.port)
            dit, erreurs = processus.communicate()
            duree = time.perf_counter() - depart
            assert processus.returncode == 0, erreurs.decode()
            devoirs = json.loads(dit)["devoirs"].items()
            fait = ", ".join(f"{code} {b['fait']}" for code, b in devoirs if b["fait"])
            attendus = _recus(recus)
        print(
            f"nuit du lundi de {conseils} conseils : {duree:.0f} s, {len(attendus)} lettres remises en "
            f"{recus.sessions} connexions ({fait} ; but ≤ 300 s pour 1 000)"
        )
        _tuer(avant, lundi, morts, duree, attendus)
    finally:
        shutil.rmtree(avant, ignore_errors=True)


def _tuer(donnees: Path, lundi: date, morts: int, duree: float, attendus: Counter) -> None:
    """The same night on the same eve, its process killed (SIGKILL) and started again, wherever it is."""
    from tests.socle.serveur_smtp import serveur

    hasard = random.Random(1)
    tues = 0
    with serveur() as recus:
        while True:
            processus = _lancer(donnees, lundi, recus.port)
            try:
                vivra = None if tues >= morts else hasard.uniform(1, 1 + 2 * duree / max(morts, 1))
                processus.communicate(timeout=vivra)
                break
            except subprocess.TimeoutExpired:
                processus.kill()
                processus.communicate()
                tues += 1
        arrives = _recus(recus)
    doubles = {k: n for k, n in arrives.items() if n > 1}
    perdues = set(attendus) - set(arrives)
    print(
        f"tuée {tues} fois et relancée : {len(arrives)} lettres, {len(doubles)} en double, "
        f"{len(perdues)} laissées « incertaines » (au plus une par mort), {len(set(arrives) - set(attendus))} de trop"
    )
    assert not doubles
    assert len(perdues) <= tues


def _lancer(donnees: Path, lundi: date, port: int) -> subprocess.Popen:
    milieu = _service.milieu() | {
        "PUPITRE_MODE": "production",
        "PUPITRE_DONNEES": str(donnees),
        "PUPITRE_CLE_CHIFFREMENT": "banc-de-mesure-" * 4,
        "PUPITRE_HOTES": "pupitre.exemple.fr",
        "PUPITRE_COURRIEL_HOTE": "127.0.0.1",
        "PUPITRE_COURRIEL_PORT": str(port),
        "PUPITRE_COURRIEL_SECURITE": "aucune",
    }
    return subprocess.Popen(
        [*_service.PUPITRE, "taches", "--jour", lundi.isoformat(), "--json"],
        env=milieu,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _recus(recus) -> Counter:
    return Counter(message_from_bytes(brut)["Message-ID"] for _, _, brut in recus.enveloppes)


if __name__ == "__main__":
    main()
