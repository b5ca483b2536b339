"""Parameters of the law: a value is asked as of a day, and comes with its reference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

DOSSIER = Path(__file__).parent / "donnees"


class ParametreInconnu(LookupError):
    """No such parameter, or nothing known on that day: the caller's fault, never shown to a person."""


class DonneesDeDroitInvalides(ValueError):
    """A YAML file of the law does not hold together. The message names the parameter."""


@dataclass(frozen=True, slots=True)
class Valeur:
    """One dated value.

    Attributes:
        valeur: number or text; None where the law said nothing at that time.
        depuis: first day of effect.
        reference: the text, as a jurist cites it.
        controle_le: day when someone last compared the value with the text.
        verifie: False while that comparison has not been made on the official text.
    """

    nom: str
    valeur: int | float | str | None
    unite: str
    depuis: date
    reference: str
    controle_le: date
    verifie: bool

    @property
    def nombre(self) -> float:
        """The value as a number. Raises TypeError on a text or an absent value."""
        if not isinstance(self.valeur, (int, float)):
            raise TypeError(f"{self.nom} is not a number on that day: {self.valeur!r}")
        return self.valeur


def parametre(nom: str, jour: date) -> Valeur:
    """The value in force on that day.

    Raises:
        ParametreInconnu: unknown name, or a day before the first known value.
    """
    try:
        valeurs = tous()[nom]
    except KeyError:
        raise ParametreInconnu(f"no parameter named {nom!r}") from None
    en_vigueur = [v for v in valeurs if v.depuis <= jour]
    if not en_vigueur:
        raise ParametreInconnu(f"{nom} is not known before {valeurs[0].depuis}, asked for {jour}")
    return en_vigueur[-1]


@lru_cache(maxsize=1)
def tous() -> dict[str, tuple[Valeur, ...]]:
    """Every parameter, its values from the oldest to the newest."""
    parametres: dict[str, tuple[Valeur, ...]] = {}
    for fichier in sorted(DOSSIER.glob("*.yaml")):
        for nom, valeurs in lire(fichier.read_text(encoding="utf-8")).items():
            if nom in parametres:
                raise DonneesDeDroitInvalides(f"{nom} is defined twice")
            parametres[nom] = valeurs
    return parametres


def lire(texte: str) -> dict[str, tuple[Valeur, ...]]:
    """Parse one YAML file of parameters.

    Raises:
        DonneesDeDroitInvalides: a field is missing or of the wrong kind, dates are not increasing, or a
            value was checked before it took effect.
    """
    document = yaml.safe_load(texte)
    return {nom: _valeurs(nom, brut) for nom, brut in document["parametres"].items()}


def _valeurs(nom: str, brut: dict[str, Any]) -> tuple[Valeur, ...]:
    try:
        valeurs = tuple(Valeur(nom=nom, unite=brut["unite"], **v) for v in brut["valeurs"])
    except (KeyError, TypeError) as erreur:
        raise DonneesDeDroitInvalides(f"{nom}: {erreur}") from erreur
    if not valeurs:
        raise DonneesDeDroitInvalides(f"{nom}: no value")
    for valeur in valeurs:
        bon = (
            isinstance(valeur.depuis, date)
            and isinstance(valeur.controle_le, date)
            and isinstance(valeur.verifie, bool)
            and isinstance(valeur.reference, str)
            and bool(valeur.reference.strip())
        )
        if not bon or valeur.controle_le < valeur.depuis:
            raise DonneesDeDroitInvalides(f"{nom}: incoherent value from {valeur.depuis}")
    if any(a.depuis >= b.depuis for a, b in pairwise(valeurs)):
        raise DonneesDeDroitInvalides(f"{nom}: dates are not increasing")
    return valeurs
