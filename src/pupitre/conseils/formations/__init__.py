"""Formations: who sits, since when and why; the texts that rule them; what is wrong with each."""
