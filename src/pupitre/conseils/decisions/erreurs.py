"""What a gesture on a decision refuses, and why."""

from __future__ import annotations

from pupitre.moteur.erreurs import ErreurPupitre


class DecisionRefusee(ErreurPupitre):
    """The decision is not in a state, or has not what is needed, for that gesture."""
