"""Reads of the letters."""

from __future__ import annotations

from pupitre.socle.courriel.modele import Courriel


def du_perimetre(perimetre: str, etat: str = ""):
    """Letters written in the name of that council; none for an empty one."""
    courriels = Courriel.objects.filter(perimetre=perimetre).exclude(perimetre="")
    return courriels.filter(etat=etat) if etat in Courriel.Etat.values else courriels
