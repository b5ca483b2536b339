"""A described table: which column is what, which rows count, and what each label means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.erreurs import FichierRefuse, Lieu
from pupitre.moteur.nomenclatures.libelles import cle
from pupitre.moteur.observations import Granularite
from pupitre.moteur.sources.description import Description, Role
from pupitre.moteur.sources.fichiers.feuille import Rangs, coder, genre_de_rangs, prendre_lignes, renvoyer
from pupitre.moteur.sources.fichiers.limites import EXTRAIT_COLONNES
from pupitre.moteur.sources.fichiers.ouverture import Feuille
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.lecture.contexte import annee_du_tableau, textes_autour
from pupitre.moteur.sources.lecture.periodes import lire_periode
from pupitre.moteur.sources.lecture.personnes import est_nominative
from pupitre.moteur.sources.lecture.textes import nettoyer
from pupitre.moteur.sources.tableaux.rangees import trier_lignes
from pupitre.moteur.sources.tableaux.titres import completer_titres, descendre


@dataclass(frozen=True)
class Tableau:
    """Columns by role, header → column, and the rows of data (0-based), totals and other texts set apart.

    `annee` completes periods written without their year; `autour` holds the texts around the table;
    `periodes` are the columns read because their header is a period, `adresses` those that make an address.
    """

    feuille: Feuille
    entete: int
    roles: dict[Role, int]
    entetes: dict[str, int]
    nombres: tuple[int, ...]
    lignes: npt.NDArray[np.int32]
    totaux: tuple[int, ...]
    ecartees: tuple[int, ...] = ()
    periodes: tuple[int, ...] = ()
    nominatives: tuple[int, ...] = ()
    annee: int = 0
    autour: tuple[str, ...] = ()
    adresses: tuple[int, ...] = ()
    cache: dict[Role, pa.Array] = field(default_factory=dict, repr=False)

    def colonne(self, role: Role) -> pa.Array | None:
        """Texts of the column of that role on the rows of data; None when there is no such column."""
        if role not in self.roles:
            return None
        if role not in self.cache:
            self.cache[role] = prendre_lignes(self.feuille.colonnes[self.roles[role]], self.lignes)
        return self.cache[role]

    def numeros(self, rangs: npt.NDArray[np.signedinteger[Any]] | slice) -> pa.Array:
        """Line of the file of each of these rows of data."""
        lignes = self.lignes[rangs]
        if self.feuille.numeros:
            return pa.array(np.asarray(self.feuille.numeros, dtype=np.int32)[lignes])
        return pa.array(lignes + np.int32(1))

    def extrait(self) -> tuple[tuple[str, ...], ...]:
        """First rows as text, the columns that name persons masked."""
        masques = set(self.nominatives)
        return tuple(
            tuple("•••" if c in masques and i > self.entete and t else t for c, t in enumerate(rangee))
            for i, rangee in enumerate(self.feuille.extrait())
        )


def lire_tableau(
    feuille: Feuille, description: Description, journal: Journal, nom_fichier: str = ""
) -> Tableau:
    """Finds the described columns. Raises FichierRefuse when one of them is not in the file."""
    entete = ligne_entete(feuille, description, journal)
    feuille = completer_titres(feuille, entete)
    entetes: dict[str, int] = {}
    for colonne in range(feuille.largeur):
        texte = feuille.cellule(entete, colonne)
        if texte and texte.strip() and entetes.setdefault(cle(texte), colonne) != colonne:
            journal.avertir(
                "entete_repete",
                f"Deux colonnes s’appellent «\u202f{nettoyer(texte)}\u202f»\u202f: la première est lue.",
                **feuille.lieu(entete, colonne),
            )
    autour = textes_autour(feuille, entete, nom_fichier)
    annee = annee_du_tableau(description.annee, autour, feuille, journal)
    roles: dict[Role, int] = {}
    nombres: list[int] = []
    adresses: list[int] = []
    for nom, role in description.roles.items():
        if role is Role.IGNORER:
            continue
        colonne = _trouver(feuille, entete, entetes, nom)
        if role is Role.NOMBRE:
            nombres.append(colonne)
        elif role is Role.ADRESSE:
            adresses.append(colonne)
        roles[role] = colonne
    for nom in (*description.colonnes_periode, *description.colonnes_nature):
        nombres.append(_trouver(feuille, entete, entetes, nom))
    periodes: tuple[int, ...] = ()
    if description.colonnes_periode_auto:
        prises = {*nombres, *roles.values()} | {
            entetes[cle(n)] for n in description.roles if cle(n) in entetes
        }
        periodes = _periodes_lues(feuille, entete, annee, prises, journal)
        nombres += periodes
    nominatives = _signaler_nominatives(feuille, entete, journal)
    nombres = list(dict.fromkeys(nombres))
    lignes, totaux, ecartees = trier_lignes(feuille, entete, description, roles, nombres)
    return Tableau(
        feuille,
        entete,
        roles,
        entetes,
        tuple(nombres),
        lignes,
        totaux,
        ecartees,
        periodes,
        nominatives,
        annee,
        tuple(autour),
        tuple(sorted(set(adresses))),
    )


def colonnes_de_periode(feuille: Feuille, entete: int, annee: int = 0) -> tuple[int, ...]:
    """Columns whose header reads as a period, of the shortest kind there is among them (0-based).

    A month without its year counts even when `annee` is 0: what is missing is said by the reader.
    """
    return _par_longueur(feuille, entete, annee, set())[0]


def _par_longueur(
    feuille: Feuille, entete: int, annee: int, prises: set[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    lues: dict[int, Granularite] = {}
    for colonne in range(feuille.largeur):
        texte = feuille.cellule(entete, colonne)
        duree = lire_periode(texte, annee or 2000) if texte and colonne not in prises else None
        if duree is not None:
            lues[colonne] = duree.granularite
    plus_courte = next((g for g in Granularite if g in lues.values()), None)
    return (
        tuple(c for c, g in lues.items() if g is plus_courte),
        tuple(c for c, g in lues.items() if g is not plus_courte),
    )


def _periodes_lues(
    feuille: Feuille, entete: int, annee: int, prises: set[int], journal: Journal
) -> tuple[int, ...]:
    gardees, longues = _par_longueur(feuille, entete, annee, prises)
    for colonne in longues:
        journal.informer(
            "colonne_ignoree",
            f"«\u202f{nettoyer(feuille.cellule(entete, colonne) or '')[:60]}\u202f» porte une période plus longue que "
            "les autres colonnes\u202f: elle n’est pas lue.",
            **feuille.lieu(entete, colonne),
        )
    return gardees


def ligne_entete(feuille: Feuille, description: Description, journal: Journal | None = None) -> int:
    """0-based row of the header: the one described, unless another holds more of the described titles."""
    voulus = {
        cle(n) for n in (*description.roles, *description.colonnes_periode, *description.colonnes_nature)
    }
    dite = _ligne_dite(feuille, description)
    meilleur, score = (0, 0) if dite is None else (dite, _titres(feuille, dite, voulus, description))
    for ligne in range(min(40, feuille.hauteur)):
        trouves = _titres(feuille, ligne, voulus, description)
        if trouves > score:
            meilleur, score = ligne, trouves
    if meilleur != dite:
        meilleur = descendre(feuille, meilleur)
    if dite is not None and meilleur != dite and journal is not None:
        journal.informer(
            "titres_deplaces",
            f"Les titres des colonnes sont à la ligne {feuille.lieu(meilleur)['ligne']}, et non à la ligne "
            f"{description.ligne_entete}.",
            **feuille.lieu(meilleur),
        )
    return meilleur


def _titres(feuille: Feuille, ligne: int, voulus: set[str], description: Description) -> int:
    textes = [c for c in feuille.rangee(ligne) if c]
    trouves = sum(1 for c in textes if cle(c) in voulus)
    # A single period may be the title of the whole table.
    periodes = sum(1 for c in textes if lire_periode(c, 2000)) if description.colonnes_periode_auto else 0
    return trouves + (periodes if periodes > 1 else 0)


def _ligne_dite(feuille: Feuille, description: Description) -> int | None:
    if not description.ligne_entete:
        return None
    if feuille.numeros:
        return next((i for i, n in enumerate(feuille.numeros) if n >= description.ligne_entete), 0)
    return min(description.ligne_entete - 1, max(feuille.hauteur - 1, 0))


def est_une_lettre(nom: str) -> bool:
    """True for what may stand for a column without a title."""
    return nom.isascii() and nom.isalpha() and nom.isupper() and len(nom) <= 3


def _trouver(feuille: Feuille, entete: int, entetes: dict[str, int], nom: str) -> int:
    if cle(nom) in entetes:
        return entetes[cle(nom)]
    if est_une_lettre(nom):
        rang = 0
        for c in nom:
            rang = rang * 26 + ord(c) - 64
        colonne = rang - 1 - feuille.premiere_colonne
        if 0 <= colonne < feuille.largeur:
            return colonne
    trouves = ", ".join(f"«\u202f{nettoyer(c)}\u202f»" for c in feuille.rangee(entete, 12) if c)
    raison = (
        f"À la ligne des titres, on lit\u202f: {trouves}." if trouves else "La ligne des titres est vide."
    )
    raise FichierRefuse(
        f"La colonne «\u202f{nom}\u202f» n’est pas dans le fichier.",
        raison,
        "Le partenaire a peut-être changé son tableau\u202f: reprenez la description du format.",
        Lieu(feuille.nom or None, feuille.lieu(entete)["ligne"], nom),
    )


def _signaler_nominatives(feuille: Feuille, entete: int, journal: Journal) -> tuple[int, ...]:
    trouvees = tuple(c for c in range(feuille.largeur) if est_nominative(feuille.cellule(entete, c) or ""))
    for colonne in trouvees[:EXTRAIT_COLONNES]:
        journal.avertir(
            "donnees_personnelles",
            f"La colonne «\u202f{nettoyer(feuille.cellule(entete, colonne) or '')}\u202f» semble désigner "
            "des personnes\u202f: elle n’est pas lue. Demandez au partenaire de ne plus l’envoyer.",
            **feuille.lieu(entete, colonne),
        )
    return trouvees


@dataclass(frozen=True, slots=True)
class Lus:
    """Each row's position in `valeurs`; −1 where the label is empty, −2 where it could not be read."""

    rangs: Rangs
    valeurs: list[object]


def lire_valeurs(
    tableau: Tableau,
    role: Role,
    lire: Callable[[str], object | None],
    signaler: Callable[[str, int, int], None],
    *,
    completer: bool = False,
    journal: Journal | None = None,
    colonne: pa.Array | None = None,
) -> Lus | None:
    """Reads one column: each distinct label once, `signaler(label, 0-based row, times)` when `lire` says None.

    `completer` fills an empty label with the one above (merged cells), and says how many to `journal`.
    `colonne` stands for the texts of the column when they are not those of the file.
    None when the table has no such column.
    """
    colonne = tableau.colonne(role) if colonne is None else colonne
    if colonne is None:
        return None
    textes, bruts = coder(colonne)
    if completer and len(bruts):
        bruts = _descendre(tableau, role, bruts, journal)
    renvoi = np.full(len(textes) + 1, -1, dtype=genre_de_rangs(len(textes)))
    places: dict[object, int] = {}
    # In their order of appearance: that of what is said of them.
    presents = pa.array(bruts).unique()
    presents = presents.filter(pc.greater_equal(presents, 0))
    for rang, texte in zip(presents.to_pylist(), textes.take(presents).to_pylist(), strict=True):
        if not texte.strip():
            continue
        lu = lire(texte)
        if lu is None:
            renvoi[rang] = -2
            touchees = np.flatnonzero(bruts == rang)
            signaler(texte, int(tableau.lignes[touchees[0]]), len(touchees))
        else:
            renvoi[rang] = places.setdefault(lu, len(places))
    return Lus(renvoyer(renvoi, bruts), list(places))


def _descendre(tableau: Tableau, role: Role, bruts: Rangs, journal: Journal | None) -> Rangs:
    """Merged cells hold their text in the first row only."""
    rang = np.where(bruts >= 0, np.arange(len(bruts)), -1)
    np.maximum.accumulate(rang, out=rang)
    remplies = np.where(rang >= 0, bruts[np.maximum(rang, 0)], -1)
    nombre = int(np.count_nonzero((bruts < 0) & (remplies >= 0)))
    if nombre and journal is not None:
        premiere = int(tableau.lignes[np.flatnonzero((bruts < 0) & (remplies >= 0))[0]])
        journal.avertir(
            "cellules_fusionnees",
            f"{nombre} cellules vides ont pris la valeur du dessus, comme des cellules fusionnées."
            if nombre > 1
            else "Une cellule vide a pris la valeur du dessus, comme une cellule fusionnée.",
            **tableau.feuille.lieu(premiere, tableau.roles[role]),
        )
    return remplies
