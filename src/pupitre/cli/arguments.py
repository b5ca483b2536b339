"""argparse in French, whose refusals are errors like the others."""

from __future__ import annotations

import argparse
import re
from typing import Any, NoReturn

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle.texte import FINE, typographier

_TRADUCTIONS = (
    (r"the following arguments are required: (.+)", r"il manque \1"),
    (r"unrecognized arguments: (.+)", r"je ne connais pas \1"),
    (r"expected one argument", "une valeur est attendue"),
    (r"expected (\d+) arguments?", r"\1 valeurs sont attendues"),
    (r"expected at least one argument", "au moins une valeur est attendue"),
    (r"invalid choice: '?([^']*?)'? \(choose from (.+)\)", r"« \1 » n’est pas un choix possible (\2)"),
    (r"invalid \w+ value: '(.*)'", r"« \1 » ne convient pas"),
    (r"not allowed with argument (.+)", r"ne va pas avec \1"),
    (r"one of the arguments (.+) is required", r"il faut l’un de \1"),
    (r"ambiguous option: (.+) could match (.+)", r"\1 est ambigu : \2"),
    (r"argument (.+?): (.+)", r"\1 : \2"),
)


class MauvaisUsage(ErreurPupitre):
    """The command line was not understood."""


class Aide(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, f"Usage{FINE}: " if prefix is None else prefix)


class Analyseur(argparse.ArgumentParser):
    """Parser that speaks French and raises MauvaisUsage instead of leaving the process."""

    def __init__(self, **options: Any) -> None:
        aide = options.pop("add_help", True)
        options.setdefault("formatter_class", Aide)
        for texte in ("description", "epilog"):
            if options.get(texte):
                options[texte] = typographier(options[texte])
        super().__init__(add_help=False, allow_abbrev=False, **options)
        self._positionals.title = "arguments"
        self._optionals.title = "options"
        if aide:
            self.add_argument("-h", "--help", "--aide", action="help", help="affiche cette aide")

    def error(self, message: str) -> NoReturn:
        raise MauvaisUsage(
            "La commande n’a pas été comprise.",
            typographier(f"{_majuscule(en_francais(message))}."),
            typographier(f"Lancez « {self.prog} --help » pour voir comment l’écrire."),
        )


def en_francais(message: str) -> str:
    """argparse's own English messages, as far as they can be met here."""
    for motif, traduction in _TRADUCTIONS:
        message = re.sub(motif, traduction, message)
    return message


def _majuscule(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:]
