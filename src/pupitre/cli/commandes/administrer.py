"""`pupitre administrer …`: Django's own commands, for who develops."""

from __future__ import annotations

from pupitre.cli.django_pret import demarrer


def passer(mots: list[str]) -> int:
    demarrer()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["pupitre administrer", *(mots or ["help"])])
    return 0
