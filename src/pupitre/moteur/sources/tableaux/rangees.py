"""Which rows of a described table are data, which are totals, and which are only text around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pupitre.moteur.nomenclatures.libelles import cle
from pupitre.moteur.sources.description import Description, Role
from pupitre.moteur.sources.fichiers.feuille import coder, occupees, rangs_de, renvoyer
from pupitre.moteur.sources.fichiers.ouverture import Feuille
from pupitre.moteur.sources.lecture.lecteur_nature import LecteurNature
from pupitre.moteur.sources.lecture.lieux import comparables, lire_commune
from pupitre.moteur.sources.lecture.periodes import lire_jour, lire_periode
from pupitre.moteur.sources.lecture.pieds import annonce_un_total, est_un_pied
from pupitre.moteur.sources.lecture.textes import est_total, lire_compte

Masque = npt.NDArray[np.bool_]
LIBELLES = (
    Role.NATURE,
    Role.TERRITOIRE,
    Role.DEPARTEMENT,
    Role.COMMUNE,
    Role.SECTEUR,
    Role.PERIODE,
    Role.DATE,
)
LIBRES = (Role.TERRITOIRE, Role.SECTEUR, Role.DEPARTEMENT)
# What was meant as a day, however wrong: never taken for a text under the table.
ESSAI_DE_DATE = re.compile(r"\s*\d{1,4}\s*[-/. ]\s*\d{1,2}(?:\s*[-/. ]|\s*\Z)")


def trier_lignes(
    feuille: Feuille,
    entete: int,
    description: Description,
    roles: Mapping[Role, int],
    nombres: Sequence[int],
) -> tuple[npt.NDArray[np.int32], tuple[int, ...], tuple[int, ...]]:
    """Rows of data, rows of totals, rows set aside (0-based). Rows where nothing useful is written are left out.

    A row with no figure whose texts mean nothing in their columns is set aside; a wrong figure never is.
    """
    pleines = np.zeros(feuille.hauteur, dtype=bool)
    # A département is written once for many rows: alone, it says nothing of its own.
    for c in {*(c for r, c in roles.items() if r is not Role.DEPARTEMENT), *nombres}:
        pleines |= occupees(feuille.colonnes[c])
    pleines[: entete + 1] = False
    etiquettes = {roles[r]: r for r in LIBELLES if r in roles} or (
        {0: Role.TERRITOIRE} if feuille.largeur else {}
    )
    exclues = {cle(x) for x in description.lignes_exclues}
    totaux = np.zeros(feuille.hauteur, dtype=bool)
    sans_etiquette = np.ones(feuille.hauteur, dtype=bool)
    for c, role in etiquettes.items():
        colonne = feuille.colonnes[c]
        sans_etiquette &= ~occupees(colonne)
        totaux |= _marquer(colonne, _total_de_departement if role is Role.DEPARTEMENT else annonce_un_total)
        if exclues:
            pleines &= ~_marquer(colonne, lambda t: cle(t) in exclues)
    if description.format != "faits":
        # The word may be in a column that is not described: its figures would take the labels above.
        for ligne in np.flatnonzero(pleines & sans_etiquette & ~totaux).tolist():
            totaux[ligne] = any(map(est_total, feuille.rangee(ligne)))
    juge = _Juge(feuille, description, roles, nombres)
    chiffrees = juge.chiffrees()
    somme = totaux & pleines & (chiffrees if description.format != "faits" else False)
    ecartees = totaux & pleines & ~somme
    a_chiffres = chiffrees & pleines & ~totaux
    derniere = len(a_chiffres) - 1 - int(a_chiffres[::-1].argmax()) if a_chiffres.any() else -1
    for ligne in np.flatnonzero(pleines & ~totaux & ~chiffrees).tolist():
        remplies = [t for t in feuille.rangee(ligne) if t and t.strip()]
        if remplies:
            ecartees[ligne] = juge.est_hors_du_tableau(ligne, remplies, apres=ligne > derniere)
        else:
            pleines[ligne] = False
    return (
        rangs_de(pleines & ~totaux & ~ecartees),
        tuple(np.flatnonzero(somme).tolist()),
        tuple(np.flatnonzero(ecartees).tolist()),
    )


def _total_de_departement(texte: str) -> bool:
    """The Somme is a département."""
    return annonce_un_total(texte) and not cle(texte).startswith("somme")


def _marquer(colonne: pa.Array, predicat: Callable[[str], bool]) -> Masque:
    """Rows whose text answers the predicate, asked once per distinct text; an empty cell never does."""
    textes, rangs = coder(colonne)
    reponses = [bool(t and t.strip() and predicat(t)) for t in textes.to_pylist()]
    if not any(reponses):
        return np.zeros(len(rangs), dtype=bool)
    return renvoyer(np.array([*reponses, False], dtype=np.bool_), rangs)


@dataclass
class _Juge:
    feuille: Feuille
    description: Description
    roles: Mapping[Role, int]
    nombres: Sequence[int]

    def __post_init__(self) -> None:
        self._nature = LecteurNature(self.description)
        self._communes = comparables(self.description.communes)
        self._faits = self.description.format == "faits"
        self._jour = next((self.roles[r] for r in (Role.DATE, Role.PERIODE) if r in self.roles), None)

    def chiffrees(self) -> Masque:
        """Rows that have what makes an observation: a count (right or wrong), or the day of an event."""
        if self._faits:
            if self._jour is not None:
                return _marquer(self.feuille.colonnes[self._jour], self._est_un_jour)
            if Role.NATURE in self.roles:
                return _marquer(
                    self.feuille.colonnes[self.roles[Role.NATURE]], lambda t: self._nature(t) is not None
                )
            return np.ones(self.feuille.hauteur, dtype=bool)
        masque = np.zeros(self.feuille.hauteur, dtype=bool)
        for c in self.nombres:
            masque |= _marquer(self.feuille.colonnes[c], lambda t: lire_compte(t).faute != "pas_un_nombre")
        return masque

    def est_hors_du_tableau(self, ligne: int, remplies: Sequence[str], *, apres: bool) -> bool:
        """True for a row without figure that the described columns do not explain; `remplies` are its texts."""
        if est_un_pied(remplies[0]) and len(remplies) <= 3:
            return True
        textes = {r: t for r, c in self.roles.items() if (t := self.feuille.cellule(ligne, c)) and t.strip()}
        if self._faits:
            return self._fait_hors_du_tableau(textes, remplies)
        if any((self.feuille.cellule(ligne, c) or "").strip() for c in self.nombres):
            return len(remplies) == 1
        poses = {r: t for r, t in textes.items() if r in LIBELLES}
        francs = [self._reconnu(r, t) for r, t in poses.items() if r not in LIBRES and self._ferme(r)]
        return not all(francs) if francs else apres

    def _fait_hors_du_tableau(self, textes: Mapping[Role, str], remplies: Sequence[str]) -> bool:
        ecrit = textes.get(Role.DATE) or textes.get(Role.PERIODE) or ""
        if ESSAI_DE_DATE.match(ecrit) or (
            Role.NATURE in textes and self._nature(textes[Role.NATURE]) is not None
        ):
            return False
        seuil = 2 if self._jour is not None else 1
        return len(remplies) <= seuil and len(self.roles) > len(textes)

    def _ferme(self, role: Role) -> bool:
        """Columns whose labels are all known: any text is a commune when no commune is described."""
        return role is not Role.COMMUNE or bool(self._communes)

    def _reconnu(self, role: Role, texte: str) -> bool:
        if role is Role.NATURE:
            return self._nature(texte) is not None
        if role is Role.COMMUNE:
            return bool(lire_commune(texte, self._communes).code)
        return self._est_un_jour(texte)

    def _est_un_jour(self, texte: str) -> bool:
        if lire_jour(texte, self.description.format_date) is not None:
            return True
        return (
            not self.description.format_date
            and lire_periode(texte, self.description.annee or 2000) is not None
        )
