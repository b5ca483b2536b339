"""What a partner sends, and what the import must find in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Envoi:
    """One file.

    Attributes:
        source: code of the source in the demonstration's plan.
        total: sum of the counts that a correct reading finds.
        remplace: name of the earlier file of the same source that this one supersedes.
        rejet: why the observatory's team rejects it; empty when it is published.
    """

    source: str
    fichier: Path
    recu_le: date
    total: int
    remplace: str = ""
    rejet: str = ""

    @property
    def nom(self) -> str:
        return self.fichier.name
