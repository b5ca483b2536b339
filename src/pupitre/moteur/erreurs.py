"""Errors that a person can act upon: what happened, why, and the next gesture."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Lieu:
    """Where in a partner's file: sheet name, 1-based row, column letter or header."""

    feuille: str | None = None
    ligne: int | None = None
    colonne: str | None = None


class ErreurPupitre(Exception):
    """An error shown to a person. All texts are in French, with their typography.

    Args:
        quoi: what happened, one sentence.
        pourquoi: the reason, one sentence.
        que_faire: the next gesture, one sentence.
        lieu: where in the file, when there is a file.
    """

    def __init__(self, quoi: str, pourquoi: str, que_faire: str, lieu: Lieu | None = None) -> None:
        super().__init__(quoi)
        self.quoi = quoi
        self.pourquoi = pourquoi
        self.que_faire = que_faire
        self.lieu = lieu or Lieu()

    def __str__(self) -> str:
        return f"{self.quoi} {self.pourquoi} {self.que_faire}"

    def as_dict(self) -> dict[str, str | int | None]:
        """The object printed by `pupitre … --json` on standard output with exit status 2."""
        return {
            "quoi": self.quoi,
            "pourquoi": self.pourquoi,
            "que_faire": self.que_faire,
            **asdict(self.lieu),
        }


class FichierRefuse(ErreurPupitre):
    """A file that cannot be read at all: not a table, encrypted, truncated, too large…"""


class MesureRefusee(ErreurPupitre):
    """A figure that must not be computed: unlike units, several sources, a break in the series."""
