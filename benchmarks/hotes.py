"""Two hosts of the site and two of background work, one database, one store: one of each is killed under load.

Each host is a network namespace of this machine, on a bridge of its own; root is needed. What is asked:
nothing accepted is lost, nothing is done twice.

    python -m benchmarks.hotes --duree 40
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(RACINE / "src"), str(RACINE)]

from benchmarks import _mille, _service  # noqa: E402
from benchmarks._installation import installation  # noqa: E402

PONT, RESEAU, BASE = "pupitre0", "10.77.0.0/24", "10.77.0.1"
SITES = {"pupitre-s1": "10.77.0.11", "pupitre-s2": "10.77.0.12"}
FONDS = {"pupitre-t1": "10.77.0.21", "pupitre-t2": "10.77.0.22"}
PORT, LECTEURS, LIGNES = 8000, 6, 2_000
PATIENCE = 20


def main() -> None:
    lus = argparse.ArgumentParser(description=__doc__)
    lus.add_argument("--duree", type=int, default=40)
    options = lus.parse_args()
    if os.geteuid() != 0 or shutil.which("ip") is None:
        print("Il faut être root et avoir « ip » (iproute2) : rien n’est mesuré.")
        return
    from outils.postgres_temporaire import binaires, grappe

    with _reseau(), grappe(binaires(), adresse=BASE, reseau=RESEAU) as url, installation(url) as donnees:
        _essayer(donnees, options.duree)


@contextlib.contextmanager
def _reseau() -> Iterator[None]:
    def ip(*mots: str, echec: bool = False) -> None:
        subprocess.run(["ip", *mots], check=not echec, capture_output=True)

    hotes = SITES | FONDS
    try:
        ip("link", "add", PONT, "type", "bridge")
        ip("addr", "add", f"{BASE}/24", "dev", PONT)
        ip("link", "set", PONT, "up")
        for rang, (nom, adresse) in enumerate(hotes.items()):
            ip("netns", "add", nom)
            ip("link", "add", f"pup{rang}", "type", "veth", "peer", "name", "eth0", "netns", nom)
            ip("link", "set", f"pup{rang}", "master", PONT, "up")
            for mots in (["addr", "add", f"{adresse}/24", "dev", "eth0"], ["link", "set", "eth0", "up"]):
                ip("-n", nom, *mots)
            ip("-n", nom, "link", "set", "lo", "up")
        yield
    finally:
        for nom in hotes:
            ip("netns", "del", nom, echec=True)
        ip("link", "del", PONT, echec=True)


class Hote:
    """`pupitre servir` in a network namespace, with some of its services."""

    def __init__(self, nom: str, *options: str) -> None:
        self.nom, self.options = nom, options
        self.processus: subprocess.Popen[bytes] | None = None

    def demarrer(self) -> None:
        self.processus, _ = _service.lancer(*self.options, prefixe=("ip", "netns", "exec", self.nom))

    def tuer(self) -> None:
        """The supervisor and all that it started, at once: the host has lost its power."""
        for pid in reversed(_service.descendance(self.processus.pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.processus.wait()

    def arreter(self) -> None:
        _service.arreter(self.processus)


class Charge:
    """People who read, and partners' programs that send one small file after another."""

    def __init__(self, jeton: str, temoin: str, chemins: list[str], fin: float) -> None:
        self.jeton, self.temoin, self.chemins, self.fin = jeton, temoin, chemins, fin
        self.acceptees: dict[str, str] = {}
        self.comptes: Counter[str] = Counter()
        self.verrou = threading.Lock()

    def _noter(self, quoi: str) -> None:
        with self.verrou:
            self.comptes[quoi] += 1

    def _demander(self, hasard: random.Random, methode: str, chemin: str, corps=None, entetes=None):
        """Through a proxy that tries the other host when one does not answer. (status, content), None if neither."""
        for hote in hasard.sample(sorted(SITES.values()), len(SITES)):
            try:
                liaison = http.client.HTTPConnection(hote, PORT, timeout=30)
                liaison.request(methode, chemin, corps, entetes or {})
                reponse = liaison.getresponse()
                return reponse.status, reponse.read()
            except (OSError, http.client.HTTPException):
                self._noter("relais vers l’autre hôte")
        return None

    def lire(self, graine: int) -> None:
        hasard = random.Random(graine)
        while time.monotonic() < self.fin:
            dit = self._demander(hasard, "GET", hasard.choice(self.chemins), entetes={"Cookie": self.temoin})
            self._noter("page lue" if dit and dit[0] == 200 else f"page manquée ({dit and dit[0]})")
            time.sleep(hasard.expovariate(2))

    def deposer(self) -> None:
        """Sent again until somebody says that it has it: a file already there is said to be so."""
        hasard, n = random.Random(0), 0
        while time.monotonic() < self.fin:
            n += 1
            nom = f"envoi-{n}.csv"
            lignes = _service.faits(LIGNES, graine=n, jour=date.today() - timedelta(days=1))
            corps, entetes = _service.envoi(nom, lignes, self.jeton)
            while time.monotonic() < self.fin + PATIENCE:
                dit = self._demander(hasard, "POST", "/api/v1/livraisons", corps, entetes)
                if dit and dit[0] == 202:
                    self.acceptees[nom] = json.loads(dit[1])["id"]
                    break
                if dit and dit[0] == 409:
                    self.acceptees[nom] = ""
                    self._noter("dépôt déjà reçu avant la coupure")
                    break
                self._noter(f"dépôt retenté ({dit[0] if dit else 'aucun hôte'})")
                time.sleep(0.5)
            time.sleep(0.5)


def _essayer(donnees: Path, duree: int) -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections
    from django.test import Client
    from django.urls import reverse
    from tests.fabriques import entrer

    from pupitre.acces.models import Utilisateur
    from pupitre.socle import horloge

    call_command("migrate", verbosity=0)
    (donnees / "statiques").mkdir(exist_ok=True)
    conseil = _mille.premier(donnees / "monde", horloge.aujourdhui())
    os.environ["PUPITRE_HOTES"] = ",".join(SITES.values())
    _service.statiques()
    jeton = _service.jeton_de_depot(conseil)
    client = entrer(Client(), Utilisateur.objects.get(email="coordinateur@exemple.fr"))
    temoin = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    chemins = [
        reverse(nom, args=[conseil.slug]) for nom in ("accueil_conseil", "tableau", "decisions", "seances")
    ]
    connections.close_all()

    sites = [
        Hote(n, "--hote", a, "--port", str(PORT), "--travailleurs", "1", "--services", "site")
        for n, a in SITES.items()
    ]
    fonds = [Hote(n, "--services", "taches") for n in FONDS]
    for hote in (*sites, *fonds):
        hote.demarrer()
    charge = Charge(jeton, temoin, chemins, time.monotonic() + duree)
    fils = [threading.Thread(target=charge.lire, args=(g,)) for g in range(LECTEURS)]
    fils.append(threading.Thread(target=charge.deposer))
    for fil in fils:
        fil.start()
    time.sleep(duree / 3)
    sites[0].tuer()
    _tuer_au_travail(fonds[0])
    print(f"{sites[0].nom} et {fonds[0].nom} sont morts après {duree // 3} s")
    time.sleep(duree / 3)
    fonds[0].demarrer()
    for fil in fils:
        fil.join()
    _attendre_la_file()
    for hote in (sites[1], *fonds):
        hote.arreter()
    _compter(charge)


def _tuer_au_travail(hote: Hote) -> None:
    """When it holds something, if that comes within ten seconds."""
    from django_tasks_db.models import DBTaskResult

    pids = {str(p) for p in _service.descendance(hote.processus.pid)}
    limite = time.monotonic() + 10
    while time.monotonic() < limite:
        tenues = DBTaskResult.objects.running().values_list("worker_ids", flat=True)
        if any(ids[-1].split("/")[1] in pids for ids in tenues):
            break
        time.sleep(0.01)
    else:
        print("  (il ne tenait rien)")
    hote.tuer()


def _attendre_la_file() -> None:
    from django_tasks_db.models import DBTaskResult

    limite = time.monotonic() + 120
    while (
        time.monotonic() < limite
        and DBTaskResult.objects.exclude(status__in=("SUCCESSFUL", "FAILED")).exists()
    ):
        time.sleep(0.5)


def _compter(charge: Charge) -> None:
    from django_tasks_db.models import DBTaskResult

    from pupitre.observatoire.models import EvenementLivraison, Livraison

    recues = Livraison.objects.filter(nom__startswith="envoi-")
    noms = Counter(recues.values_list("nom", flat=True))
    evenements = Counter(
        EvenementLivraison.objects.filter(livraison__in=recues).values_list("livraison", "etat")
    )
    doubles = [nom for nom, n in noms.items() if n > 1] + [str(c) for c, n in evenements.items() if n > 1]
    perdues = set(charge.acceptees) - set(noms)
    lues = sum(1 for (_, etat) in evenements if etat == "controlee")
    par_ouvrier = Counter(
        ids[-1].split("/")[1] for ids in DBTaskResult.objects.values_list("worker_ids", flat=True) if ids
    )
    reprises = sum(len(ids) > 1 for ids in DBTaskResult.objects.values_list("worker_ids", flat=True))
    etats = Counter(DBTaskResult.objects.values_list("status", flat=True))
    print(f"  {_dire(charge.comptes)}")
    print(
        f"  travaux : {_dire(etats)}, par {len(par_ouvrier)} ouvriers {sorted(par_ouvrier.values())}, {reprises} repris"
    )
    print(
        f"  {len(charge.acceptees)} fichiers acceptés, {len(noms)} gardés, {lues} lus ; {len(perdues)} perdu(s), "
        f"{len(doubles)} en double"
    )
    assert not perdues
    assert not doubles
    assert lues == len(noms)


def _dire(comptes: Counter[str]) -> str:
    return ", ".join(f"{quoi} {n}" for quoi, n in comptes.items())


if __name__ == "__main__":
    main()
