"""Letters by e-mail: kept when decided, sent after commit, never twice.

`poster` is the one way to write to somebody. The modules that import Django models are loaded on use, since
Django reads this package before its applications are ready.
"""

from pupitre.socle.courriel.lettre import Bouton, Lettre, Piece

__all__ = ["Bouton", "Lettre", "Piece"]
