"""Run a command with DATABASE_URL on a temporary PostgreSQL cluster: `postgres_temporaire.py COMMAND…`

The cluster is made from the system's binaries, listens on a unix socket only, keeps nothing, and ends with
the command, whose exit status is returned.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MODELE = ("-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
SANS_DURABILITE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresqlAbsent(Exception):
    pass


def binaires(racine: Path = Path("/usr/lib/postgresql")) -> Path:
    """Folder of the newest `initdb`: Debian keeps one folder a version, out of the PATH."""
    versions = sorted(racine.glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if versions:
        return versions[-1].parent
    trouve = shutil.which("initdb")
    if trouve is None:
        raise PostgresqlAbsent("PostgreSQL est absent : sous Debian, « apt install postgresql ».")
    return Path(trouve).resolve().parent


@contextmanager
def grappe(bin_: Path, *, adresse: str = "", reseau: str = "") -> Iterator[str]:
    """A running cluster; gives its URL.

    Args:
        adresse, reseau: listen there too, to who comes from that network ("10.0.0.0/24"), without a password.
    """
    # initdb refuses root: as root, the server runs as Debian's `postgres`.
    compte = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    dossier = Path(tempfile.mkdtemp(prefix="pg-"))
    serveur = None
    try:
        if compte:
            shutil.chown(dossier, "postgres", "postgres")
        donnees = dossier / "donnees"
        subprocess.run(
            [bin_ / "initdb", "-D", donnees, "-U", "pupitre", *MODELE],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=dossier,
            **compte,
        )
        if reseau:
            with (donnees / "pg_hba.conf").open("a") as regles:
                regles.write(f"host all all {reseau} trust\n")
        ouverts = (f"listen_addresses={adresse}", "max_connections=60")
        reglages = [m for r in (*SANS_DURABILITE, *ouverts) for m in ("-c", r)]
        journal = (dossier / "journal").open("wb")
        with journal:
            serveur = subprocess.Popen(
                [bin_ / "postgres", "-D", donnees, "-k", dossier, *reglages],
                stdout=journal,
                stderr=subprocess.STDOUT,
                cwd=dossier,
                start_new_session=True,
                **compte,
            )
        _attendre(bin_, dossier, serveur)
        subprocess.run(
            [bin_ / "createdb", "-h", dossier, "-U", "pupitre", "pupitre"], check=True, cwd=dossier
        )
        yield f"postgresql://pupitre@{adresse}/pupitre" + ("" if adresse else f"?host={dossier}")
    finally:
        if serveur is not None and serveur.poll() is None:
            serveur.send_signal(signal.SIGQUIT)
            serveur.wait(timeout=30)
        shutil.rmtree(dossier, ignore_errors=True)


def _attendre(bin_: Path, dossier: Path, serveur: subprocess.Popen[bytes]) -> None:
    limite = time.monotonic() + 60
    while time.monotonic() < limite and serveur.poll() is None:
        pret = subprocess.run([bin_ / "pg_isready", "-q", "-h", dossier, "-U", "pupitre"], cwd=dossier)
        if pret.returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError("PostgreSQL n’a pas démarré :\n" + (dossier / "journal").read_text(errors="replace"))


def main(commande: list[str]) -> int:
    if not commande:
        print(__doc__, file=sys.stderr)
        return 2
    # Ends the cluster too when the command is stopped from outside.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with grappe(binaires()) as url:
            code = subprocess.run(commande, env={**os.environ, "DATABASE_URL": url}).returncode
    except PostgresqlAbsent as erreur:
        print(erreur, file=sys.stderr)
        return 1
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
