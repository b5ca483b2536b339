"""What a command answers, for a person or for a program."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, TextIO

from pupitre.moteur.erreurs import ErreurPupitre, Lieu


@dataclass(frozen=True, slots=True)
class Reponse:
    """`donnees` is the one object of `--json`; `texte` says the same to a person; `code`: the exit status."""

    texte: str
    donnees: dict[str, Any] = field(default_factory=dict)
    code: int = 0


def ecrire(reponse: Reponse | None, *, en_json: bool) -> None:
    if reponse is None:
        return
    print(_json(reponse.donnees) if en_json else reponse.texte)


def ecrire_erreur(erreur: ErreurPupitre, *, en_json: bool, flux: TextIO | None = None) -> None:
    """One object on standard output, or three lines on standard error."""
    if en_json:
        print(_json({"erreur": erreur.as_dict()}))
        return
    flux = flux or sys.stderr
    print(erreur.quoi, file=flux)
    if ou := lieu_en_clair(erreur.lieu):
        print(f"  Où\u202f: {ou}", file=flux)
    if erreur.pourquoi:
        print(f"  Pourquoi\u202f: {erreur.pourquoi}", file=flux)
    if erreur.que_faire:
        print(f"  Que faire\u202f: {erreur.que_faire}", file=flux)


def lieu_en_clair(lieu: Lieu) -> str:
    parts = []
    if lieu.feuille is not None:
        parts.append(f"feuille «\u202f{lieu.feuille}\u202f»")
    if lieu.ligne is not None:
        parts.append(f"ligne {lieu.ligne}")
    if lieu.colonne is not None:
        parts.append(f"colonne {lieu.colonne}")
    return ", ".join(parts)


def _json(donnees: dict[str, Any]) -> str:
    return json.dumps(donnees, ensure_ascii=False, default=_simple, allow_nan=False)


def _simple(valeur: object) -> object:
    if isinstance(valeur, Enum):
        return valeur.value
    if isinstance(valeur, date):
        return valeur.isoformat()
    raise TypeError(f"{type(valeur).__name__} n’est pas du JSON")
