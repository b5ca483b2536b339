"""What a gesture on a séance refuses, and why."""

from __future__ import annotations

from pupitre.moteur.erreurs import ErreurPupitre


class GesteRefuse(ErreurPupitre):
    """The séance is not in a state, or has not what is needed, for that gesture."""
