"""The half-yearly study of annex 6: phenomena, what partners and inhabitants say, places."""

from pupitre.observatoire.diffusion.etudes.composition import composer
from pupitre.observatoire.diffusion.etudes.semestre import Semestre

__all__ = ["Semestre", "composer"]
