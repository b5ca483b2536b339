"""Finding the format of a file from what it contains."""

from __future__ import annotations

from pathlib import Path

from pupitre.moteur.sources.description import Description
from pupitre.moteur.sources.etat4001.lignes import trouver_entete
from pupitre.moteur.sources.etat4001_services import est_feuille_de_services
from pupitre.moteur.sources.fichiers import refus
from pupitre.moteur.sources.fichiers.ouverture import Classeur, genre_de, ouvrir
from pupitre.moteur.sources.ssmsi.entetes import lire_entete
from pupitre.moteur.sources.ssmsi.lots import entete_de

FEUILLES_REGARDEES = 8


def reconnaitre(fichier: Path, nom: str = "") -> tuple[str, Classeur | None, Description | None]:
    """Format, the file as it was opened to find it (None where its first bytes said enough), and the description
    proposed for a format that needs one. `nom`: the file's, without its extension.
    """
    genre = genre_de(fichier)
    if genre != "classeur":
        base = entete_de(fichier)
        if base is not None:
            return f"ssmsi_{base.niveau}", None, None
    if genre == "parquet":
        raise refus.pas_un_tableau("C’est un fichier Parquet qui n’est pas une base du SSMSI.")
    classeur = ouvrir(fichier)
    if genre == "classeur":
        base = lire_entete([c or "" for c in classeur.feuille().rangee(0)])
        if base is not None:
            return f"ssmsi_{base.niveau}", None, None
    for nom in classeur.noms[:FEUILLES_REGARDEES]:
        feuille = classeur.feuille(nom)
        if est_feuille_de_services(feuille):
            return "etat4001_services", classeur, None
        if feuille.largeur > 1 and trouver_entete(feuille) is not None:
            return "etat4001_mensuel", classeur, None
    from pupitre.moteur.sources.tableaux.proposition import proposer

    description = proposer(classeur, nom or fichier.stem)
    return description.format, classeur, description
