"""Which periods and places a delivery speaks about: what decides what it replaces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.observations import Granularite, jour_de_fin
from pupitre.moteur.sources.fichiers.debord import par_lots

Case = tuple[str, str, str]  # granularity, first day, place
FAITS = ":faits"
FAITS_DU_MOIS, FAITS_DE_LA_SEMAINE = f"{Granularite.MOIS}{FAITS}", f"{Granularite.SEMAINE}{FAITS}"
_DATES = pa.array([Granularite.JOUR, Granularite.SEMAINE])


@dataclass(frozen=True, slots=True)
class Couverture:
    """Set of (granularity, first day of the period, place).

    Dated events cover whole months, or whole weeks when the partner sends one file a week.
    """

    cases: frozenset[Case]

    @classmethod
    def de_table(cls, table: pa.Table, *, hebdomadaire: bool = False) -> Couverture:
        if not table.num_rows:
            return cls(frozenset())
        lots = par_lots(table.select(["granularite", "debut", "commune", "territoire"]))
        vues = [_uniques(cles(lot, hebdomadaire=hebdomadaire)) for lot in lots]
        distinctes = _uniques(pa.concat_tables(vues))
        lignes = zip(*(distinctes[c].to_pylist() for c in ("g", "d", "l")), strict=True)
        return cls(frozenset((g, d.isoformat(), lieu) for g, d, lieu in lignes))

    @classmethod
    def de_json(cls, brut: Iterable[Iterable[str]]) -> Couverture:
        return cls(frozenset((g, d, lieu) for g, d, lieu in brut))

    def en_json(self) -> list[list[str]]:
        return [list(c) for c in sorted(self.cases)]

    def __bool__(self) -> bool:
        return bool(self.cases)

    def contient(self, autre: Couverture) -> bool:
        return self.cases >= autre.cases

    def croise(self, autre: Couverture) -> frozenset[Case]:
        return self.cases & autre.cases

    def sans(self, cases: Iterable[Case]) -> Couverture:
        return Couverture(self.cases - frozenset(cases))

    def periodes(self) -> dict[str, list[date]]:
        """First days of the periods covered, per granularity ("mois:faits" counts as "mois")."""
        resultat: dict[str, set[date]] = {}
        for g, d, _ in self.cases:
            resultat.setdefault(g.removesuffix(FAITS), set()).add(date.fromisoformat(d))
        return {g: sorted(jours) for g, jours in resultat.items()}

    def par_mois(self) -> Couverture:
        """Weeks of facts said as the months that they make up.

        A month begun or left in its middle is not whole: it is kept only while no other is.
        """
        semaines = {date.fromisoformat(d) for g, d, _ in self.cases if g == FAITS_DE_LA_SEMAINE}
        if not semaines:
            return self
        autres = {c for c in self.cases if c[0] != FAITS_DE_LA_SEMAINE}
        jours = {s + timedelta(days=j) for s in semaines for j in range(7)}
        touches = sorted({j.replace(day=1) for j in jours})
        entiers = [m for m in touches if _tous(m) <= jours]
        return Couverture(
            frozenset(autres | {(FAITS_DU_MOIS, m.isoformat(), "") for m in entiers or touches})
        )


def _uniques(cases: pa.Table) -> pa.Table:
    return cases.group_by(["g", "d", "l"]).aggregate([])


def _tous(mois: date) -> set[date]:
    dernier = jour_de_fin(mois, Granularite.MOIS)
    return {mois + timedelta(days=j) for j in range((dernier - mois).days + 1)}


def cles(table: pa.Table, *, hebdomadaire: bool = False) -> pa.Table:
    """Case of each row of a table of observations: columns g, d, l."""
    faits = pc.is_in(table["granularite"], _DATES)
    pas, genre = ("week", FAITS_DE_LA_SEMAINE) if hebdomadaire else ("month", FAITS_DU_MOIS)
    debut = pc.if_else(faits, pc.floor_temporal(table["debut"], unit=pas), table["debut"])
    lieu = pc.if_else(faits, "", pc.coalesce(table["commune"], table["territoire"], pa.scalar("")))
    granularite = pc.if_else(faits, genre, table["granularite"])
    return pa.table({"g": granularite, "d": pc.cast(debut, pa.date32()), "l": lieu})
