"""What is checked of a delivery beyond what its reader saw, each point explained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.observations import Anomalie, Gravite, Releve
from pupitre.moteur.sources import DECRITS
from pupitre.observatoire.chiffres import catalogue
from pupitre.observatoire.collecte import localisation
from pupitre.observatoire.models import Source
from pupitre.socle.texte import de, enumeration, nombre, pluriel


@dataclass(frozen=True, slots=True)
class Retenue:
    """What a source is about, in a file that may say more.

    Attributes:
        table: observations kept; it may carry the column `adresse`, which `localisation` takes away.
        ecartees: how many observations were set aside.
        hors: lines of the file all of whose observations were set aside.
        national: the file covers far more communes than the council's.
    """

    table: pa.Table
    ecartees: int = 0
    hors: frozenset[int] = frozenset()
    national: bool = False


def retenir(releve: Releve, source: Source) -> Retenue:
    """Keep the territories that the source is about."""
    table = releve.observations
    if releve.adresses is not None:
        # Read beside the observations, they follow them as far as `localisation`, which takes them away.
        table = table.append_column(localisation.ADRESSE, releve.adresses)
    lignes = releve.lignes
    if table["unite"].null_count:
        # unused indices of the 4001: the files carry zeros that count nothing
        comptees = pc.is_valid(table["unite"])
        table = table.filter(comptees)
        lignes = lignes.filter(comptees) if lignes is not None else None
    communes = {c.code for c in source.conseil.communes_as_of()}
    national = _est_national(releve.format, table, communes)
    colonne, gardes = _perimetre(releve.format, source, communes, national)
    if not gardes:
        return Retenue(table, national=national)
    masque = pc.is_in(table[colonne], pa.array(sorted(gardes), pa.string()))
    hors: frozenset[int] = frozenset()
    if lignes is not None:
        dedans = masque.combine_chunks() if isinstance(masque, pa.ChunkedArray) else masque
        gardees = set(pc.unique(lignes.filter(dedans)).to_pylist())
        hors = frozenset(pc.unique(lignes.filter(pc.invert(dedans))).to_pylist()) - gardees
    gardee = table.filter(masque)
    return Retenue(gardee, table.num_rows - gardee.num_rows, hors, national)


def _est_national(format: str, table: pa.Table, communes: set[str]) -> bool:
    if format not in DECRITS:
        return False
    presentes = {c for c in pc.unique(table["commune"]).to_pylist() if c}
    return bool(presentes & communes) and len(presentes - communes) > TERRITOIRES_PLAUSIBLES


def _perimetre(format: str, source: Source, communes: set[str], national: bool) -> tuple[str, set[str]]:
    if source.territoires:
        return "territoire", set(source.territoires)
    if format == "ssmsi_communal" or national:
        return "commune", communes
    if format == "ssmsi_departemental":
        return "territoire", {c.departement_id for c in source.conseil.communes_as_of()}
    return "territoire", set()


def hors_de_portee(anomalies: Iterable[Anomalie], retenue: Retenue) -> list[Anomalie]:
    """What is wrong on the lines of other territories is only for information: they are not published."""
    if not retenue.hors:
        return list(anomalies)
    return [
        replace(a, gravite=Gravite.INFORMATION, message=f"{a.message} {AILLEURS}")
        if a.lieu.ligne in retenue.hors and a.gravite is not Gravite.INFORMATION
        else a
        for a in anomalies
    ]


AILLEURS = "Cette ligne porte sur un autre territoire\u202f: elle n’est pas publiée."


def communes_attendues(source: Source, communes: Iterable[str], fixe: str = "") -> frozenset[str]:
    """Members of the council that a file of this source should speak about.

    Those that its published deliveries name; for a first file, all of them, unless it says of itself that it is about
    one (`fixe`): a town hall's register owes nothing about its neighbours.
    """
    profil = catalogue.etat_visible(source.conseil).profils.get(source.code)
    connues = frozenset(profil.communes if profil else ()) & frozenset(communes)
    return connues or (frozenset({fixe}) if fixe else frozenset(communes))


def controler(
    table: pa.Table,
    ecartees: int,
    source: Source,
    communes: dict[str, str],
    attendues: frozenset[str] | None = None,
) -> list[Anomalie]:
    """Findings on what will be published.

    Args:
        table: observations kept (SCHEMA_LECTURE).
        ecartees: observations set aside because of their territory.
        communes: INSEE code → name of the members of the council.
        attendues: codes of those that the file should speak about; None: all.
    """
    constats: list[Anomalie] = []
    if ecartees:
        constats.append(
            Anomalie(
                "hors_territoires_retenus",
                Gravite.INFORMATION,
                f"{nombre(ecartees)} observations portent sur d’autres territoires que ceux retenus pour "
                f"cette source\u202f: elles sont gardées dans le fichier reçu et ne sont pas publiées.",
            )
        )
    if not table.num_rows:
        constats.append(
            Anomalie(
                "rien_a_publier",
                Gravite.BLOQUANTE,
                "Aucune observation de ce fichier ne porte sur le territoire du conseil. Vérifiez que ce n’est "
                "pas le fichier d’un autre conseil, ou choisissez ci-dessous les territoires à retenir.",
            )
        )
        return constats
    if a_choisir(table, source):
        constats.append(
            Anomalie(
                "territoires_a_choisir",
                Gravite.BLOQUANTE,
                "Le fichier couvre bien plus que le territoire du conseil. Choisissez ci-dessous les services "
                "qui vous concernent\u202f: le choix vaudra pour les prochains fichiers de cette source.",
            )
        )
    constats += _autre_conseil(table, communes, frozenset(communes) if attendues is None else attendues)
    constats += _enormes(table)
    return constats


TERRITOIRES_PLAUSIBLES = 60


def a_choisir(table: pa.Table, source: Source) -> bool:
    """A national file, of which nobody has yet said which services concern the council."""
    if source.territoires or table["commune"].null_count < table.num_rows:
        return False
    return len(pc.unique(table["territoire"])) > TERRITOIRES_PLAUSIBLES


def _autre_conseil(table: pa.Table, communes: dict[str, str], attendues: frozenset[str]) -> list[Anomalie]:
    presentes = {c for c in pc.unique(table["commune"]).to_pylist() if c}
    etrangeres = sorted(presentes - set(communes))
    if not etrangeres:
        manquantes = [
            de(nom) for nom in sorted(communes[code] for code in attendues - presentes if code in communes)
        ]
        if not presentes or not manquantes:
            return []
        toutes = attendues == set(communes)
        return [
            Anomalie(
                "communes_absentes",
                Gravite.AVERTISSEMENT,
                f"Le fichier ne dit rien {enumeration(manquantes)}"
                + (
                    ". Si le partenaire y intervient, demandez-lui"
                    if toutes
                    else ", dont les précédents parlaient. Demandez au partenaire"
                )
                + " un fichier complet\u202f: une absence n’est pas un zéro.",
            )
        ]
    liste = enumeration(etrangeres[:5]) + ("…" if len(etrangeres) > 5 else "")
    bloquant = not presentes & set(communes)
    return [
        Anomalie(
            "communes_hors_conseil",
            Gravite.BLOQUANTE if bloquant else Gravite.AVERTISSEMENT,
            f"Le fichier porte sur {pluriel(len(etrangeres), 'commune')} hors du conseil (codes {liste}). "
            + (
                "Aucune n’en est membre\u202f: c’est sans doute le fichier d’un autre conseil."
                if bloquant
                else "Leurs lignes seront publiées sans entrer dans les chiffres du conseil."
            ),
        )
    ]


def _enormes(table: pa.Table) -> list[Anomalie]:
    maximum = pc.max(table["n"]).as_py()
    if maximum is None or maximum < 1_000_000:
        return []
    return [
        Anomalie(
            "valeur_invraisemblable",
            Gravite.BLOQUANTE,
            f"Une case vaut {nombre(maximum)}, ce qu’aucun territoire local n’atteint. Vérifiez qu’un code "
            "ou un total n’a pas été lu comme un nombre de faits.",
        )
    ]
