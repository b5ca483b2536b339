"""Whether the installation can work, said without a secret or a path."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from pupitre.observatoire.chiffres import catalogue


def constater() -> dict[str, object]:
    base, entrepot = _base_repond(), _entrepot_inscriptible()
    return {"etat": "bon" if base and entrepot else "en panne", "base": base, "entrepot": entrepot}


def _base_repond() -> bool:
    try:
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1")
            return curseur.fetchone() == (1,)
    except DatabaseError:
        return False


def _entrepot_inscriptible() -> bool:
    """The store's folder, or the one in which it will be made at the first publication."""
    dossier = settings.CONFIGURATION.entrepot
    if not isinstance(dossier, Path):
        return catalogue.repond()
    if not dossier.exists():
        dossier = settings.CONFIGURATION.donnees
    return dossier.is_dir() and os.access(dossier, os.W_OK | os.X_OK)
