"""Any table of counts, long or wide, by a saved description of its columns.

Long: one count per row. Wide: one column per period (`colonnes_periode`) or per nature
(`colonnes_nature`). Total rows and columns are set aside and checked. Without a description, one is
proposed from the file itself.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur import nomenclatures
from pupitre.moteur.nomenclatures.libelles import cle
from pupitre.moteur.observations import Granularite, LibelleInconnu, Releve, jour_de_fin
from pupitre.moteur.sources.description import Description, Role
from pupitre.moteur.sources.fichiers import suivi
from pupitre.moteur.sources.fichiers.feuille import coder
from pupitre.moteur.sources.fichiers.ouverture import Classeur, Feuille, ouvrir
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.lecture.blocs import Bloc, lire_bloc
from pupitre.moteur.sources.lecture.communes import CommunesConnues
from pupitre.moteur.sources.lecture.contexte import duree_autour
from pupitre.moteur.sources.lecture.fabrique import Codes, table
from pupitre.moteur.sources.lecture.lecteur_nature import verifier_code
from pupitre.moteur.sources.lecture.periodes import Duree, lire_periode
from pupitre.moteur.sources.lecture.pieds import mettre_de_cote
from pupitre.moteur.sources.lecture.textes import nettoyer
from pupitre.moteur.sources.tableaux.dimensions import (
    Lieux,
    lire_adresses,
    lire_lieux,
    lire_natures,
    prendre,
    valeurs_arrow,
)
from pupitre.moteur.sources.tableaux.reperage import reperer
from pupitre.moteur.sources.tableaux.suites import ajouter_suites
from pupitre.moteur.sources.tableaux.tableau import Lus, Tableau, lire_tableau, lire_valeurs
from pupitre.moteur.sources.tableaux.totaux import verifier_colonne_de_total, verifier_lignes_de_total

FORMAT = "comptages"
# Small numbers are counted sooner than they are looked up.
_COMPTABLES = 1 << 22
_CONSEIL_ANNEE = " S’il n’y manque que l’année, indiquez-la dans la description des colonnes."


@dataclass(frozen=True, slots=True)
class Case:
    """What a column of counts says by itself; None where each row says it."""

    colonne: int
    duree: Duree | None
    nature: str | None


def lire(
    fichier: Path,
    description: Description | None = None,
    nom: str | None = None,
    communes: CommunesConnues | None = None,
) -> Releve:
    """Reads the described sheet. `nom`: the file's, without its extension.

    Raises FichierRefuse when a described column is not there.
    """
    classeur = ouvrir(fichier)
    if description is None:
        from pupitre.moteur.sources.tableaux.proposition import proposer

        description = proposer(classeur, nom or fichier.stem)
    return lire_classeur(regler(classeur, description), description, nom or fichier.stem, communes)


def regler(classeur: Classeur, description: Description) -> Classeur:
    """Applies the separator of the description to a flat file."""
    if classeur.genre == "csv" and description.separateur not in ("", classeur.separateur):
        return replace(classeur, separateur=description.separateur, _derniere={})
    return classeur


def lire_classeur(
    classeur: Classeur,
    description: Description,
    nom_fichier: str = "",
    communes: CommunesConnues | None = None,
) -> Releve:
    """Same as `lire`, on a file already opened; `nom_fichier` may tell the period."""
    journal = Journal()
    feuille = choisir_feuille(classeur, description, journal)
    tableau = lire_tableau(feuille, description, journal, nom_fichier)
    feuille = tableau.feuille
    durees = _durees(tableau, description, journal)
    cases = _cases(tableau, description, journal)
    inconnus: list[LibelleInconnu] = []
    natures = lire_natures(tableau, description, journal, completer=True, inconnus=inconnus)
    lieux = lire_lieux(tableau, description, journal, completer=True, connues=communes)
    suivi.avancer("lecture", 0, len(tableau.lignes))
    postes = [c.colonne for c in cases if _est_un_stock(c.nature or description.nature_fixe)]
    bloc = lire_bloc(feuille, tableau.lignes.tolist(), [c.colonne for c in cases], journal, postes)
    totaux = verifier_lignes_de_total(tableau, bloc, journal)
    if len(cases) > 1:
        verifier_colonne_de_total(tableau, bloc, {c.colonne for c in cases}, journal)
    observations, rangs = _observations(tableau, description, cases, durees, natures, lieux, bloc, journal)
    adresses = lire_adresses(tableau)
    lus = pc.sum(observations["n"]).as_py() or 0
    for ligne in tableau.ecartees:
        mettre_de_cote(feuille, ligne, (lus,), journal)
    observations, rangs = ajouter_suites(observations, rangs, tableau, journal)
    return Releve(
        FORMAT,
        observations,
        bloc.vides,
        journal.anomalies,
        feuilles=(feuille.nom,) if feuille.nom else (),
        extrait=tableau.extrait(),
        adresses=adresses.take(pa.array(rangs)) if adresses is not None else None,
        totaux=totaux,
        lignes=tableau.numeros(rangs),
        reperes=reperer(classeur, tableau, journal.anomalies),
        inconnus=(*inconnus, *lieux.inconnus),
    )


def _est_un_stock(code: str) -> bool:
    return bool(code) and nomenclatures.nature(code).stock


def choisir_feuille(classeur: Classeur, description: Description, journal: Journal) -> Feuille:
    """The described sheet, or the only one whose name differs by its figures ("2025", then "2026")."""
    voulue = description.feuille
    if not voulue or voulue in classeur.noms:
        return classeur.feuille(voulue or None)

    def sans_chiffres(nom: str) -> str:
        return re.sub(r"\d+", "#", cle(nom))

    proches = [n for n in classeur.noms if sans_chiffres(n) == sans_chiffres(voulue)]
    choisie = classeur.feuille(proches[0] if len(proches) == 1 else voulue)
    journal.informer(
        "feuille_renommee",
        f"La feuille «\u202f{choisie.nom}\u202f» est lue à la place de «\u202f{voulue}\u202f».",
        **choisie.lieu(),
    )
    return choisie


def _cases(tableau: Tableau, description: Description, journal: Journal) -> list[Case]:
    """Meaning of each column of counts. One whose period or nature is in doubt is a fault, and is not read."""
    dites = {cle(k): v for k, v in description.colonnes_periode.items()}
    natures = {cle(k): v for k, v in description.colonnes_nature.items()}
    cases: list[Case] = []
    for colonne in tableau.nombres:
        ecrit = tableau.feuille.cellule(tableau.entete, colonne) or ""
        titre = cle(ecrit)
        periode = dites.get(titre, nettoyer(ecrit) if colonne in tableau.periodes else "")
        duree = lire_periode(periode, tableau.annee) if periode else None
        if periode and duree is None:
            journal.bloquante(
                "periode_illisible",
                f"«\u202f{periode}\u202f» n’est pas une période avec son année.{_CONSEIL_ANNEE}",
                **tableau.feuille.lieu(tableau.entete, colonne),
            )
            continue
        nature = natures.get(titre)
        if nature:
            verifier_code(nature)
        cases.append(Case(colonne, _forcer(duree, description), nature))
    if not tableau.nombres:
        journal.bloquante(
            "aucun_nombre", "Aucune colonne de nombres n’est décrite.", **tableau.feuille.lieu(tableau.entete)
        )
    return cases


def _forcer(duree: Duree | None, description: Description) -> Duree | None:
    if duree is None:
        return None
    stocks = [*description.colonnes_nature.values(), description.nature_fixe]
    if not description.granularite and not any(map(_est_un_stock, stocks)):
        return duree
    # Means are counted on a day of the year: they are said of the year.
    voulue = Granularite(description.granularite or Granularite.ANNEE)
    if voulue is Granularite.ANNEE:
        debut = duree.debut.replace(month=1, day=1)
        return Duree(debut, jour_de_fin(debut, voulue), voulue)
    if voulue is Granularite.ANNEE_SCOLAIRE and duree.granularite is Granularite.ANNEE:
        debut = duree.debut.replace(month=9)
        return Duree(debut, jour_de_fin(debut, voulue), voulue)
    return Duree(duree.debut, jour_de_fin(duree.debut, voulue), voulue)


def _durees(tableau: Tableau, description: Description, journal: Journal) -> Lus | None:
    """Period of each row: said by rows, by the description, or by the texts around the table."""
    role = Role.PERIODE if Role.PERIODE in tableau.roles else Role.DATE
    autour = duree_autour(list(tableau.autour))
    if description.periode_fixe:
        dite = lire_periode(description.periode_fixe, tableau.annee)
        if dite is None:
            journal.bloquante(
                "periode_illisible",
                f"«\u202f{description.periode_fixe}\u202f» n’est pas une période.",
                **tableau.feuille.lieu(),
            )
            return None
        if autour is not None and (autour.fin < dite.debut or autour.debut > dite.fin):
            journal.avertir(
                "periode_incoherente",
                f"Le fichier parle d’une autre période ({_en_clair(autour)}) que celle de sa description "
                f"({_en_clair(dite)})\u202f: c’est la description qui est suivie.",
                **tableau.feuille.lieu(),
            )
        return _partout(tableau, _forcer(dite, description))
    if role in tableau.roles:
        return _durees_des_lignes(tableau, role, description, journal)
    if autour is None or tableau.periodes or description.colonnes_periode:
        return None
    dite = _forcer(autour, description)
    journal.informer(
        "periode_trouvee",
        f"La période, {_en_clair(dite or autour)}, est celle du titre, du nom de la feuille ou du nom du fichier.",
        **tableau.feuille.lieu(),
    )
    return _partout(tableau, dite)


def _partout(tableau: Tableau, duree: Duree | None) -> Lus:
    return Lus(np.zeros(len(tableau.lignes), dtype=np.int32), [duree])


def _en_clair(duree: Duree) -> str:
    longue = duree.granularite is Granularite.ANNEE
    return str(duree.debut.year) if longue else f"du {duree.debut:%d/%m/%Y} au {duree.fin:%d/%m/%Y}"


def _durees_des_lignes(
    tableau: Tableau, role: Role, description: Description, journal: Journal
) -> Lus | None:
    def signaler(texte: str, ligne: int, fois: int) -> None:
        journal.bloquante(
            "periode_illisible",
            f"«\u202f{nettoyer(texte)[:60]}\u202f» n’est pas une période avec son année ({fois} lignes)."
            f"{_CONSEIL_ANNEE}",
            **tableau.feuille.lieu(ligne, tableau.roles[role]),
        )

    def lire_une(texte: str) -> Duree | None:
        return _forcer(lire_periode(texte, tableau.annee), description)

    return lire_valeurs(tableau, role, lire_une, signaler, completer=True, journal=journal)


def _observations(
    tableau: Tableau,
    description: Description,
    cases: list[Case],
    durees: Lus | None,
    natures: Lus | None,
    lieux: Lieux,
    bloc: Bloc,
    journal: Journal,
) -> tuple[pa.Table, npt.NDArray[np.int64]]:
    """The observations, and the row of the table that each one comes from."""
    nombre = len(tableau.lignes)
    ligne = np.tile(np.arange(nombre, dtype=np.int64), len(cases))
    case = np.repeat(np.arange(len(cases), dtype=np.int64), nombre)
    toutes_durees, rang_duree = _croiser([c.duree for c in cases], case, durees, ligne)
    toutes_natures, rang_nature = _croiser([c.nature for c in cases], case, natures, ligne)
    garder = bloc.garder & (rang_duree >= 0) & (rang_nature >= 0) & ~lieux.refuses[ligne]
    _signaler_manques(tableau, cases, bloc.garder, rang_duree, rang_nature, ligne, case, journal)
    ligne, rang_duree, rang_nature = ligne[garder], rang_duree[garder], rang_nature[garder]
    unites = [description.unite or nomenclatures.nature(str(n)).unite for n in toutes_natures]
    resultat = table(
        len(ligne),
        nature=Codes(rang_nature, [str(n) for n in toutes_natures]),
        debut=Codes(rang_duree, [d.debut for d in toutes_durees]),
        fin=Codes(rang_duree, [d.fin for d in toutes_durees]),
        granularite=Codes(rang_duree, [d.granularite.value for d in toutes_durees]),
        territoire=prendre(lieux.territoire, ligne),
        commune=prendre(lieux.commune, ligne),
        secteur=prendre(lieux.secteur, ligne),
        precision_lieu=Codes(lieux.precision[ligne], list(Lieux.PRECISIONS)),
        n=bloc.comptes.vers_arrow(garder),
        unite=Codes(rang_nature, unites),
    )
    durees_dites, durees_lues = _numeroter([(d.debut, d.fin) for d in toutes_durees])
    _, natures_lues = _numeroter([str(n) for n in toutes_natures])
    quoi = natures_lues[rang_nature] * durees_dites + durees_lues[rang_duree]
    _signaler_doublons(tableau, description, lieux, quoi, ligne, case[garder], cases, journal)
    return resultat, ligne


def _numeroter(valeurs: Sequence[Hashable]) -> tuple[int, npt.NDArray[np.int64]]:
    """How many are distinct, and the number of each."""
    numeros: dict[Hashable, int] = {}
    lus = [numeros.setdefault(v, len(numeros)) for v in valeurs]
    return len(numeros), np.array(lus, dtype=np.int64)


def _croiser(
    par_case: list[object], case: npt.NDArray[np.int64], lus: Lus | None, ligne: npt.NDArray[np.int64]
) -> tuple[list, npt.NDArray[np.int32]]:  # type: ignore[type-arg]
    """A value said by the column, or else by the row: distinct values and each cell's position (<0: none)."""
    valeurs: list[object] = list(lus.valeurs) if lus is not None else []
    par_ligne = lus.rangs if lus is not None else np.full(int(ligne.max(initial=-1)) + 1, -1, dtype=np.int32)
    fixes = np.full(len(par_case), -3, dtype=np.int32)
    for rang, valeur in enumerate(par_case):
        if valeur is not None:
            if valeur not in valeurs:
                valeurs.append(valeur)
            fixes[rang] = valeurs.index(valeur)
    rangs = np.where(fixes[case] >= 0, fixes[case], par_ligne[ligne]) if len(case) else np.empty(0, np.int32)
    return valeurs, rangs.astype(np.int32)


def _signaler_manques(
    tableau: Tableau,
    cases: list[Case],
    pleines: npt.NDArray[np.bool_],
    durees: npt.NDArray[np.int32],
    natures: npt.NDArray[np.int32],
    ligne: npt.NDArray[np.int64],
    case: npt.NDArray[np.int64],
    journal: Journal,
) -> None:
    """A count whose period or nature is written nowhere (an unreadable one, −2, has been said already)."""
    for rangs, code, quoi in ((durees, "periode_absente", "période"), (natures, "nature_absente", "nature")):
        places = np.flatnonzero(pleines & (rangs == -1))
        if len(places):
            p = int(places[0])
            journal.bloquante(
                code,
                f"{len(places)} nombres n’ont pas de {quoi}.",
                **tableau.feuille.lieu(int(tableau.lignes[ligne[p]]), cases[int(case[p])].colonne),
            )


def _signaler_doublons(
    tableau: Tableau,
    description: Description,
    lieux: Lieux,
    quoi: npt.NDArray[np.int64],
    ligne: npt.NDArray[np.int64],
    case: npt.NDArray[np.int64],
    cases: list[Case],
    journal: Journal,
) -> None:
    """`quoi`: what each number is about beside its row, as small numbers."""
    # What is the same everywhere tells nothing apart.
    ou = [valeurs_arrow(c) for c in (lieux.territoire, lieux.commune, lieux.secteur) if isinstance(c, Codes)]
    details = [d for d in (lire_adresses(tableau), tableau.colonne(Role.SUITE)) if d is not None]
    lieu_et_suite = _distinguer(np.zeros(len(tableau.lignes), dtype=np.int64), [*ou, *details])
    par_ligne = np.unique(lieu_et_suite, return_inverse=True)[1]
    cles = par_ligne[ligne] * (int(quoi.max(initial=0)) + 1) + quoi
    if _toutes_distinctes(cles):
        return
    _, premiers, inverse, fois = np.unique(cles, return_index=True, return_inverse=True, return_counts=True)
    # A breakdown column left out on purpose makes several rows of one count.
    ventilation = any(r is Role.IGNORER for r in description.roles.values())
    dites: set[tuple[int, int]] = set()
    for place in np.flatnonzero(fois[inverse] > 1).tolist():
        premier = int(premiers[inverse[place]])
        rangees = int(ligne[premier]), int(ligne[place])
        if place == premier or (rangees[0] != rangees[1] and rangees in dites):
            continue
        dites.add(rangees)
        autre = tableau.feuille.lieu(int(tableau.lignes[ligne[premier]]))["ligne"]
        lieu = tableau.feuille.lieu(int(tableau.lignes[ligne[place]]), cases[int(case[place])].colonne)
        message = f"Même nature, même période et même lieu qu’à la ligne {autre}\u202f: ce nombre compterait deux fois."
        if ventilation:
            journal.avertir("doublon", message, **lieu)
        else:
            journal.bloquante("doublon", message, **lieu)


def _toutes_distinctes(cles: npt.NDArray[np.int64]) -> bool:
    if int(cles.max(initial=0)) < min(16 * len(cles), _COMPTABLES):
        return bool(np.bincount(cles).max(initial=0) <= 1)
    return len(pa.array(cles).unique()) == len(cles)


def _distinguer(cles: npt.NDArray[np.int64], colonnes: list[pa.Array]) -> npt.NDArray[np.int64]:
    """The same keys, told apart by these columns of the same length too."""
    for colonne in colonnes:
        textes, rangs = coder(colonne)
        cles = cles * (len(textes) + 1) + rangs + 1
    return cles
