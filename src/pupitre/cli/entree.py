"""`pupitre`: one entry, one module a command, loaded only when it is asked for."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from pupitre import __version__
from pupitre.cli.arguments import Analyseur
from pupitre.cli.reponse import ecrire, ecrire_erreur
from pupitre.moteur.erreurs import ErreurPupitre

COMMANDES = {
    "lire": "lit le fichier d’un partenaire et dit ce qui en a été compris",
    "adresses": "situe les adresses d’un fichier d’après un extrait de la BAN",
    "mesurer": "calcule un chiffre d’un fichier : nature, territoire, période",
    "proximite": "dit si des faits se répètent au même endroit et peu après",
    "deplacement": "mesure ce qu’une action locale a changé, déplacement compris",
    "evolution": "dit si la différence de deux comptes dépasse le hasard",
    "importer": "dépose un fichier dans un conseil, et le publie si on le demande",
    "bulletin": "écrit le bulletin d’un mois ou d’une année en PDF",
    "taches": "fait ce qui est dû : relances, rappels, échéances, courriels",
    "retours": "note les courriels que le serveur de courrier a rendus",
    "initialiser": "prépare une installation : réglages, base, conseil, premiers comptes",
    "servir": "sert Pupitre : le site et les tâches de fond, ensemble",
    "demo": "prépare la démonstration et la sert",
    "administrer": "passe une commande à Django (pour qui développe)",
}
_DEHORS = {"administrer"}


def analyseur(commande: str | None) -> argparse.ArgumentParser:
    """The whole list of commands, with the arguments of the one that is asked for."""
    racine = Analyseur(
        prog="pupitre",
        description="Pupitre : coordonner la prévention locale de la délinquance (CLSPD, CISPD).",
        epilog="« pupitre COMMANDE --help » détaille une commande.",
    )
    racine.add_argument("--version", action="version", version=f"pupitre {__version__}", help="la version")
    noms = racine.add_subparsers(dest="commande", metavar="COMMANDE", required=True, title="commandes")
    for nom, aide in COMMANDES.items():
        demandee = nom == commande
        sous = noms.add_parser(nom, help=aide, description=_phrase(aide), add_help=nom not in _DEHORS)
        if nom not in _DEHORS:
            sous.add_argument("--json", action="store_true", help="un objet JSON sur la sortie standard")
        if demandee:
            _module(nom).declarer(sous)
    return racine


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0, or 2 with the error said in full."""
    mots = list(sys.argv[1:] if argv is None else argv)
    commande = next((m for m in mots if m in COMMANDES), None)
    en_json = "--json" in mots and commande not in _DEHORS
    try:
        if commande in _DEHORS and mots[0] == commande:
            return int(_module(commande).passer(mots[1:]))
        options = analyseur(commande).parse_args(mots)
        reponse = _module(options.commande).executer(options)
        ecrire(reponse, en_json=en_json)
    except ErreurPupitre as erreur:
        ecrire_erreur(erreur, en_json=en_json)
        return 2
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing to say, and no traceback at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        return 130
    return reponse.code if reponse is not None else 0


def _module(nom: str):
    return import_module(f"pupitre.cli.commandes.{nom}")


def _phrase(aide: str) -> str:
    return aide[0].upper() + aide[1:] + "."


if __name__ == "__main__":
    sys.exit(main())
