"""The half-year of a study, and those it is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pupitre.moteur.mesures import Pas, suivante
from pupitre.moteur.resultats import Periode


@dataclass(frozen=True, slots=True)
class Semestre:
    """January to June, or July to December. `debut`: its first day.

    Raises:
        ValueError: `debut` begins no half-year.
    """

    debut: date

    def __post_init__(self) -> None:
        if self.debut.day != 1 or self.debut.month not in (1, 7):
            raise ValueError(f"{self.debut} ne commence pas un semestre")

    @classmethod
    def contenant(cls, jour: date) -> Semestre:
        return cls(date(jour.year, 1 if jour.month < 7 else 7, 1))

    @classmethod
    def lire(cls, texte: str) -> Semestre | None:
        """ "2026-S1"; None when it is not a half-year."""
        annee, _, rang = texte.partition("-S")
        if not (len(annee) == 4 and annee.isdigit() and rang in ("1", "2")):
            return None
        return cls(date(int(annee), 1 if rang == "1" else 7, 1))

    @property
    def code(self) -> str:
        return f"{self.debut.year}-S{1 if self.debut.month == 1 else 2}"

    @property
    def fin(self) -> date:
        return suivante(self.debut, Pas.MOIS, 6) - timedelta(days=1)

    @property
    def dernier_mois(self) -> date:
        return suivante(self.debut, Pas.MOIS, 5)

    @property
    def un_an_avant(self) -> Semestre:
        return Semestre(date(self.debut.year - 1, self.debut.month, 1))

    @property
    def precedent(self) -> Semestre:
        return Semestre(suivante(self.debut, Pas.MOIS, -6))

    @property
    def libelle(self) -> str:
        """ "1er semestre 2026"."""
        return f"{'1er' if self.debut.month == 1 else '2e'} semestre {self.debut.year}"

    @property
    def periode(self) -> Periode:
        return Periode(self.debut, self.fin, self.libelle)
