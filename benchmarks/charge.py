"""Fifty people at once on two processes of the site, a file being read meanwhile; then ten séances held at once.

python -m benchmarks.charge --duree 60 --bases sqlite,postgresql
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import re
import subprocess
import sys
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

RACINE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(RACINE / "src"), str(RACINE)]

from benchmarks import _mille, _service  # noqa: E402
from benchmarks._installation import installation  # noqa: E402

CONSEILS, PERSONNES, LIGNES = 10, 50, 50_000
ROLES = ("coordinateur", "assistant", "president", "maire_membre")
# What people open, out of a hundred pages.
PARCOURS = {
    "accueil_conseil": 24,
    "tableau": 18,
    "decisions": 14,
    "seance": 12,
    "rechercher": 10,
    "seances": 8,
}
PARCOURS |= {"annuaire": 6, "decision": 4, "calendrier": 4}
MOTS = ("éclairage", "hall", "médiation", "colege", "martin", "gare")


@dataclass
class Mesures:
    """Seconds of each answer, by page; and what did not answer well."""

    temps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    fautes: list[str] = field(default_factory=list)
    verrou: threading.Lock = field(default_factory=threading.Lock)

    def noter(self, nom: str, duree: float, faute: str = "") -> None:
        with self.verrou:
            self.temps[nom].append(duree)
            if faute:
                self.fautes.append(f"{nom} : {faute}")

    def dire(self, titre: str) -> None:
        tous = sorted(t for siens in self.temps.values() for t in siens)
        p50, p95, p99 = (1000 * _centile(tous, c) for c in (50, 95, 99))
        print(
            f"{titre} : {len(tous)} réponses, p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms, "
            f"{len(self.fautes)} erreur(s)"
        )
        for nom, siens in sorted(self.temps.items()):
            siens.sort()
            print(
                f"    {nom} : {len(siens)}, p50 {1000 * _centile(siens, 50):.0f}, p95 {1000 * _centile(siens, 95):.0f}"
            )
        for faute in sorted(set(self.fautes))[:5]:
            print(f"    ! {faute}")


def _centile(tries: list[float], centile: int) -> float:
    return tries[min(len(tries) - 1, len(tries) * centile // 100)] if tries else 0.0


@dataclass(frozen=True)
class Personne:
    role: str
    conseil: str
    temoin: str
    pages: tuple[tuple[str, str], ...]


def main() -> None:
    lus = argparse.ArgumentParser(description=__doc__)
    lus.add_argument("--duree", type=int, default=60)
    lus.add_argument("--bases", default="sqlite,postgresql")
    lus.add_argument(
        "--pause", type=float, default=5.0, help="secondes de lecture entre deux pages, en moyenne"
    )
    lus.add_argument("--une", default="", help=argparse.SUPPRESS)
    options = lus.parse_args()
    if options.une:
        with _base(options.une) as url, installation(url) as donnees:
            _mesurer(options.une, donnees, options.duree, options.pause)
        return
    for base in options.bases.split(","):
        ordre = [sys.executable, "-m", "benchmarks.charge", "--une", base]
        ordre += ["--duree", str(options.duree), "--pause", str(options.pause)]
        subprocess.run(ordre, cwd=RACINE, check=True)


@contextmanager
def _base(nom: str) -> Iterator[str]:
    if nom == "sqlite":
        yield ""
        return
    from outils.postgres_temporaire import binaires, grappe

    with grappe(binaires()) as url:
        yield url


def _mesurer(base: str, donnees: Path, duree: int, pause: float) -> None:
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0)
    (donnees / "statiques").mkdir(exist_ok=True)
    personnes, seances, jeton = _peupler(donnees)
    _service.statiques()
    if base == "postgresql":  # what its own housekeeping does within a minute
        with connections["default"].cursor() as curseur:
            curseur.execute("ANALYZE")
    connections.close_all()
    with _service.site() as port:
        _echauffer(port, personnes)
        mesures = Mesures()
        importe = threading.Thread(target=_importer, args=(port, jeton, mesures))
        importe.start()
        _ensemble([lambda p=p: _naviguer(port, p, duree, pause, mesures) for p in personnes])
        importe.join()
        mesures.dire(
            f"{base}, {len(personnes)} personnes, {pause:.0f} s entre deux pages, un fichier lu en même temps"
        )
        direct = Mesures()
        _ensemble([lambda p=p, s=s: _tenir(port, p, s, duree // 2, direct) for p, s in seances])
        direct.dire(f"{base}, {len(seances)} séances tenues à la fois pendant {duree // 2} s")


def _peupler(donnees: Path) -> tuple[list[Personne], list[tuple[Personne, int]], str]:
    from tests.conseils import fabrique_seances as seances

    from pupitre.acces.models import Utilisateur
    from pupitre.conseils.models import Decision, Seance
    from pupitre.conseils.tenue import services as tenue
    from pupitre.socle import horloge
    from pupitre.territoires.models import Conseil

    premier = _mille.premier(donnees / "monde", horloge.aujourdhui(), part=1)
    a_tenir = seances.seance_a_preparer(
        premier, membres=25, formation=seances.formation(premier, nature="thematique", nom="En salle")
    )
    seances.point(a_tenir)
    tenue.ouvrir(seance=a_tenir)
    _mille.copier(premier, CONSEILS)
    tous = list(Conseil.objects.filter(slug__startswith=premier.slug).order_by("pk"))
    gens, tenues = [], []
    for rang, conseil in enumerate(tous):
        une = Seance.objects.filter(formation__conseil=conseil, etat="tenue").latest("debut").pk
        decision = Decision.objects.filter(conseil=conseil).latest("pk").pk
        for role in ROLES:
            adresse = f"{role}@exemple.fr" if not rang else f"{rang}.{role}@exemple.fr"
            gens.append(_personne(Utilisateur.objects.get(email=adresse), role, conseil.slug, une, decision))
        tenues.append((gens[-len(ROLES)], a_tenir.pk + rang * _mille.PAS))
    hasard = random.Random(1)
    return [hasard.choice(gens) for _ in range(PERSONNES)], tenues, _service.jeton_de_depot(premier)


def _personne(compte, role: str, conseil: str, seance: int, decision: int) -> Personne:
    """Signed in, with the pages that the role opens."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse
    from tests.fabriques import entrer

    client = entrer(Client(), compte)
    pages = []
    for nom in PARCOURS:
        reste = {"seance": (seance,), "decision": (decision,)}.get(nom, ())
        chemin = reverse(nom, args=[conseil, *reste])
        if client.get(chemin).status_code == 200:
            pages.append((nom, chemin))
    return Personne(role, conseil, client.cookies[settings.SESSION_COOKIE_NAME].value, tuple(pages))


def _ensemble(gestes: list[Callable[[], None]]) -> None:
    fils = [threading.Thread(target=g) for g in gestes]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()


def _demander(
    port: int, chemin: str, mesures: Mesures, nom: str, *, corps=None, entetes=None, attendu=200
) -> bytes:
    depart = time.perf_counter()
    faute, contenu = "", b""
    try:
        liaison = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        liaison.request("POST" if corps is not None else "GET", chemin, corps, entetes or {})
        reponse = liaison.getresponse()
        contenu = reponse.read()
        if reponse.status != attendu:
            faute = f"réponse {reponse.status}"
        liaison.close()
    except OSError as erreur:
        faute = str(erreur)
    mesures.noter(nom, time.perf_counter() - depart, faute)
    return contenu


def _temoin(personne: Personne, **autres: str) -> dict[str, str]:
    from django.conf import settings

    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={personne.temoin}"} | autres


def _echauffer(port: int, personnes: list[Personne]) -> None:
    """Each process has opened each page once."""
    vues = Mesures()
    for _ in range(4):
        for nom, chemin in personnes[0].pages:
            _demander(port, chemin, vues, nom, entetes=_temoin(personnes[0]))
    assert not vues.fautes, vues.fautes[:3]


def _naviguer(port: int, personne: Personne, duree: int, pause: float, mesures: Mesures) -> None:
    hasard = random.Random(f"{personne.temoin}{threading.get_ident()}")
    fin = time.perf_counter() + duree
    poids = [PARCOURS[nom] for nom, _ in personne.pages]
    time.sleep(hasard.uniform(0, pause))
    while time.perf_counter() < fin:
        nom, chemin = hasard.choices(personne.pages, poids)[0]
        if nom == "rechercher":
            chemin += "?" + urlencode({"q": hasard.choice(MOTS)})
        _demander(port, chemin, mesures, nom, entetes=_temoin(personne))
        time.sleep(hasard.expovariate(1 / pause))


def _importer(port: int, jeton: str, mesures: Mesures) -> None:
    """A partner's program sends a long file by the API; the site's worker reads it."""
    lignes = _service.faits(LIGNES, graine=2, jour=date.today() - timedelta(days=1))
    corps, entetes = _service.envoi("charge.csv", lignes, jeton)
    depart = time.perf_counter()
    recue = json.loads(
        _demander(port, "/api/v1/livraisons", mesures, "dépôt", corps=corps, entetes=entetes, attendu=202)
    )
    chemin = recue["adresse"].split("/", 3)[3]
    while time.perf_counter() - depart < 180:
        time.sleep(1)
        etat = json.loads(
            _demander(port, f"/{chemin}", mesures, "suivi", entetes={"Authorization": f"Bearer {jeton}"})
        )
        if etat["etat"] != "recue":
            break
    print(
        f"fichier de {LIGNES} faits : « {etat['etat']} » {time.perf_counter() - depart:.0f} s après son envoi"
    )


def _tenir(port: int, personne: Personne, seance: int, duree: int, mesures: Mesures) -> None:
    """The laptop of the room: the screen once, then a note kept as it is typed."""
    from django.conf import settings

    chemin = f"/conseils/{personne.conseil}/seances/{seance}/tenue/"
    ecran = _demander(port, chemin, mesures, "écran de la salle", entetes=_temoin(personne)).decode()
    csrf = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', ecran)[1]
    point = re.search(r'name="point" value="([0-9a-f-]{36})"', ecran)[1]
    entetes = _temoin(
        personne, **{"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    )
    entetes["Cookie"] += f"; {settings.CSRF_COOKIE_NAME}={csrf}"
    entetes["Referer"] = f"http://127.0.0.1:{port}{chemin}"
    cle, onglet, version, texte = str(uuid.uuid4()), str(uuid.uuid4()), 0, ""
    fin = time.perf_counter() + duree
    while time.perf_counter() < fin:
        texte += "Le bailleur présente les travaux du hall. "
        champs = {"quoi": "note", "cle": cle, "point": point, "texte": texte[-2000:], "version": version}
        champs |= {"onglet": onglet, "csrfmiddlewaretoken": csrf}
        dit = _demander(
            port, f"{chemin}saisie/", mesures, "note gardée", corps=urlencode(champs), entetes=entetes
        )
        if dit.startswith(b"{"):
            version = json.loads(dit).get("version", version)
        time.sleep(1)


if __name__ == "__main__":
    main()
