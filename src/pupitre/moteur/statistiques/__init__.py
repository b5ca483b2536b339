"""Statistics: counts in, frozen estimates out (value, interval, p, method, n)."""

from pupitre.moteur.statistiques.comptages import (
    Estimation,
    benjamini_yekutieli,
    binomial_conditionnel,
    e_test,
    garwood,
    taux,
    z_rapide,
)
from pupitre.moteur.statistiques.evolutions import Evolution, evolution, evolutions, nombre, phrase
from pupitre.moteur.statistiques.intervalles import Bande, bande, bandes

__all__ = [
    "Bande",
    "Estimation",
    "Evolution",
    "bande",
    "bandes",
    "benjamini_yekutieli",
    "binomial_conditionnel",
    "e_test",
    "evolution",
    "evolutions",
    "garwood",
    "nombre",
    "phrase",
    "taux",
    "z_rapide",
]
