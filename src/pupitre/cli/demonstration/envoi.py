"""What a partner sends, and what the import must find in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path


class Sort(StrEnum):
    """What the observatory's team does with a file."""

    PUBLIER = "publier"
    ATTENDRE = "attendre"  # read and checked; its publication is left to whoever tries the software
    REJETER = "rejeter"


@dataclass(frozen=True, slots=True)
class Envoi:
    """One file.

    Attributes:
        source: code of the source in the demonstration's plan.
        total: sum of the counts that a correct reading finds.
        remplace: name of the earlier file of the same source that this one supersedes.
        raison: why it is rejected.
    """

    source: str
    fichier: Path
    recu_le: date
    total: int
    remplace: str = ""
    sort: Sort = Sort.PUBLIER
    raison: str = ""

    @property
    def nom(self) -> str:
        return self.fichier.name
