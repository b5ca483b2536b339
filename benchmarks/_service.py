"""`pupitre servir` as benchmarks start it, and the files that partners' programs send to it."""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

RACINE = Path(__file__).resolve().parents[1]
PUPITRE = (sys.executable, "-m", "pupitre.cli.entree")


def milieu() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(RACINE / "src")}


def statiques() -> None:
    """The files of the site in the folder's own storage, with hashed names, as a real installation."""
    ordre = [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(ordre, env=milieu(), check=True)


def lancer(*options: str, prefixe: Sequence[str] = ()) -> tuple[subprocess.Popen[bytes], str]:
    """Process and address of a service that answers. `prefixe`: what runs it elsewhere than here."""
    processus = subprocess.Popen(
        [*prefixe, *PUPITRE, "servir", "--json", *options],
        env=milieu(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert processus.stdout is not None
    return processus, json.loads(processus.stdout.readline())["adresse"]


def arreter(processus: subprocess.Popen[bytes]) -> None:
    processus.terminate()
    processus.wait(timeout=60)


@contextlib.contextmanager
def site(travailleurs: int = 2) -> Iterator[int]:
    """Its port, on this machine; its worker and its clock run too."""
    processus, adresse = lancer("--port", "0", "--travailleurs", str(travailleurs))
    try:
        yield int(adresse.rsplit(":", 1)[1].strip("/"))
    finally:
        arreter(processus)


def descendance(pid: int) -> list[int]:
    """The process and all that it started."""
    enfants = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(p for e in enfants for p in descendance(int(e)))]


def jeton_de_depot(conseil) -> str:
    """What a program of the main courante's owner shows."""
    from pupitre.acces import jetons
    from pupitre.observatoire.models import Source

    organisation = Source.objects.get(conseil=conseil, code="main-courante").organisation
    fin = date.today() + timedelta(days=9)
    return jetons.creer(conseil=conseil, organisation=organisation, libelle="Charge", expire_le=fin)[1]


def faits(combien: int, graine: int, jour: date) -> list[str]:
    """Rows of a file: dated facts of the year before that day, with their points, their header first."""
    hasard = random.Random(graine)
    return ["Date;Longitude;Latitude"] + [
        f"{jour - timedelta(days=hasard.randrange(1, 365)):%d/%m/%Y};{hasard.uniform(2.44, 2.47):.6f};"
        f"{hasard.uniform(48.77, 48.79):.6f}"
        for _ in range(combien)
    ]


def envoi(nom: str, lignes: Sequence[str], jeton: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers that deposit a file by the API."""
    borne = uuid.uuid4().hex
    tete = (
        f'--{borne}\r\nContent-Disposition: form-data; name="source"\r\n\r\nmain-courante\r\n--{borne}\r\n'
        f'Content-Disposition: form-data; name="fichier"; filename="{nom}"\r\nContent-Type: text/csv\r\n\r\n'
    )
    corps = tete.encode() + "\n".join(lignes).encode() + f"\r\n--{borne}--\r\n".encode()
    return corps, {
        "Authorization": f"Bearer {jeton}",
        "Content-Type": f"multipart/form-data; boundary={borne}",
    }
