"""The accounts that the sign-in page offers, in the demonstration only."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings

NOM_FICHIER = "demonstration.json"


@dataclass(frozen=True, slots=True)
class CompteOffert:
    email: str
    mot_de_passe: str
    role: str


def comptes_offerts() -> list[CompteOffert]:
    """Read from the file that the demonstration writes when it is built; nothing anywhere else."""
    if not settings.DONNEES_FICTIVES:
        return []
    try:
        lus = json.loads((settings.CONFIGURATION.donnees / NOM_FICHIER).read_text(encoding="utf-8"))
        return [CompteOffert(c["email"], c["mot_de_passe"], c["role"]) for c in lus]
    except (OSError, ValueError, KeyError, TypeError):
        return []
