"""When a commune must have a council of prevention, and someone to coordinate it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pupitre.droit.parametres import Valeur, parametre


@dataclass(frozen=True, slots=True)
class VerdictDroit:
    """What the law asks of one commune on one day.

    Attributes:
        obligatoire: True, False, or None when a fact is missing (unknown population).
        raison: one French sentence.
        reference: the text to cite.
        verifie: False if a value relied upon has not been checked on the official text.
    """

    obligatoire: bool | None
    raison: str
    reference: str
    verifie: bool = True


def clspd_obligatoire(
    population: int | None, qpv: int, jour: date, cispd_existe: bool = False
) -> VerdictDroit:
    """Must the commune have a CLSPD on that day?

    Args:
        population: inhabitants, None if unknown.
        qpv: number of priority zones of that day's law (ZUS before 2015, QPV since).
        cispd_existe: the commune is a member of an intercommunal council, which makes its own optional.
    Raises:
        ParametreInconnu: a day before the first known law (7 March 2007).
    Source: CSI L132-4, which took over CGCT L2211-4.
    """
    seuil = parametre("clspd_seuil_population", jour)
    zone = parametre("clspd_zone", jour)
    verifie = seuil.verifie and zone.verifie

    def verdict(obligatoire: bool | None, raison: str, source: Valeur = seuil) -> VerdictDroit:
        return VerdictDroit(obligatoire, raison, source.reference, verifie)

    depasse = population is not None and population > seuil.nombre
    if not depasse and qpv <= 0:
        if population is None:
            return verdict(None, "La population de la commune n’est pas connue.")
        return verdict(
            False,
            f"Pas plus de {_nombre(seuil.nombre)} habitants, sans {zone.valeur}\u202f: CLSPD facultatif.",
        )
    motifs = []
    if depasse:
        motifs.append(f"plus de {_nombre(seuil.nombre)} habitants")
    if qpv > 0:
        motifs.append(f"{'une' if str(zone.valeur).startswith('zone') else 'un'} {zone.valeur} au moins")
    motif = " et ".join(motifs)
    source = seuil if depasse else zone
    if cispd_existe:
        return verdict(
            False, f"{_majuscule(motif)}, mais le conseil intercommunal rend le CLSPD facultatif.", source
        )
    return verdict(True, f"{_majuscule(motif)}\u202f: CLSPD obligatoire.", source)


def coordonnateur_obligatoire(population: int | None, jour: date) -> VerdictDroit:
    """Must the mayor charge someone with the coordination of the council on that day?

    Raises:
        ParametreInconnu: a day before the first known law (7 March 2007).
    Source: CSI L132-4; failing a choice by the mayor, the State names an agent.
    """
    seuil = parametre("coordonnateur_seuil_population", jour)
    if seuil.valeur is None:
        raison = "À cette date, la loi ne demandait pas de coordonnateur."
        return VerdictDroit(False, raison, seuil.reference, seuil.verifie)
    if population is None:
        raison = "La population de la commune n’est pas connue."
        return VerdictDroit(None, raison, seuil.reference, seuil.verifie)
    if population > seuil.nombre:
        raison = (
            f"Plus de {_nombre(seuil.nombre)} habitants\u202f: le maire charge un élu ou un agent "
            "territorial de la coordination, à défaut l’État désigne un agent."
        )
        return VerdictDroit(True, raison, seuil.reference, seuil.verifie)
    raison = f"Pas plus de {_nombre(seuil.nombre)} habitants\u202f: coordonnateur facultatif."
    return VerdictDroit(False, raison, seuil.reference, seuil.verifie)


def _nombre(n: float) -> str:
    return f"{n:,.0f}".replace(",", "\u202f")


def _majuscule(texte: str) -> str:
    return texte[:1].upper() + texte[1:]
