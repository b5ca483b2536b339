"""Readers of partners' files: bytes in, `Releve` out, nothing else.

Each format is a sub-package with `lire(fichier, description=None) -> Releve`.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.observations import Releve
from pupitre.moteur.sources.description import Description, Role
from pupitre.moteur.sources.fichiers.ouverture import Classeur, ouvrir
from pupitre.moteur.sources.lecture.communes import CommuneDeReference, CommunesConnues

__all__ = [
    "DECRITS",
    "FORMATS",
    "CommuneDeReference",
    "CommunesConnues",
    "Description",
    "Role",
    "lire",
    "ouvrir",
    "proposer",
    "proposer_description",
    "reconnaitre",
]

FORMATS: dict[str, str] = {
    "etat4001_services": "État 4001 par service et par année (publication du ministère)",
    "etat4001_mensuel": "État 4001 mensuel (index × mois, ou index × communes)",
    "ssmsi_communal": "Base communale du SSMSI",
    "ssmsi_departemental": "Base départementale du SSMSI",
    "comptages": "Tableau de comptages",
    "faits": "Liste de faits ou d’incidents",
}
# Readers to which the file's name may tell the period.
NOMMES = frozenset({"etat4001_mensuel", "comptages", "faits"})
# Formats whose columns somebody describes.
DECRITS = frozenset({"comptages", "faits"})


def reconnaitre(fichier: Path) -> str:
    """Format of a file by its content: a key of FORMATS. Raises FichierRefuse when none fits."""
    from pupitre.moteur.sources.detection import reconnaitre as detecter

    return detecter(Path(fichier))[0]


def lire(
    fichier: Path,
    format: str | None = None,
    description: Description | None = None,
    *,
    nom: str | None = None,
    communes: CommunesConnues | None = None,
    classeur: Classeur | None = None,
) -> Releve:
    """Reads a partner's file.

    `format` is a key of FORMATS; found from the content, or taken from `description`, when not given.
    `nom` is the name under which the partner sent it, when it is kept under another: it may tell the month.
    `communes`: the reference by which communes are known by their names, for the formats described by hand.
    `classeur`: the same file when it is already opened.
    Raises FichierRefuse when the file cannot be read at all. What is odd inside is in `Releve.anomalies`.
    """
    fichier = Path(fichier)
    radical = Path(nom or fichier.name).stem
    choisi = format or (description.format if description else "")
    devine = format is None and description is None
    if not choisi:
        from pupitre.moteur.sources.detection import reconnaitre as detecter

        # What was opened and proposed to find the format serves to read: a long sheet takes most of the time to load.
        choisi, deja_ouvert, description = detecter(fichier, radical)
        classeur = classeur or deja_ouvert
    if choisi not in FORMATS:
        raise FichierRefuse(
            f"Le format «\u202f{choisi}\u202f» n’existe pas.",
            "Les formats connus sont\u202f: " + ", ".join(FORMATS) + ".",
            "Choisissez l’un d’eux, ou laissez Pupitre reconnaître le fichier.",
        )
    releve = _lire(fichier, choisi, description, radical, communes, classeur)
    if (
        devine
        and not releve.observations.num_rows
        and any(a.code == "aucun_nombre" for a in releve.anomalies)
    ):
        raise FichierRefuse(
            f"«\u202f{nom or fichier.name}\u202f» n’est pas un tableau de chiffres.",
            "Aucune colonne de nombres n’y a été trouvée, et ce n’est aucun des formats connus.",
            "Vérifiez le fichier, ou décrivez ses colonnes s’il s’agit bien d’un tableau.",
        )
    return releve


def _lire(
    fichier: Path,
    choisi: str,
    description: Description | None,
    nom: str,
    communes: CommunesConnues | None,
    classeur: Classeur | None,
) -> Releve:
    lecteur = import_module(f"{__name__}.{choisi}")
    lu: Releve
    if choisi in DECRITS and classeur is not None:
        if description is None:
            from pupitre.moteur.sources.tableaux.proposition import proposer as deviner

            description = deviner(classeur, nom)
        lu = lecteur.lire_classeur(lecteur.regler(classeur, description), description, nom, communes)
    elif choisi in DECRITS:
        lu = lecteur.lire(fichier, description, nom, communes)
    elif choisi in NOMMES:
        lu = lecteur.lire(fichier, description, nom)
    else:
        lu = lecteur.lire(fichier, description)
    return lu


def proposer(classeur: Classeur, nom: str = "") -> Description:
    """Same as `proposer_description`, on a file already opened; `nom`: the file's, without its extension."""
    from pupitre.moteur.sources.tableaux import proposition

    return proposition.proposer(classeur, nom)


def proposer_description(fichier: Path, nom: str | None = None) -> Description:
    """A first description of a table of counts or of a list of events, guessed from the file itself.

    For a person to confirm. `nom`: as in `lire`. Raises FichierRefuse when the file cannot be opened.
    """
    from pupitre.moteur.sources.tableaux.proposition import proposer_description as proposer

    return proposer(Path(fichier), nom)
