"""Which periods and places a delivery speaks about: what decides whether it replaces another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.observations import Granularite

Case = tuple[str, str, str]  # granularity, first day, place


@dataclass(frozen=True, slots=True)
class Couverture:
    """Set of (granularity, first day of the period, place). Dated events cover whole months."""

    cases: frozenset[Case]

    @classmethod
    def de_table(cls, table: pa.Table) -> Couverture:
        if not table.num_rows:
            return cls(frozenset())
        jour = pc.is_in(table["granularite"], pa.array([Granularite.JOUR, Granularite.SEMAINE]))
        debut = pc.if_else(jour, pc.floor_temporal(table["debut"], unit="month"), table["debut"])
        lieu = pc.if_else(jour, "", pc.coalesce(table["commune"], table["territoire"], pa.scalar("")))
        granularite = pc.if_else(jour, str(Granularite.MOIS) + ":faits", table["granularite"])
        cases = pa.table({"g": granularite, "d": pc.cast(debut, pa.date32()), "l": lieu})
        distinctes = cases.group_by(["g", "d", "l"]).aggregate([])
        lignes = zip(*(distinctes[c].to_pylist() for c in ("g", "d", "l")), strict=True)
        return cls(frozenset((g, d.isoformat(), lieu) for g, d, lieu in lignes))

    @classmethod
    def de_json(cls, brut: list[list[str]]) -> Couverture:
        return cls(frozenset((g, d, lieu) for g, d, lieu in brut))

    def en_json(self) -> list[list[str]]:
        return [list(c) for c in sorted(self.cases)]

    def contient(self, autre: Couverture) -> bool:
        return self.cases >= autre.cases

    def croise(self, autre: Couverture) -> frozenset[Case]:
        return self.cases & autre.cases

    def periodes(self) -> dict[str, list[date]]:
        """First days of the periods covered, per granularity ("mois:faits" counts as "mois")."""
        resultat: dict[str, set[date]] = {}
        for g, d, _ in self.cases:
            resultat.setdefault(g.removesuffix(":faits"), set()).add(date.fromisoformat(d))
        return {g: sorted(jours) for g, jours in resultat.items()}
