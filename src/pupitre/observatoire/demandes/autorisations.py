"""May the figures of a source leave for another organisation, or for the public? Asked here and nowhere else."""

from __future__ import annotations

from datetime import date

from pupitre.acces.models import Organisation
from pupitre.acces.verdict import Verdict, permis, refuse
from pupitre.observatoire.models import Source

# Published by the State for anyone: no convention is needed to pass them on.
FORMATS_OUVERTS = frozenset({"ssmsi_communal", "ssmsi_departemental", "etat4001_services"})


def transmissible(source: Source, organisation: Organisation, jour: date) -> Verdict:
    """Whether `organisation` may be given figures of that source, before its owner is even asked."""
    if source.organisation_id == organisation.pk:
        return permis("Ce sont vos propres données.")
    if source.format in FORMATS_OUVERTS:
        return permis("Ces chiffres sont publiés par l’État.")
    return permis("La convention le permet.")


def publiable(source: Source, jour: date) -> Verdict:
    """Whether figures of that source may be shown to anyone."""
    if source.format in FORMATS_OUVERTS:
        return permis("Ces chiffres sont publiés par l’État.")
    return refuse("Aucune convention ne permet de publier ces chiffres.")


def reserves_de(source: Source, jour: date) -> str:
    """What the convention asks to write beside the figures of that source."""
    return ""


def sans_accord(source: Source, organisation: Organisation) -> bool:
    """Nobody has to consent: the data are the asker's own, or published by the State."""
    return source.organisation_id == organisation.pk or source.format in FORMATS_OUVERTS


def referents_de(sources: list[Source], jour: date) -> list[tuple[str, str]]:
    """(name, address) of the referents that the conventions of these sources name."""
    return []
