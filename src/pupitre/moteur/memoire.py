"""What a process keeps in memory, the least recently used leaving first.

A key must hold all that its value depends on: nothing here ever expires otherwise.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Memoire(Generic[T]):
    """Values by key, for all the threads of a process.

    Args:
        places: total weight that is kept.
        peser: weight of one value, 1 when not given. What outweighs a tenth of all places is not kept.
    """

    def __init__(self, places: int, peser: Callable[[T], int] | None = None) -> None:
        self._places = places
        self._peser = peser or (lambda _: 1)
        self._valeurs: OrderedDict[Hashable, T] = OrderedDict()
        self._poids = 0
        self._verrou = threading.Lock()

    def __len__(self) -> int:
        return len(self._valeurs)

    def lire(self, cle: Hashable) -> T | None:
        """What is kept under this key, if anything."""
        with self._verrou:
            if cle not in self._valeurs:
                return None
            self._valeurs.move_to_end(cle)
            return self._valeurs[cle]

    def garder(self, cle: Hashable, valeur: T) -> T:
        poids = self._peser(valeur)
        if poids > max(1, self._places // 10):
            return valeur
        with self._verrou:
            if cle in self._valeurs:
                self._poids -= self._peser(self._valeurs.pop(cle))
            self._valeurs[cle] = valeur
            self._poids += poids
            while self._poids > self._places:
                _, ancienne = self._valeurs.popitem(last=False)
                self._poids -= self._peser(ancienne)
        return valeur

    def une_fois(self, cle: Hashable, calculer: Callable[[], T]) -> T:
        """What is kept under this key, or what `calculer` gives, kept from now on."""
        valeur = self.lire(cle)
        return self.garder(cle, calculer()) if valeur is None else valeur

    def oublier(self) -> None:
        with self._verrou:
            self._valeurs.clear()
            self._poids = 0
