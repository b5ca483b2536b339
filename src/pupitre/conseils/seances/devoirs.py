"""What falls due with time for séances."""

from __future__ import annotations

from pupitre.conseils.seances import convocations
from pupitre.socle.devoirs import Devoir, inscrire


def inscrire_tous() -> None:
    inscrire(Devoir("convocations", "Rappels aux personnes convoquées", convocations.rappeler))
