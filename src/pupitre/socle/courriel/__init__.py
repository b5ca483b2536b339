"""Letters by e-mail: kept when decided, sent after commit, never twice.

`poster` is the one way to write to somebody. The modules that import Django models are loaded on use, since
Django reads this package before its applications are ready.
"""

from pupitre.socle.courriel.lettre import Bouton, Lettre, Piece

# Said in its environment by a process of the service that gives way to pages.
EN_FOND = "PUPITRE_EN_FOND"

__all__ = ["EN_FOND", "Bouton", "Lettre", "Piece"]
