"""Pupitre: the stand on which local prevention of delinquency is written."""

__version__ = "0.1.0"
