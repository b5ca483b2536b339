"""Did an action change what happened where it took place, and did facts move next door?

Weighted Displacement Difference: Wheeler & Ratcliffe, « A simple weighted displacement difference test to evaluate
place based crime interventions », Crime Science 7, 11 (2018).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

METHODE = "différence pondérée avec déplacement (Wheeler et Ratcliffe, 2018)"
NIVEAU = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Zone:
    """Facts before and after in one zone. `surface`: any unit; `duree_avant`, `duree_apres`: any unit."""

    avant: int
    apres: int
    surface: float = 1.0
    duree_avant: float = 1.0
    duree_apres: float = 1.0

    def __post_init__(self) -> None:
        if self.avant < 0 or self.apres < 0:
            raise ValueError("counts are not negative")
        if min(self.surface, self.duree_avant, self.duree_apres) <= 0:
            raise ValueError("areas and durations are positive")

    @property
    def _poids(self) -> tuple[float, float]:
        """Weights of the counts before and after: per unit of area and of time."""
        return 1 / (self.surface * self.duree_avant), 1 / (self.surface * self.duree_apres)

    @property
    def ecart(self) -> float:
        avant, apres = self._poids
        return self.apres * apres - self.avant * avant

    @property
    def variance(self) -> float:
        """Of the difference of two Poisson counts, weighted."""
        avant, apres = self._poids
        return self.apres * apres**2 + self.avant * avant**2


@dataclass(frozen=True, slots=True)
class Deplacement:
    """Facts gained (> 0) or spared (< 0) beyond what the control zones did, displacement included.

    Attributes:
        estimation, erreur: in facts (per unit of area and time when weights are given).
        z, p: two-sided normal test. intervalle: 95 %.
        local, deplace: the part of the treated zone, and of the zones around it.
    """

    estimation: float
    erreur: float
    z: float
    p: float
    intervalle: tuple[float, float]
    local: float
    deplace: float
    methode: str = METHODE


def deplacement(
    temoin: Zone, traite: Zone, deplacement_temoin: Zone | None = None, deplacement_traite: Zone | None = None
) -> Deplacement:
    """Control (20, 20), treated (20, 10): −10, SE 8.3666, z −1.195 (the paper's first example).

    Raises:
        ValueError: one displacement zone without the other, or no fact at all.
    """
    if (deplacement_temoin is None) != (deplacement_traite is None):
        raise ValueError("displacement zones come in pairs")
    local = traite.ecart - temoin.ecart
    variance = traite.variance + temoin.variance
    deplace = 0.0
    if deplacement_temoin is not None and deplacement_traite is not None:
        deplace = deplacement_traite.ecart - deplacement_temoin.ecart
        variance += deplacement_traite.variance + deplacement_temoin.variance
    if variance == 0:
        raise ValueError("there is no fact in any zone")
    estimation, erreur = local + deplace, math.sqrt(variance)
    z = estimation / erreur
    return Deplacement(
        estimation=estimation,
        erreur=erreur,
        z=z,
        p=math.erfc(abs(z) / math.sqrt(2)),
        intervalle=(estimation - NIVEAU * erreur, estimation + NIVEAU * erreur),
        local=local,
        deplace=deplace,
    )
