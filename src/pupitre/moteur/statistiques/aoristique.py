"""Hours of facts that happened « between Saturday 6 p.m. and Monday 7 a.m. ».

Aoristic weights (Ratcliffe & McCullagh, 1998): a fact is shared equally between the hours that it may have taken
place in. Local wall-clock hours: a fact never weighs more than 1, whatever the change of time does to a night.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

Flottants = npt.NDArray[np.float64]
# Beyond a week every hour is possible: such a fact says nothing of hours.
HEURES_MAX = 7 * 24


@dataclass(frozen=True, slots=True)
class SemaineType:
    """`poids`: shape (7, 24), Monday first, sum = facts that have an hour. `ecartes`: too long or upside down."""

    poids: Flottants
    n: int
    ecartes: int
    methode: str = "pondération aoristique par heure"


def aoristique(intervalles: Iterable[tuple[datetime, datetime]]) -> SemaineType:
    """
    Args:
        intervalles: first and last possible moment of each fact, naive local times; the hours touched by the
            interval share its weight equally, a single moment gives 1 to its hour.
    """
    poids = np.zeros((7, 24), dtype=np.float64)
    n = ecartes = 0
    for debut, fin in intervalles:
        premiere = debut.replace(minute=0, second=0, microsecond=0)
        derniere = fin.replace(minute=0, second=0, microsecond=0)
        if fin > debut and fin == derniere:
            derniere -= timedelta(hours=1)  # « until 7 h » does not touch the hour of seven
        heures = int((derniere - premiere).total_seconds() // 3600) + 1
        if fin < debut or heures > HEURES_MAX:
            ecartes += 1
            continue
        n += 1
        for k in range(heures):
            h = premiere + timedelta(hours=k)
            poids[h.weekday(), h.hour] += 1 / heures
    return SemaineType(poids, n, ecartes)
