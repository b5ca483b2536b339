"""The accounts that the sign-in page offers, in the demonstration only."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings

from pupitre.acces.selectors import presentations

NOM_FICHIER = "demonstration-construite.json"


@dataclass(frozen=True, slots=True)
class CompteOffert:
    email: str
    mot_de_passe: str
    personne: str
    fonction: str


def comptes_offerts() -> list[CompteOffert]:
    """Read from the file that the demonstration writes when it is built; nothing anywhere else."""
    if not settings.DONNEES_FICTIVES:
        return []
    try:
        lus = json.loads((settings.CONFIGURATION.donnees / NOM_FICHIER).read_text(encoding="utf-8"))
        passes = {c["email"]: c["mot_de_passe"] for c in lus["comptes"]}
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [CompteOffert(u.email, passes[u.email], str(u), u.fonction) for u in presentations(list(passes))]
