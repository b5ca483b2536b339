"""What falls due with time in the councils' work."""

from __future__ import annotations

from pupitre.conseils.comptes_rendus import circuit
from pupitre.conseils.decisions import rappels
from pupitre.conseils.seances import convocations
from pupitre.conseils.semaine import lettre
from pupitre.socle.devoirs import Devoir

DEVOIRS = (
    Devoir("convocations", "Rappels aux personnes convoquées", convocations.rappeler),
    Devoir("decisions", "Rappels aux responsables de décisions", rappels.rappeler),
    Devoir(
        "comptes-rendus",
        "Comptes rendus dont le délai de remarques est passé",
        circuit.verrouiller_les_echus,
    ),
    Devoir("semaine", "Lettres de la semaine", lettre.envoyer),
)
