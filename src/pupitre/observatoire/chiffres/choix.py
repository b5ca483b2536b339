"""A list of choices of which exactly one is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choix:
    cle: str
    libelle: str
    choisi: bool


def choisir(options: Sequence[tuple[str, str]], voulu: str, seule: bool = False) -> tuple[Choix, ...]:
    """The choices with `voulu` made, or the first one. `seule`: there is one real choice, make the last."""
    cles = [cle for cle, _ in options]
    choisi = voulu if voulu in cles else cles[-1] if seule else cles[0]
    if seule and voulu == "":
        choisi = cles[-1]
    return tuple(Choix(cle, libelle, cle == choisi) for cle, libelle in options)
