"""A block of counts, index × something, read at once; total rows and columns are checked and set aside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pupitre.moteur.sources.fichiers.feuille import coder, en_textes, prendre_lignes
from pupitre.moteur.sources.fichiers.ouverture import Feuille
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.lecture.comptes import Comptes, Etat, lire_comptes
from pupitre.moteur.sources.lecture.textes import lire_compte, message_faute


@dataclass(frozen=True, slots=True)
class Bloc:
    """Counts of `colonnes` × `lignes`, column after column."""

    comptes: Comptes
    lignes: npt.NDArray[np.int64]
    colonnes: npt.NDArray[np.int64]

    @property
    def garder(self) -> npt.NDArray[np.bool_]:
        """Cells that make an observation: numbers and withheld numbers."""
        etat = self.comptes.etat
        garder: npt.NDArray[np.bool_] = (etat == Etat.NOMBRE) | (etat == Etat.NON_DIFFUSE)
        return garder

    @property
    def vides(self) -> int:
        return int(np.count_nonzero(self.comptes.etat == Etat.VIDE))

    def carre_exact(self) -> npt.NDArray[np.float64]:
        """Same as `carre`, fractions included."""
        return self.comptes.exactes.reshape(len(self.colonnes), len(self.lignes))

    def sans_renvois(self) -> npt.NDArray[np.float64]:
        """Same as `carre_exact`, without the numbers that bear a footnote's mark."""
        exactes = self.comptes.exactes.copy()
        exactes[self.comptes.renvois] = 0
        return exactes.reshape(len(self.colonnes), len(self.lignes))

    def carre(self) -> npt.NDArray[np.int64]:
        """Numbers as a matrix columns × rows, 0 where there is none."""
        return self.comptes.n.reshape(len(self.colonnes), len(self.lignes))


def lire_bloc(
    feuille: Feuille,
    lignes: Sequence[int],
    colonnes: Sequence[int],
    journal: Journal,
    fractionnees: Collection[int] = (),
) -> Bloc:
    """Reads the cells at these 0-based rows and columns, and notes each fault at its place.

    `fractionnees`: columns of means, where half a post is no fault: it is kept as not published.
    """
    rangs = np.asarray(lignes, dtype=np.int64)
    cellules = _prendre(feuille, rangs, colonnes)
    comptes = lire_comptes(cellules)
    for place in np.flatnonzero(comptes.etat == Etat.FAUTE).tolist():
        texte = cellules[place].as_py()
        faute = lire_compte(texte).faute
        if faute == "decimal" and colonnes[place // len(rangs)] in fractionnees:
            comptes.etat[place] = Etat.NON_DIFFUSE
            journal.avertir(
                "fraction",
                f"«\u202f{texte.strip()}\u202f» est une fraction de poste\u202f: Pupitre compte des agents entiers. "
                "La case est gardée «\u202fn.\u202fd.\u202f», et entre telle quelle dans la vérification des totaux.",
                **feuille.lieu(int(rangs[place % len(rangs)]), colonnes[place // len(rangs)]),
            )
            continue
        journal.bloquante(
            faute,
            message_faute(faute, texte),
            **feuille.lieu(int(rangs[place % len(rangs)]), colonnes[place // len(rangs)]),
        )
    for place in comptes.renvois.tolist():
        journal.avertir(
            "renvoi_de_note",
            f"«\u202f{cellules[place].as_py().strip()}\u202f» porte un renvoi de note\u202f: le nombre est lu, la note "
            "peut en changer le sens.",
            **feuille.lieu(int(rangs[place % len(rangs)]), colonnes[place // len(rangs)]),
        )
    return Bloc(comptes, rangs, np.asarray(colonnes, dtype=np.int64))


def _prendre(feuille: Feuille, rangs: npt.NDArray[np.int64], colonnes: Sequence[int]) -> pa.Array:
    if not len(rangs) or not colonnes:
        return pa.array([], pa.string())
    return pa.concat_arrays([en_textes(prendre_lignes(feuille.colonnes[c], rangs)) for c in colonnes])


def verifier_total(
    feuille: Feuille,
    quoi: str,
    calculs: npt.NDArray[np.int64],
    places: Sequence[tuple[int, int]],
    journal: Journal,
) -> None:
    """Compares a row or column of totals with the sums of what was read.

    One information when it agrees, one warning per disagreement, with both numbers and the place.
    """
    textes, rangs = coder(_cellules(feuille, places))
    # No number is negative: -1 stands for none.
    lus = [-1 if (n := lire_compte(texte).n) is None else n for texte in textes.to_pylist()]
    ecrits = np.array([*lus, -1], dtype=np.int64)[rangs]
    ecarts = np.flatnonzero((ecrits >= 0) & (ecrits != calculs)).tolist()
    for i in ecarts:
        journal.avertir(
            "total_faux",
            f"Le total écrit est {ecrits[i]}, la somme des cases lues est {calculs[i]}.",
            **feuille.lieu(*places[i]),
        )
    if not ecarts and places:
        suite = " et concorde avec la somme" if (ecrits >= 0).any() else ""
        ligne, colonne = places[0]
        lieu = feuille.lieu(ligne, None) if quoi == "ligne" else feuille.lieu(None, colonne)
        journal.informer("total_ecarte", f"La {quoi} de total est mise de côté{suite}.", **lieu)


def _cellules(feuille: Feuille, places: Sequence[tuple[int, int]]) -> pa.Array:
    """Texts of these cells; those of one column are taken together."""
    colonnes = {c for _, c in places}
    if len(colonnes) != 1:
        return pa.array([feuille.cellule(*place) for place in places], pa.string())
    return feuille.colonnes[colonnes.pop()].take(pa.array([ligne for ligne, _ in places]))
