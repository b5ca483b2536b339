"""`pupitre retours`: letters that the mail server gives back, one report a file or on standard input."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from pupitre.cli.reponse import Reponse
from pupitre.moteur.erreurs import ErreurPupitre

_TAILLE_MAX = 10_000_000


class Illisible(ErreurPupitre):
    """No message there."""


def declarer(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument(
        "messages",
        nargs="*",
        type=Path,
        metavar="MESSAGE",
        help="un message, ou un dossier de messages (l’entrée standard sinon)",
    )


def executer(options: argparse.Namespace) -> Reponse:
    from pupitre.cli.django_pret import demarrer, refus_expliques

    demarrer()
    from pupitre.socle.courriel.retours import enregistrer

    lus, reconnus = 0, []
    with refus_expliques():
        for octets in _messages(options.messages):
            lus += 1
            courriel = enregistrer(octets)
            if courriel is not None:
                reconnus.append({"courriel": courriel.pk, "destinataire": courriel.destinataire})
    texte = f"{lus} message(s) lu(s), {len(reconnus)} courriel(s) revenu(s) noté(s)."
    return Reponse(texte, {"lus": lus, "revenus": reconnus})


def _messages(chemins: list[Path]) -> Iterator[bytes]:
    if not chemins:
        yield sys.stdin.buffer.read(_TAILLE_MAX)
    for chemin in chemins:
        if not chemin.exists():
            raise Illisible(
                f"« {chemin} » n’a pas été lu.",
                "Il n’y a rien à cet endroit.",
                "Donnez un message, un dossier de messages, ou passez le message sur l’entrée standard.",
            )
        # a Maildir keeps what is new and what is seen in two folders
        fichiers = sorted(f for f in chemin.rglob("*") if f.is_file()) if chemin.is_dir() else [chemin]
        for fichier in fichiers:
            yield fichier.read_bytes()[:_TAILLE_MAX]
