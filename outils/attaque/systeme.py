"""Solving: what the equations leave possible of each secret count.

Unknowns are counts of one place, nature and delivered period, whole and not negative. A secret count is recovered
when no other whole value is left to it. Linear programmes first (HiGHS): random objectives move most counts at
once; each count that has not moved by one unit gets its own minimum and maximum. Among whole numbers afterwards,
by branch and bound, since a linear programme may move by fractions where whole numbers cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, vstack

from outils.attaque.cibles import Cible, Verite
from outils.attaque.constats import Constat, sur

_TOURS = 12
_EPSILON = 1e-6
_SECONDES = 20.0


@dataclass
class Bilan:
    """What the attack found for one source.

    Attributes:
        retrouvees: counts that the equations leave one value only.
        fourchettes: count → the least and the most that it may be worth, where it had to be computed.
        entieres: counts of which another whole value was exhibited.
        contradictions: equations that the truth does not satisfy (a figure that is false, or misread).
    """

    equations: int
    inconnues: int
    cibles: int
    retrouvees: list[Cible] = field(default_factory=list)
    fourchettes: dict[Cible, tuple[float, float]] = field(default_factory=dict)
    entieres: int = 0
    contradictions: list[tuple[Constat, int]] = field(default_factory=list)

    @property
    def largeur(self) -> float | None:
        """The narrowest range found; None when every count moved at the first tries."""
        return min((h - b for b, h in self.fourchettes.values()), default=None)


class Systeme:
    """The equations of one source. Columns that always appear together are one unknown: their sum."""

    def __init__(self, verite: Verite, constats: Sequence[Constat], cibles: Sequence[Cible]) -> None:
        self.verite = verite
        atomes = [(li, n, p) for li in verite.lieux for n in verite.natures for p in verite.periodes]
        vrais = np.array([verite.comptes.get(a, 0) for a in atomes], dtype=np.float64)
        self._index(atomes)
        self.contradictions: list[tuple[Constat, int]] = []
        retenus, rangees = [], []
        for c in constats:
            rangee = self._rangee(c.natures, c.communes, c.secteurs, c.territoires, c.debut, c.fin)
            n = int(vrais[rangee].sum())
            if not c.bas - _EPSILON <= n <= c.haut + _EPSILON:
                self.contradictions.append((c, n))
                continue
            retenus.append(c)
            rangees.append(rangee)
        self.cibles = list(cibles)
        vises = [
            self._rangee(
                c.natures, [c.commune][: bool(c.commune)], [c.secteur][: bool(c.secteur)], (), c.debut, c.fin
            )
            for c in cibles
        ]
        matrice = _creuse(rangees + vises, len(atomes))
        matrice, vrais = _fusionner(matrice, vrais)
        m = len(rangees)
        uniques = _uniques(matrice[:m], retenus)
        self.a = matrice[:m][[i for i, _, _ in uniques]]
        self.bas = np.array([b for _, b, _ in uniques])
        self.haut = np.array([h for _, _, h in uniques])
        self.vise = matrice[m:]
        self.vrais = vrais
        self.plafond = float(vrais.sum()) + 10.0

    def _index(self, atomes) -> None:
        self._natures = np.array([a[1] for a in atomes], dtype=object)
        self._communes = np.array([a[0][0] for a in atomes], dtype=object)
        self._secteurs = np.array([a[0][1] for a in atomes], dtype=object)
        self._territoires = np.array([a[0][2] for a in atomes], dtype=object)
        self._debuts = np.array([a[2][0].toordinal() for a in atomes])
        self._fins = np.array([a[2][1].toordinal() for a in atomes])

    def _rangee(self, natures, communes, secteurs, territoires, debut, fin):
        dedans = np.isin(self._natures, list(natures))
        dedans &= (self._debuts >= debut.toordinal()) & (self._fins <= fin.toordinal())
        for axe, voulus in (
            (self._communes, communes),
            (self._secteurs, secteurs),
            (self._territoires, territoires),
        ):
            if voulus:
                dedans &= np.isin(axe, list(voulus))
        return np.flatnonzero(dedans)

    def attaquer(self, graine: int = 20261123) -> Bilan:
        bilan = Bilan(self.a.shape[0], self.a.shape[1], len(self.cibles), contradictions=self.contradictions)
        vrais = np.array([c.valeur for c in self.cibles], dtype=np.float64)
        bouge, entier = np.zeros(len(vrais), dtype=bool), np.zeros(len(vrais), dtype=bool)
        alea = np.random.default_rng(graine)
        for _ in range(_TOURS):
            if bouge.all():
                break
            poids = np.where(bouge, 0.0, alea.normal(size=len(vrais)))
            self._essayer(self.vise.T @ poids, vrais, bouge, entier)
        for k in np.flatnonzero(~bouge):
            bas, haut = self._fourchette(k)
            bilan.fourchettes[self.cibles[k]] = (bas, haut)
            if np.floor(haut + _EPSILON) - np.ceil(bas - _EPSILON) < 1:
                bilan.retrouvees.append(self.cibles[k])
            else:
                bouge[k] = True
        for k in np.flatnonzero(bouge & ~entier):
            if self._entiers(k, vrais[k]):
                entier[k] = True
            else:
                bilan.retrouvees.append(self.cibles[k])
        bilan.entieres = int(entier.sum())
        return bilan

    def _essayer(self, objectif, vrais, bouge, entier) -> None:
        """One other world that the equations allow: which secret counts does it change?"""
        for signe in (1.0, -1.0):
            x = self._programme(signe * objectif)
            ecarts = np.abs(self.vise @ x - vrais)
            bouge |= ecarts >= 1 - _EPSILON
            if np.abs(x - np.round(x)).max(initial=0.0) < 1e-7:
                entier |= ecarts >= 1 - _EPSILON

    def _programme(self, objectif):
        egales = self.bas == self.haut
        reste = ~egales
        options = {}
        if reste.any():
            options["A_ub"] = vstack([self.a[reste], -self.a[reste]]).tocsr()
            options["b_ub"] = np.concatenate([self.haut[reste], -self.bas[reste]])
        if egales.any():
            options["A_eq"] = self.a[egales]
            options["b_eq"] = self.bas[egales]
        s = linprog(objectif, bounds=(0, self.plafond), method="highs", **options)
        if s.x is None:
            raise ArithmeticError(f"les équations lues se contredisent : {s.message}")
        return s.x

    def _fourchette(self, k: int) -> tuple[float, float]:
        ligne = self.vise[[k]].toarray().ravel()
        return float(ligne @ self._programme(ligne)), float(ligne @ self._programme(-ligne))

    def _entiers(self, k: int, vrai: float) -> bool:
        """Whether some other whole value is possible, in whole numbers throughout."""
        ligne = self.vise[[k]].toarray().ravel()
        contraintes = [LinearConstraint(self.a, self.bas, self.haut)] if self.a.shape[0] else []
        for bas, haut in ((vrai + 1, np.inf), (-np.inf, vrai - 1)):
            if haut < 0:
                continue
            s = milp(
                np.zeros(len(ligne)),
                constraints=[*contraintes, LinearConstraint(csr_array(ligne[None, :]), bas, haut)],
                bounds=Bounds(0, self.plafond),
                integrality=np.ones(len(ligne)),
                options={"time_limit": _SECONDES},
            )
            if s.x is not None:
                return True
        return False


def _creuse(rangees, largeur: int) -> csr_array:
    lignes = np.repeat(np.arange(len(rangees)), [len(r) for r in rangees])
    colonnes = np.concatenate(rangees) if rangees else np.array([], dtype=int)
    return coo_array((np.ones(len(colonnes)), (lignes, colonnes)), shape=(len(rangees), largeur)).tocsr()


def _fusionner(matrice: csr_array, vrais):
    """Columns that no equation and no target tells apart become one."""
    par_colonne = matrice.tocsc()
    groupes: dict[bytes, list[int]] = {}
    for j in range(matrice.shape[1]):
        cle = par_colonne.indices[par_colonne.indptr[j] : par_colonne.indptr[j + 1]].tobytes()
        groupes.setdefault(cle, []).append(j)
    groupes.pop(b"", None)
    premiers = [g[0] for g in groupes.values()]
    return (
        par_colonne[:, premiers].tocsr(),
        np.array([vrais[g].sum() for g in groupes.values()], dtype=np.float64),
    )


def _uniques(matrice: csr_array, constats: Sequence[Constat]) -> list[tuple[int, float, float]]:
    """The same sum read in several places is one equation, as narrow as the narrowest reading."""
    gardees: dict[bytes, tuple[int, float, float]] = {}
    for i, c in enumerate(constats):
        cle = matrice.indices[matrice.indptr[i] : matrice.indptr[i + 1]].tobytes()
        ancien = gardees.get(cle)
        bas, haut = (c.bas, c.haut) if ancien is None else (max(c.bas, ancien[1]), min(c.haut, ancien[2]))
        if haut - bas < 1e-3 and round(bas) <= haut + _EPSILON:
            bas = haut = float(round((bas + haut) / 2))
        gardees[cle] = (i if ancien is None else ancien[0], bas, haut)
    return list(gardees.values())


def attaquer(verite: Verite, constats: Sequence[Constat], cibles: Sequence[Cible]) -> Bilan:
    return Systeme(verite, sur(constats, verite.source, verite.natures), cibles).attaquer()
