"""How a source, or a partner, keeps to what was agreed."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from pupitre.socle.texte import pluriel, pourcent


@dataclass(frozen=True, slots=True)
class Regularite:
    """Over the periods due within twelve months.

    Attributes:
        dues: how many were to come.
        retards: days of delay of each that came, zero when on time.
        relances: letters written about them.
        corrigees: how many had their figures changed by a later file.
    """

    dues: int
    retards: tuple[int, ...]
    relances: int
    corrigees: int = 0

    def __add__(self, autre: Regularite) -> Regularite:
        return Regularite(
            self.dues + autre.dues,
            self.retards + autre.retards,
            self.relances + autre.relances,
            self.corrigees + autre.corrigees,
        )

    @property
    def a_temps(self) -> int:
        return self.retards.count(0)

    @property
    def retard_median(self) -> float | None:
        return median(self.retards) if self.retards else None

    @property
    def part(self) -> float | None:
        """Percentage of the periods due that came by their day."""
        return 100 * self.a_temps / self.dues if self.dues else None

    @property
    def breve(self) -> str:
        return f"{self.a_temps} sur {self.dues} à temps" if self.dues else "Rien d’échu"

    @property
    def suite(self) -> str:
        """What goes with it, when there is something to say."""
        dits = []
        if self.retard_median:
            dits.append(f"retard médian {pluriel(round(self.retard_median), 'jour')}")
        if self.relances:
            dits.append(pluriel(self.relances, "relance"))
        if self.corrigees:
            dits.append(self._corrigees)
        return ", ".join(dits)

    @property
    def _corrigees(self) -> str:
        return pluriel(self.corrigees, "période corrigée", "périodes corrigées")

    @property
    def phrase(self) -> str:
        if not self.dues:
            return "Aucune période échue depuis douze mois."
        retard = (
            ""
            if self.retard_median is None
            else f" Retard médian\u202f: {pluriel(round(self.retard_median), 'jour')}."
        )
        corrigees = f" {self._corrigees}." if self.corrigees else ""
        return (
            f"{self.a_temps} sur {self.dues} à temps en douze mois ({pourcent(self.part)}).{retard} "
            f"{pluriel(self.relances, 'relance')}.{corrigees}"
        )
