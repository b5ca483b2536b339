"""What a figure is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pupitre.moteur.mesures import Pas
from pupitre.moteur.resultats import Rupture
from pupitre.observatoire.chiffres import periodes
from pupitre.observatoire.chiffres.indicateurs import Indicateur
from pupitre.observatoire.chiffres.perimetres import Perimetre
from pupitre.observatoire.chiffres.profils import Profil
from pupitre.observatoire.models import Source


@dataclass(frozen=True)
class Sujet:
    """What a figure is about: one source, one indicator, one perimeter."""

    source: Source
    profil: Profil
    indicateur: Indicateur
    perimetre: Perimetre

    @cached_property
    def lieux(self) -> frozenset[str] | None:
        return None if self.profil.en_faits else self.perimetre.lieux(self.profil)

    @cached_property
    def ruptures(self) -> tuple[Rupture, ...]:
        return periodes.ruptures(self.profil, self.source.ruptures, self.lieux)

    @cached_property
    def couvertures(self) -> tuple[tuple[date, date], ...]:
        if self.lieux is None:
            return self.profil.couvertures_du_conseil
        return tuple(self.profil.couvertures(self.lieux))

    @property
    def pas(self) -> Pas:
        return periodes.pas_de(self.profil)

    @property
    def cle(self) -> str:
        """ "source.indicator": how addresses and records name a figure of this source."""
        return f"{self.source.code}.{self.indicateur.cle}"
