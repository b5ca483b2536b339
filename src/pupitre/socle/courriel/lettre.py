"""What a letter says, before it becomes text and HTML."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bouton:
    libelle: str
    adresse: str


@dataclass(frozen=True, slots=True)
class Piece:
    """An attachment. `chemin`: relative to the data folder, where the file stays."""

    nom: str
    chemin: str
    type: str = "application/pdf"


@dataclass(frozen=True, slots=True)
class Lettre:
    """`paragraphes` are plain text; `lignes` is an optional list under them; `pied` says why one receives it.

    `arret`: the address by which one receives no more of them, for a letter that comes back.
    """

    objet: str
    paragraphes: tuple[str, ...]
    bouton: Bouton | None = None
    lignes: tuple[str, ...] = ()
    suite: tuple[str, ...] = ()
    pied: str = ""
    pieces: tuple[Piece, ...] = ()
    arret: str = ""
