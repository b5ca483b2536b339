"""Measures over the monthly cube: Ibis table in, Ibis table out."""

from pupitre.moteur.mesures.calendrier import (
    COMPOSABLES,
    Case,
    Pas,
    calendrier,
    case,
    debut_de,
    libelle,
    suivante,
)
from pupitre.moteur.mesures.expressions import (
    classement,
    cumul,
    evolution,
    inventaire,
    periodes,
    repartition,
    serie,
    taux,
)

__all__ = [
    "COMPOSABLES",
    "Case",
    "Pas",
    "calendrier",
    "case",
    "classement",
    "cumul",
    "debut_de",
    "evolution",
    "inventaire",
    "libelle",
    "periodes",
    "repartition",
    "serie",
    "suivante",
    "taux",
]
