"""Django looks for the records of the ground floor here."""

from pupitre.socle.courriel.modele import Courriel

__all__ = ["Courriel"]
