"""What the home page asks a person to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Geste:
    """One line of the home page. `adresse_nom` and `arguments`: the page that settles it."""

    picto: str
    titre: str
    pourquoi: str
    quand: str
    ton: str
    bouton: str
    adresse_nom: str
    arguments: dict[str, str]
    en_retard: bool = False
