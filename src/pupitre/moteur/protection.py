"""Secondary suppression in tables linked by sums, and the attack that it must withstand.

A table is a product of axes; an axis is a tree (secteur ⊂ commune ⊂ conseil; month ⊂ year) or a flat list with
its total. Each inner node gives linear relations « total = sum of the parts ». The attacker knows every
published cell, the relations, and that counts are not negative; a withheld cell is recovered when the linear
programme leaves it no other integer value (the criterion of exact disclosure in Hundepool et al., *Statistical
Disclosure Control*, 2012, ch. 4).

Zero cells: a zero tells that nothing happened and identifies nobody, so that it is not withheld for itself;
but it is a possible companion, otherwise two cells of 1 with a published total of 2 would both be known to be
at least 1, hence equal to 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

Noeud = tuple[str | None, ...]
Cellule = tuple[Noeud, ...]

_TOURS_ALEATOIRES = 6
_REPRISES = 8
_EPSILON = 1e-6


@dataclass(frozen=True)
class Arbre:
    """An axis: leaves are tuples of one length, inner nodes their prefixes.

    Attributes:
        feuilles: sorted, distinct.
        sommet: whether the total over the whole axis is itself published somewhere.
    """

    feuilles: tuple[Noeud, ...]
    sommet: bool = True

    @cached_property
    def _structure(self) -> tuple[dict[Noeud, tuple[Noeud, ...]], dict[Noeud, int]]:
        profondeur = len(self.feuilles[0]) if self.feuilles else 0
        enfants: dict[Noeud, tuple[Noeud, ...]] = {}
        portee = dict.fromkeys(self.feuilles, profondeur)
        niveau = {f: f for f in self.feuilles}
        for p in range(profondeur - 1, -1 if self.sommet else 0, -1):
            groupes: dict[Noeud, list[Noeud]] = defaultdict(list)
            for prefixe, noeud in niveau.items():
                groupes[prefixe[:p]].append(noeud)
            niveau = {}
            for prefixe, membres in groupes.items():
                niveau[prefixe] = prefixe if len(membres) > 1 else membres[0]
                if len(membres) > 1:
                    enfants[prefixe] = tuple(membres)
                portee[niveau[prefixe]] = p
        return enfants, portee

    @property
    def enfants(self) -> dict[Noeud, tuple[Noeud, ...]]:
        """Inner node → children, from the deepest to the top. A parent with an only child is that child."""
        return self._structure[0]

    @property
    def portee(self) -> dict[Noeud, int]:
        """Node → length of the shortest prefix that it stands for: 0 for the whole axis."""
        return self._structure[1]

    @cached_property
    def noeuds(self) -> tuple[Noeud, ...]:
        return (*self.feuilles, *self.enfants)

    def reduire(self, feuilles: Iterable[Noeud]) -> frozenset[Noeud]:
        """The fewest nodes whose leaves are exactly these."""
        reste = set(feuilles)
        for parent, enfants in self.enfants.items():
            if reste.issuperset(enfants):
                reste.difference_update(enfants)
                reste.add(parent)
        return frozenset(reste)


class Tableau:
    """All the cells of a product of axes, with their values and the relations between them."""

    def __init__(self, axes: Sequence[Arbre], feuilles: Mapping[Cellule, int | None]) -> None:
        """`feuilles`: value of each elementary cell; absent means 0, None that the producer withholds it."""
        self.axes = tuple(axes)
        self.cellules: list[Cellule] = [tuple(c) for c in product(*(a.noeuds for a in axes))]
        self.rang = {c: i for i, c in enumerate(self.cellules)}
        self.valeurs: NDArray[np.int64] = np.zeros(len(self.cellules), dtype=np.int64)
        self.inconnues: NDArray[np.bool_] = np.zeros(len(self.cellules), dtype=bool)
        for c, v in feuilles.items():
            i = self.rang[c]
            self.valeurs[i] = v or 0
            self.inconnues[i] = v is None
        self.relations: list[tuple[int, tuple[int, ...]]] = []
        for k, axe in enumerate(self.axes):
            avant, apres = self.axes[:k], self.axes[k + 1 :]
            for parent, enfants in axe.enfants.items():
                # Axes before k are already summed: their inner nodes too; those after are not yet.
                for g in product(*(a.noeuds for a in avant)):
                    for d in product(*(a.noeuds for a in apres)):
                        total = self.rang[(*g, parent, *d)]
                        parts = tuple(self.rang[(*g, e, *d)] for e in enfants)
                        self.relations.append((total, parts))
        # Sum once per axis, from the leaves up: `enfants` goes from the deepest node to the top.
        for total, parts in self.relations:
            self.valeurs[total] = self.valeurs[list(parts)].sum()
            self.inconnues[total] = bool(self.inconnues[list(parts)].any())
        self.par_cellule: list[list[int]] = [[] for _ in self.cellules]
        for r, (total, parts) in enumerate(self.relations):
            for i in (total, *parts):
                self.par_cellule[i].append(r)


def proteger(
    tableau: Tableau,
    primaires: Iterable[int],
    graine: int = 20120101,
    *,
    acquises: Iterable[int] = (),
    figees: Iterable[int] = (),
) -> frozenset[int]:
    """Indices to withhold: `primaires`, `acquises`, and the companions without which a primary is recovered.

    Each primary cell still recovered gets the cheapest move that changes it by one unit (the linear heuristic
    of cell suppression: Kelly, Golden & Assad, *Networks* 22, 1992); the published cells that this move uses
    become companions. A companion that can itself be recovered says nothing more when it is published: it is
    given back. The same table always gives the same pattern.

    Args:
        acquises: withheld whatever happens, never given back: another pattern already decided so.
        figees: published whatever happens, never companions. There must remain, once every other cell is
            withheld, a move of each primary cell.
    """
    interdites = set(figees)
    imposees = set(acquises)
    sensibles = {i for i in primaires if not tableau.inconnues[i]}
    if not sensibles:
        return frozenset(imposees)
    inconnues = set(np.flatnonzero(tableau.inconnues).tolist())
    cout = _couts(tableau)
    retenues = sensibles | imposees
    _completer(tableau, retenues, inconnues, interdites, cout)
    programme = _Programme(tableau)
    for _ in range(_REPRISES):
        for i in sorted(programme.deduire(retenues | inconnues, sensibles, graine)):
            retenues |= programme.compagnes(i, retenues | inconnues, interdites, cout)
        rendues = programme.deduire(retenues | inconnues, retenues - sensibles - imposees, graine)
        retenues -= rendues
        # A companion that moves by less than a unit is known to whoever counts in whole facts, yet giving it
        # back narrows the programme: hence the second look.
        if not rendues or not programme.deduire(retenues | inconnues, retenues - imposees, graine):
            return frozenset(retenues)
    return frozenset(range(len(tableau.cellules))) - inconnues - interdites | sensibles | imposees


def deduire(tableau: Tableau, cachees: Iterable[int], graine: int = 20120101) -> set[int]:
    """The attack: indices among `cachees` whose value the published cells give back exactly."""
    cachees = set(cachees)
    return _Programme(tableau).deduire(cachees, cachees, graine)


class _Programme:
    """Moves d = x - true value that keep every relation and every published cell, with x ≥ 0."""

    def __init__(self, tableau: Tableau) -> None:
        from scipy.sparse import coo_array

        self.valeurs = tableau.valeurs.astype(np.float64)
        # Out of reach of any exact deduction, since the feasible set is convex; keeps the programme bounded.
        self.plafond = float(self.valeurs.max(initial=0.0)) + 10.0
        lignes, colonnes, signes = [], [], []
        for r, (total, parts) in enumerate(tableau.relations):
            lignes += [r] * (len(parts) + 1)
            colonnes += [total, *parts]
            signes += [-1.0] + [1.0] * len(parts)
        forme = (len(tableau.relations), len(tableau.cellules))
        self.matrice = coo_array((signes, (lignes, colonnes)), shape=forme).tocsc()

    def deduire(self, cachees: set[int], cibles: set[int], graine: int) -> set[int]:
        """Among `cibles`, those that cannot move by one unit when `cachees` are withheld.

        Points reached with random objectives clear most cells at once; each remaining cell gets its own
        minimum and maximum.
        """
        if not cibles:
            return set()
        indices = np.array(sorted(cachees), dtype=np.int64)
        matrice = self.matrice[:, indices].tocsr()
        matrice = matrice[np.diff(matrice.indptr) > 0]
        bornes = np.column_stack([-self.valeurs[indices], np.full(len(indices), self.plafond)])
        douteuses: NDArray[np.bool_] = np.isin(indices, sorted(cibles))
        alea = np.random.default_rng(graine)
        for _ in range(_TOURS_ALEATOIRES):
            if not douteuses.any():
                return set()
            objectif = np.where(douteuses, alea.normal(size=len(indices)), 0.0)
            douteuses &= ~_bouge(_resoudre(objectif, matrice, bornes))
        for k in np.flatnonzero(douteuses):
            for signe in (1.0, -1.0):
                if douteuses[k]:
                    objectif = np.zeros(len(indices))
                    objectif[k] = signe
                    douteuses &= ~_bouge(_resoudre(objectif, matrice, bornes))
        return {int(i) for i in indices[douteuses]}

    def compagnes(
        self, cible: int, cachees: set[int], interdites: set[int], cout: NDArray[np.float64]
    ) -> set[int]:
        """Published cells, none of `interdites`, used by the cheapest move of `cible` by one unit, up or down."""
        from scipy.sparse import hstack

        publiees = np.array(
            [j for j in range(len(self.valeurs)) if j not in cachees and j not in interdites], dtype=np.int64
        )
        libres = np.array(sorted(cachees), dtype=np.int64)
        matrice = hstack(
            [self.matrice[:, libres], self.matrice[:, publiees], -self.matrice[:, publiees]]
        ).tocsr()
        poids = np.concatenate([np.zeros(len(libres)), cout[publiees], cout[publiees]])
        bas = np.concatenate([-self.valeurs[libres], np.zeros(2 * len(publiees))])
        haut = np.concatenate([np.full(len(libres) + len(publiees), self.plafond), self.valeurs[publiees]])
        k = int(np.searchsorted(libres, cible))
        meilleur: set[int] | None = None
        prix = np.inf
        for sens in (-1.0, 1.0):
            if sens < 0 and self.valeurs[cible] < 1:
                continue
            bas[k] = haut[k] = sens
            solution = _resoudre(poids, matrice, np.column_stack([bas, haut]))
            if solution is not None and (valeur := float(poids @ solution)) < prix:
                m = len(libres)
                monte, descend = solution[m : m + len(publiees)], solution[m + len(publiees) :]
                meilleur = {int(j) for j in publiees[(monte > _EPSILON) | (descend > _EPSILON)]}
                prix = valeur
        if meilleur is None:
            raise ArithmeticError("a cell cannot be protected: what must be published gives it back")
        return meilleur


def _resoudre(objectif: NDArray[np.float64], matrice: Any, bornes: Any) -> NDArray[np.float64] | None:
    from scipy.optimize import linprog

    solution = linprog(objectif, A_eq=matrice, b_eq=np.zeros(matrice.shape[0]), bounds=bornes, method="highs")
    return None if solution.x is None else np.asarray(solution.x, dtype=np.float64)


def _bouge(solution: NDArray[np.float64] | None) -> NDArray[np.bool_]:
    if solution is None:
        raise ArithmeticError("the linear programme of the attack has no solution")
    return np.asarray(np.abs(solution) >= 1 - _EPSILON, dtype=np.bool_)


def _couts(tableau: Tableau) -> NDArray[np.float64]:
    profondeurs = [len(a.feuilles[0]) if a.feuilles else 0 for a in tableau.axes]
    manque = np.array(
        [sum(p - len(n) for p, n in zip(profondeurs, c, strict=True)) for c in tableau.cellules]
    )
    valeurs = tableau.valeurs.astype(np.float64)
    hauteur = valeurs.max(initial=0) + 2
    return np.asarray(np.where(valeurs > 0, valeurs, hauteur) + manque * 2 * hauteur, dtype=np.float64)


def _completer(
    tableau: Tableau,
    retenues: set[int],
    inconnues: set[int],
    interdites: set[int],
    cout: NDArray[np.float64],
) -> None:
    """Give a companion to each cell that is alone in a relation, until there is none."""
    attente = {r for i in retenues for r in tableau.par_cellule[i]}
    while attente:
        r = min(attente)
        attente.discard(r)
        total, parts = tableau.relations[r]
        membres = (total, *parts)
        cachees = [i for i in membres if i in retenues or i in inconnues]
        if len(cachees) != 1 or cachees[0] in inconnues:
            continue
        libres = [i for i in membres if i not in cachees and i not in interdites]
        if not libres:
            continue
        choisie = min(libres, key=lambda j: (cout[j], j))
        retenues.add(choisie)
        attente.update(tableau.par_cellule[choisie])
