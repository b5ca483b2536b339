"""Running `pupitre` as a person does, in a process of its own or in this one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pupitre.cli.entree import main

RACINE = Path(__file__).parents[2]
PUPITRE = [sys.executable, "-m", "pupitre.cli.entree"]
_A_OUBLIER = ("PUPITRE_", "DJANGO_", "DATABASE_URL", "PYTEST")


@dataclass(frozen=True)
class Retour:
    code: int
    sortie: str
    erreurs: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.sortie)

    @property
    def erreur(self) -> dict[str, Any]:
        """The one object of a refusal, whose keys are always the same."""
        objet = self.json
        assert self.code == 2
        assert set(objet) == {"erreur"}
        assert list(objet["erreur"]) == ["quoi", "pourquoi", "que_faire", "feuille", "ligne", "colonne"]
        return objet["erreur"]


def ici(capsys, *mots: object) -> Retour:
    """In this process: quick, for commands that need no database."""
    code = main([str(m) for m in mots])
    lu = capsys.readouterr()
    return Retour(code, lu.out, lu.err)


def environ(**variables: str) -> dict[str, str]:
    """The environment of a fresh shell, without the settings of the tests."""
    propre = {c: v for c, v in os.environ.items() if not c.startswith(_A_OUBLIER)}
    return {**propre, "PYTHONPATH": str(RACINE / "src"), "PYTHONWARNINGS": "default", **variables}


def ailleurs(*mots: object, cwd: Path | None = None, **variables: str) -> Retour:
    """In another process, from another folder."""
    fini = subprocess.run(
        [*PUPITRE, *map(str, mots)],
        capture_output=True,
        text=True,
        env=environ(**variables),
        cwd=cwd or RACINE,
        stdin=subprocess.DEVNULL,
        timeout=300,
    )
    return Retour(fini.returncode, fini.stdout, fini.stderr)
