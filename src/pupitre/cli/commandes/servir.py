"""`pupitre servir`: the site and the background tasks, in the foreground, until a signal."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import sys
from collections.abc import Callable, Collection

from pupitre.cli.django_pret import InstallationRefusee, reglages
from pupitre.cli.service.superviseur import Enfant, Superviseur
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle.configuration import Configuration

SANTE = "/sante/"
SERVICES = ("site", "taches", "echeances")
_PARTOUT = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def declarer(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument("--port", type=int, default=8000, help="le port (8000 ; 0 : un port libre)")
    analyseur.add_argument(
        "--hote", default="127.0.0.1", help="l’adresse écoutée (127.0.0.1 : derrière un mandataire TLS)"
    )
    analyseur.add_argument(
        "--travailleurs", type=int, default=travailleurs_par_defaut(), help="processus du site (%(default)s)"
    )
    analyseur.add_argument(
        "--services",
        default=",".join(SERVICES),
        help="ce que fait cette machine, quand plusieurs se partagent une installation (%(default)s)",
    )


def executer(options: argparse.Namespace) -> None:
    def annoncer(adresse: str) -> None:
        if options.json:
            print(json.dumps({"adresse": adresse, "pid": os.getpid()}), flush=True)
        else:
            ou = f"\u202f: {adresse}" if adresse else "."
            print(f"Pupitre est prêt{ou}", flush=True)

    servir(
        hote=options.hote,
        port=options.port,
        travailleurs=options.travailleurs,
        annoncer=annoncer,
        services=_services(options.services),
    )


def _services(texte: str) -> tuple[str, ...]:
    choisis = tuple(mot.strip() for mot in texte.split(",") if mot.strip())
    inconnus = [mot for mot in choisis if mot not in SERVICES]
    if inconnus or not choisis:
        raise ErreurPupitre(
            "Pupitre n’a pas démarré.",
            f"Service inconnu\u202f: {', '.join(inconnus) or 'aucun n’est nommé'}.",
            f"Choisissez parmi {', '.join(SERVICES)}, séparés par des virgules.",
        )
    return choisis


def servir(
    *,
    hote: str,
    port: int,
    travailleurs: int,
    annoncer: Callable[[str], None],
    services: Collection[str] = SERVICES,
) -> None:
    """Serve until SIGTERM or SIGINT; `annoncer` receives the address once the site answers.

    Args:
        services: without the site, nothing is listened to and the address is empty.

    Raises:
        InstallationRefusee: unsafe settings, or an installation that was never initialised.
        ErreurPupitre: port taken, or a process that does not start.
    """
    configuration = reglages()
    _initialisee(configuration)
    if travailleurs < 1:
        raise ErreurPupitre(
            "Pupitre n’a pas démarré.", "Il faut au moins un travailleur.", "Donnez --travailleurs 1 ou plus."
        )
    os.umask(0o027)
    # The settings file of this folder, wherever the children are started from.
    os.environ["PUPITRE_DONNEES"] = str(configuration.donnees)
    python = [sys.executable, "-m"]
    fond = {
        "taches": Enfant("tâches de fond", [*python, "pupitre.cli.service.taches"]),
        "echeances": Enfant("échéances", [*python, "pupitre.cli.service.horloge"]),
    }
    enfants = [enfant for nom, enfant in fond.items() if nom in services]
    if "site" not in services:
        Superviseur(enfants, pret=lambda: True, annoncer=lambda: annoncer("")).conduire()
        return
    with _ecoute(hote, port) as prise:
        port = prise.getsockname()[1]
        joignable = _PARTOUT.get(hote, hote)
        nom = configuration.hotes[0].lstrip(".") if configuration.hotes else joignable
        site = Enfant(
            "site",
            [*python, "pupitre.cli.service.web", str(prise.fileno()), str(travailleurs)],
            descripteurs=(prise.fileno(),),
        )
        affiche = f"[{joignable}]" if ":" in joignable else joignable
        Superviseur(
            [site, *enfants],
            pret=lambda: _repond(joignable, port, nom),
            annoncer=lambda: annoncer(f"http://{affiche}:{port}/"),
        ).conduire()


def travailleurs_par_defaut() -> int:
    return min(4, (os.cpu_count() or 1) + 1)


def _initialisee(configuration: Configuration) -> None:
    sqlite = configuration.donnees / "pupitre.sqlite3"
    manques = []
    if not configuration.base and not sqlite.is_file():
        manques.append("la base de données n’existe pas")
    if not (configuration.statiques / "staticfiles.json").is_file():
        manques.append("les fichiers du site ne sont pas installés")
    if manques:
        raise InstallationRefusee(
            f"Le dossier «\u202f{configuration.donnees}\u202f» n’est pas une installation prête.",
            f"Il y manque quelque chose\u202f: {', '.join(manques)}.",
            "Lancez «\u202fpupitre initialiser\u202f», ou donnez le bon dossier (PUPITRE_DONNEES).",
        )


def _ecoute(hote: str, port: int) -> socket.socket:
    famille = socket.AF_INET6 if ":" in hote else socket.AF_INET
    try:
        prise = socket.create_server((hote, port), family=famille, backlog=2048)
    except (OSError, OverflowError) as erreur:
        raise ErreurPupitre(
            f"Pupitre ne peut pas écouter sur {hote}, port {port}.",
            f"Le système répond\u202f: {getattr(erreur, 'strerror', None) or erreur}.",
            "Choisissez un autre port (--port), ou arrêtez le programme qui occupe celui-ci.",
        ) from erreur
    prise.set_inheritable(True)
    return prise


def _repond(hote: str, port: int, nom: str) -> bool:
    connexion = http.client.HTTPConnection(hote, port, timeout=5)
    try:
        connexion.request("GET", SANTE, headers={"Host": nom, "X-Forwarded-Proto": "https"})
        return connexion.getresponse().status == 200
    except OSError:
        return False
    finally:
        connexion.close()
