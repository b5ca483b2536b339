"""What locating an address gives: a place with its precision, a doubt with its candidates, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from pupitre.moteur.observations import PrecisionLieu


class Statut(StrEnum):
    TROUVEE = "trouvee"
    DOUTEUSE = "douteuse"
    INTROUVABLE = "introuvable"


@dataclass(frozen=True, slots=True)
class Candidat:
    """One place that a text may name.

    Attributes:
        lon, lat: WGS84 degrees.
        precision: NUMERO, LIEU or VOIE.
        score: 1 for the exact writing, less for each difference.
        appuis: rows of the BAN table that hold the point up; the whole street when only the street is known,
            so that a street which runs through several secteurs is given none. Empty for a place.
    """

    libelle: str
    commune: str
    lon: float
    lat: float
    precision: PrecisionLieu
    score: float
    numero: str = ""
    appuis: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Localisation:
    """`candidats`: best first; the place itself is the first one when the text was found."""

    statut: Statut
    candidats: tuple[Candidat, ...] = ()
    raison: str = ""

    @property
    def place(self) -> Candidat | None:
        return self.candidats[0] if self.statut is Statut.TROUVEE else None


@dataclass(frozen=True)
class Localisations:
    """Results of many texts, each distinct text (with its commune) located once.

    Attributes:
        rangs: shape (n,), position in `distinctes` of each text; -1 for an empty one.
        cles: the distinct (text, commune) pairs, in the order of `distinctes`.
    """

    rangs: npt.NDArray[np.int64]
    cles: tuple[tuple[str, str], ...]
    distinctes: tuple[Localisation, ...]
    _comptes: npt.NDArray[np.int64] = field(repr=False)

    @classmethod
    def de(
        cls, rangs: npt.NDArray[np.int64], cles: list[tuple[str, str]], distinctes: list[Localisation]
    ) -> Localisations:
        comptes = np.bincount(rangs[rangs >= 0], minlength=len(cles)).astype(np.int64)
        return cls(rangs, tuple(cles), tuple(distinctes), comptes)

    def __len__(self) -> int:
        return len(self.rangs)

    def __getitem__(self, rang: int) -> Localisation | None:
        place = int(self.rangs[rang])
        return self.distinctes[place] if place >= 0 else None

    def compte(self, statut: Statut) -> int:
        """Number of texts, repetitions included."""
        return int(sum(n for d, n in zip(self.distinctes, self._comptes, strict=True) if d.statut is statut))

    def precisions(self) -> dict[PrecisionLieu, int]:
        """Number of texts found, repetitions included, by precision."""
        compte: dict[PrecisionLieu, int] = {}
        for d, n in zip(self.distinctes, self._comptes, strict=True):
            if d.place is not None:
                compte[d.place.precision] = compte.get(d.place.precision, 0) + int(n)
        return compte

    def fois(self, rang: int) -> int:
        """How many texts share the distinct one of that position."""
        return int(self._comptes[rang])
