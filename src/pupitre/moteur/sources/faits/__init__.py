"""Any list of events, one per row, by a saved description of its columns.

Columns that are not described are not read, so that a narrative or a name never enters the store. Coordinates are
WGS84 degrees, or Lambert-93 metres, which are converted.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur import nomenclatures
from pupitre.moteur.observations import Granularite, LibelleInconnu, PrecisionLieu, Releve, jour_de_fin
from pupitre.moteur.sources.comptages import choisir_feuille, regler
from pupitre.moteur.sources.description import Description, Role
from pupitre.moteur.sources.faits.doublons import jumelles
from pupitre.moteur.sources.faits.moments import Jour, lire_durees, lire_heures, prendre_valeurs
from pupitre.moteur.sources.fichiers import suivi
from pupitre.moteur.sources.fichiers.debord import rendre
from pupitre.moteur.sources.fichiers.feuille import rangs_de
from pupitre.moteur.sources.fichiers.fils import en_fond
from pupitre.moteur.sources.fichiers.ouverture import Classeur, ouvrir
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.lecture.blocs import lire_bloc
from pupitre.moteur.sources.lecture.communes import CommunesConnues
from pupitre.moteur.sources.lecture.fabrique import Codes, table
from pupitre.moteur.sources.lecture.periodes import lire_jour, lire_periode
from pupitre.moteur.sources.lecture.pieds import mettre_de_cote
from pupitre.moteur.sources.lecture.textes import nettoyer
from pupitre.moteur.sources.tableaux.dimensions import Lieux, lire_adresses, lire_lieux, lire_natures, prendre
from pupitre.moteur.sources.tableaux.points import lire_points
from pupitre.moteur.sources.tableaux.reperage import reperer
from pupitre.moteur.sources.tableaux.suites import ajouter_suites
from pupitre.moteur.sources.tableaux.tableau import Lus, Tableau, lire_tableau, lire_valeurs

FORMAT = "faits"


def lire(
    fichier: Path,
    description: Description | None = None,
    nom: str | None = None,
    communes: CommunesConnues | None = None,
) -> Releve:
    """Reads the described sheet, one observation per row. A `nombre` column gives n, else n = 1.

    `nom`: the file's, without its extension. Raises FichierRefuse when a described column is not there.
    """
    classeur = ouvrir(fichier)
    if description is None:
        from pupitre.moteur.sources.tableaux.proposition import proposer

        description = proposer(classeur, nom or fichier.stem)
    return lire_classeur(regler(classeur, description), description, nom or fichier.stem, communes)


def lire_classeur(
    classeur: Classeur,
    description: Description,
    nom_fichier: str = "",
    communes: CommunesConnues | None = None,
) -> Releve:
    """Same as `lire`, on a file already opened; `nom_fichier` may tell the year."""
    journal = Journal()
    # The rows of a list of events are told from the texts around it by their day.
    description = replace(description, format=FORMAT)
    feuille = choisir_feuille(classeur, description, journal)
    tableau = lire_tableau(feuille, description, journal, nom_fichier)
    feuille = tableau.feuille
    semblables = en_fond(jumelles, feuille.colonnes, tableau.lignes)
    jours = _lire_jours(tableau, description, journal)
    heures = lire_heures(tableau, Role.HEURE, journal)
    vrais: list[Jour] = list(jours.valeurs)  # type: ignore[arg-type]
    # The hour written with the day serves when there is no column of hours.
    if heures is None and vrais:
        heures = prendre_valeurs(jours.rangs, [j[1] for j in vrais], pa.int8())
    inconnus: list[LibelleInconnu] = []
    natures = lire_natures(tableau, description, journal, completer=False, inconnus=inconnus)
    suivi.avancer("lecture", 0, len(tableau.lignes))
    durees = lire_durees(tableau, description.format_date, jours, heures, journal)
    lieux = lire_lieux(tableau, description, journal, completer=False, connues=communes)
    points = lire_points(tableau, journal)
    adresses = lire_adresses(tableau)
    gravite = _lire_gravite(tableau, journal)
    n, presents, vides = _nombres(tableau, journal)
    garder = presents & (jours.rangs >= 0) & ~lieux.refuses
    garder &= (natures.rangs >= 0) if natures is not None else False
    _signaler_vides(tableau, jours, natures, journal)
    _signaler_doublons(tableau, semblables.result(), journal)
    rendre()
    # Nothing is copied where every row is kept.
    parmi = slice(None) if garder.all() else rangs_de(garder)
    unites = (
        [description.unite or nomenclatures.nature(str(v)).unite for v in natures.valeurs] if natures else []
    )
    rang_nature = natures.rangs[parmi] if natures is not None else np.empty(0, dtype=np.int8)
    rang_jour = jours.rangs[parmi]
    precision = np.where(points.presents, np.int8(3), lieux.precision)
    observations = table(
        int(np.count_nonzero(garder)),
        dossier=feuille.dossier,
        nature=Codes(rang_nature, [str(v) for v in natures.valeurs] if natures else []),
        debut=Codes(rang_jour, [j[0] for j in vrais]),
        fin=Codes(rang_jour, [jour_de_fin(j[0], j[2]) for j in vrais]),
        granularite=Codes(rang_jour, [j[2].value for j in vrais]),
        territoire=prendre(lieux.territoire, parmi),
        commune=prendre(lieux.commune, parmi),
        secteur=prendre(lieux.secteur, parmi),
        lon=_gardees(points.lon, parmi),
        lat=_gardees(points.lat, parmi),
        precision_lieu=Codes(precision[parmi], [*Lieux.PRECISIONS, PrecisionLieu.POINT.value]),
        heure=_gardees(heures, parmi),
        duree_h=_gardees(durees, parmi),
        n=_gardees(n, parmi),
        unite=Codes(rang_nature, unites),
        gravite=_gardees(gravite, parmi),
    )
    lus = pc.sum(observations["n"]).as_py() or 0
    for ligne in tableau.ecartees:
        mettre_de_cote(feuille, ligne, (lus, observations.num_rows), journal)
    rangs = parmi
    if Role.SUITE in tableau.roles:
        observations, rangs = ajouter_suites(observations, rangs_de(garder), tableau, journal)
    return Releve(
        FORMAT,
        observations,
        vides,
        journal.anomalies,
        feuilles=(feuille.nom,) if feuille.nom else (),
        extrait=tableau.extrait(),
        adresses=_gardees(adresses, rangs),
        inconnus=(*inconnus, *lieux.inconnus),
        lignes=tableau.numeros(rangs),
        reperes=reperer(classeur, tableau, journal.anomalies),
    )


def _gardees(colonne: pa.Array | int | None, parmi: npt.NDArray[np.int32] | slice) -> pa.Array | int | None:
    if isinstance(parmi, slice) or colonne is None or isinstance(colonne, int):
        return colonne
    return colonne.take(pa.array(parmi))


def _lire_jours(tableau: Tableau, description: Description, journal: Journal) -> Lus:
    role = Role.DATE if Role.DATE in tableau.roles else Role.PERIODE

    def lire_un(texte: str) -> Jour | None:
        instant = lire_jour(texte, description.format_date)
        if instant is not None:
            return instant.jour, instant.heure, Granularite.JOUR
        duree = None if description.format_date else lire_periode(texte, tableau.annee)
        return (duree.debut, None, duree.granularite) if duree is not None else None

    def signaler(texte: str, ligne: int, fois: int) -> None:
        journal.bloquante(
            "date_illisible",
            f"«\u202f{nettoyer(texte)[:40]}\u202f» n’est pas une date ({fois} lignes).",
            **tableau.feuille.lieu(ligne, tableau.roles[role]),
        )

    lus = lire_valeurs(tableau, role, lire_un, signaler)
    if lus is not None:
        return lus
    duree = lire_periode(description.periode_fixe, tableau.annee) if description.periode_fixe else None
    if duree is not None:
        return Lus(np.zeros(len(tableau.lignes), dtype=np.int32), [(duree.debut, None, duree.granularite)])
    journal.bloquante(
        "date_absente", "Aucune colonne de dates n’est décrite.", **tableau.feuille.lieu(tableau.entete)
    )
    return Lus(np.full(len(tableau.lignes), -3, dtype=np.int32), [])


def _lire_gravite(tableau: Tableau, journal: Journal) -> pa.Array | None:
    def lire_une(texte: str) -> int | None:
        nu = texte.strip().removesuffix(".0")
        return int(nu) if nu.isascii() and nu.isdigit() and int(nu) <= 100 else None

    def signaler(texte: str, ligne: int, fois: int) -> None:
        journal.avertir(
            "gravite_illisible",
            f"«\u202f{nettoyer(texte)[:40]}\u202f» n’est pas un degré de gravité ({fois} lignes).",
            **tableau.feuille.lieu(ligne, tableau.roles[Role.GRAVITE]),
        )

    lus = lire_valeurs(tableau, Role.GRAVITE, lire_une, signaler)
    if lus is None:
        return None
    return prendre_valeurs(lus.rangs, lus.valeurs, pa.int8())


def _nombres(tableau: Tableau, journal: Journal) -> tuple[pa.Array | int, npt.NDArray[np.bool_], int]:
    nombre = len(tableau.lignes)
    if Role.NOMBRE not in tableau.roles:
        return 1, np.ones(nombre, dtype=bool), 0
    bloc = lire_bloc(tableau.feuille, tableau.lignes.tolist(), [tableau.roles[Role.NOMBRE]], journal)
    return bloc.comptes.vers_arrow(np.ones(nombre, dtype=bool)), bloc.garder, bloc.vides


def _signaler_vides(tableau: Tableau, jours: Lus, natures: Lus | None, journal: Journal) -> None:
    for lus, code, quoi in ((jours, "date_absente", "date"), (natures, "nature_absente", "nature")):
        if lus is None:
            journal.bloquante(
                code, f"Aucune colonne ne dit la {quoi}.", **tableau.feuille.lieu(tableau.entete)
            )
            continue
        places = np.flatnonzero(lus.rangs == -1)
        if len(places):
            journal.bloquante(
                code,
                f"{len(places)} lignes n’ont pas de {quoi}.",
                **tableau.feuille.lieu(int(tableau.lignes[places[0]])),
            )


def _signaler_doublons(tableau: Tableau, semblables: list[tuple[int, int]], journal: Journal) -> None:
    """Rows alike in every column of the file, described or not."""
    for place, premier in semblables:
        autre = tableau.feuille.lieu(premier)["ligne"]
        journal.avertir(
            "doublon",
            f"Cette ligne est en tout point celle de la ligne {autre}.",
            **tableau.feuille.lieu(place),
        )
