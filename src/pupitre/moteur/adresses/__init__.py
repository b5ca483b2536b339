"""Addresses as people write them, located from a local extract of the Base Adresse Nationale.

`lire_ban` reads the extract, `Index` holds it, `localiser_adresses` finds the points. Nothing leaves the machine.
"""

from pupitre.moteur.adresses.ban import SCHEMA_BAN, SCHEMA_LIEUX, lire_ban, lire_lieux
from pupitre.moteur.adresses.index import Index
from pupitre.moteur.adresses.recherche import localiser_adresses
from pupitre.moteur.adresses.resultats import Candidat, Localisation, Localisations, Statut

__all__ = [
    "SCHEMA_BAN",
    "SCHEMA_LIEUX",
    "Candidat",
    "Index",
    "Localisation",
    "Localisations",
    "Statut",
    "lire_ban",
    "lire_lieux",
    "localiser_adresses",
]
