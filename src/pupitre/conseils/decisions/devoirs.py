"""What falls due with time for decisions."""

from __future__ import annotations

from pupitre.conseils.decisions import rappels
from pupitre.socle.devoirs import Devoir, inscrire


def inscrire_tous() -> None:
    inscrire(Devoir("decisions", "Rappels aux responsables de décisions", rappels.rappeler))
