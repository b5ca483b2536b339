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
from pupitre.moteur.statistiques.entonnoir import Entonnoir, entonnoir
from pupitre.moteur.statistiques.evolutions import (
    Evolution,
    evolution,
    evolution_parmi,
    evolutions,
    nombre,
    phrase,
)
from pupitre.moteur.statistiques.intervalles import Bande, bande, bandes, probabilite
from pupitre.moteur.statistiques.prediction import Prediction, hors_de_prediction, predire

__all__ = [
    "Bande",
    "Entonnoir",
    "Estimation",
    "Evolution",
    "Prediction",
    "bande",
    "bandes",
    "benjamini_yekutieli",
    "binomial_conditionnel",
    "e_test",
    "entonnoir",
    "evolution",
    "evolution_parmi",
    "evolutions",
    "garwood",
    "hors_de_prediction",
    "nombre",
    "phrase",
    "predire",
    "probabilite",
    "taux",
    "z_rapide",
]
