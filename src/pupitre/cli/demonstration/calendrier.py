"""The 36 months of the demonstration."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from pupitre.socle.texte import MOIS, mois_annee, mois_court


class Mois(NamedTuple):
    annee: int
    numero: int

    @property
    def debut(self) -> date:
        return date(self.annee, self.numero, 1)

    @property
    def suivant(self) -> Mois:
        return Mois(self.annee + self.numero // 12, self.numero % 12 + 1)

    @property
    def fin(self) -> date:
        return self.suivant.debut - timedelta(days=1)

    @property
    def libelle(self) -> str:
        return mois_annee(self.debut)

    @property
    def code(self) -> str:
        return f"{self.annee}-{self.numero:02d}"

    def recu(self, jour: int) -> date:
        """Day of the following month on which the partner sends its file."""
        return self.suivant.debut + timedelta(days=jour - 1)


def entre(premier: Mois, dernier: Mois) -> tuple[Mois, ...]:
    """Months from one to the other, both included."""
    mois = [premier]
    while mois[-1] < dernier:
        mois.append(mois[-1].suivant)
    return tuple(mois)


PREMIER = Mois(2023, 11)
DERNIER = Mois(2026, 10)
PERIODE = entre(PREMIER, DERNIER)
RECENTS = PERIODE[-12:]  # one file a month; before that, partners sent a single file
ANCIENS = PERIODE[:-12]


# Limeil-Brévannes sends no workbook any more: its mayor's office enters its complaints in Pupitre.
SAISIES_DEPUIS = Mois(2026, 7)

# Columns of the follow-up workbooks that partners fill in and send again: drawn once for three years.
SUIVI = entre(PREMIER, Mois(2026, 12))


def arrives(arrete: Mois) -> tuple[Mois, ...]:
    """Months filled in when such a workbook is closed at that month; the next columns are empty."""
    return tuple(m for m in SUIVI if m <= arrete)


def lots(pas: int = 1) -> list[tuple[Mois, ...]]:
    """The first two years in one file, then a file every `pas` months."""
    suite = [RECENTS[i : i + pas] for i in range(0, len(RECENTS), pas)]
    return [ANCIENS, *suite]


def etendue(mois: tuple[Mois, ...]) -> str:
    """How a file name says its months."""
    return mois[0].code if len(mois) == 1 else f"{mois[0].code}_{mois[-1].code}"


def nom_du_mois(numero: int) -> str:
    return MOIS[numero - 1]


def court(mois: Mois) -> str:
    """oct. 2026."""
    return mois_court(mois.debut)
