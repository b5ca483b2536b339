"""May the figures of a source leave for another organisation, or for the public? Asked of its conventions."""

from __future__ import annotations

from datetime import date

from pupitre.acces.models import Organisation
from pupitre.acces.verdict import Verdict, permis, refuse
from pupitre.observatoire.collecte.conventions import Droits, droits_des_sources
from pupitre.observatoire.models import Convention, Source

_OUVERTE = "Ces chiffres sont publiés par l’État."


def _droits(source: Source, jour: date) -> Droits:
    return droits_des_sources([source], jour)[source.code]


def transmissible(source: Source, organisation: Organisation, jour: date) -> Verdict:
    """Whether `organisation` may be given figures of that source, before its owner is even asked."""
    if source.organisation_id == organisation.pk:
        return permis("Ce sont vos propres données.")
    if source.ouverte:
        return permis(_OUVERTE)
    raison = _droits(source, jour).pourquoi_pas(Convention.Pour.PARTENAIRES, Convention.Usage.TRANSMISSION)
    if raison:
        return refuse(f"{source.organisation}, {source.nom}\u202f: {raison}.")
    return permis("Sa convention permet de les transmettre, avec l’accord du propriétaire.")


def publiable(source: Source, jour: date) -> Verdict:
    """Whether figures of that source may be shown to anyone."""
    if source.ouverte:
        return permis(_OUVERTE)
    raison = _droits(source, jour).pourquoi_pas(Convention.Pour.PUBLIC, Convention.Usage.PUBLICATION)
    if raison:
        return refuse(f"{raison[:1].upper()}{raison[1:]}.")
    return permis("Sa convention permet de les publier.")


def reserves_de(source: Source, jour: date) -> str:
    """What the conventions ask to write beside the figures of that source."""
    return _droits(source, jour).reserves


def sans_accord(source: Source, organisation: Organisation) -> bool:
    """Nobody has to consent: the data are the asker's own, or published by the State."""
    return source.organisation_id == organisation.pk or source.ouverte


def referents_de(sources: list[Source], jour: date) -> list[tuple[str, str]]:
    """(name, address) of the referents that the conventions of these sources name."""
    trouves = {
        (c.referent or str(c.organisation), c.referent_email)
        for d in droits_des_sources(sources, jour).values()
        for c in d.conventions
        if c.referent_email
    }
    return sorted(trouves)
