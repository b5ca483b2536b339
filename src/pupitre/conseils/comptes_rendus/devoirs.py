"""What falls due with time for minutes."""

from __future__ import annotations

from pupitre.conseils.comptes_rendus import circuit
from pupitre.socle.devoirs import Devoir, inscrire


def inscrire_tous() -> None:
    inscrire(
        Devoir(
            "comptes-rendus",
            "Comptes rendus dont le délai de remarques est passé",
            circuit.verrouiller_les_echus,
        )
    )
