"""Finding the format of a file from what it contains."""

from __future__ import annotations

from pathlib import Path

from pupitre.moteur.sources.etat4001_services import est_feuille_de_services
from pupitre.moteur.sources.lignes4001 import trouver_entete
from pupitre.moteur.sources.ouverture import genre_de, ouvrir


def reconnaitre(fichier: Path) -> str:
    """See `pupitre.moteur.sources.reconnaitre`."""
    genre_de(fichier)
    classeur = ouvrir(fichier)
    for nom in classeur.noms[:8]:
        feuille = classeur.feuille(nom)
        if est_feuille_de_services(feuille):
            return "etat4001_services"
        if trouver_entete(feuille):
            return "etat4001_mensuel"
    return "comptages"
