"""May the figures of a source leave for another organisation, or for the public? Asked here and nowhere else."""

from __future__ import annotations

from datetime import date

from pupitre.acces.models import Organisation
from pupitre.acces.verdict import Verdict, permis, refuse
from pupitre.observatoire.collecte.conventions import Droits, droits_des_sources
from pupitre.observatoire.models import Convention, Source

_LA_COORDINATION = "la coordonnatrice ou le coordonnateur du conseil"
P, U = Convention.Pour, Convention.Usage


def _droits(source: Source, jour: date) -> Droits:
    return droits_des_sources([source], jour)[source.code]


def transmissible(source: Source, organisation: Organisation, jour: date) -> Verdict:
    """Whether `organisation` may be given figures of that source, before its owner is even asked."""
    if source.organisation_id == organisation.pk:
        return permis("Ce sont vos propres données.")
    if source.ouverte:
        return permis("Ces chiffres sont publiés par leur producteur pour tous.")
    raison = _droits(source, jour).pourquoi_pas(P.PARTENAIRES, U.TRANSMISSION)
    if raison:
        return refuse(
            f"«\u202f{source.nom}\u202f» ({source.organisation}) ne peut pas être transmise\u202f: {raison}.",
            _LA_COORDINATION,
        )
    return permis("La convention le permet.")


def publiable(source: Source, jour: date) -> Verdict:
    """Whether figures of that source may be shown to anyone."""
    if source.ouverte:
        return permis("Ces chiffres sont publiés par leur producteur pour tous.")
    raison = _droits(source, jour).pourquoi_pas(P.PUBLIC, U.PUBLICATION)
    if raison:
        return refuse(f"Ces chiffres ne peuvent pas être publiés\u202f: {raison}.", _LA_COORDINATION)
    return permis("La convention permet de les publier.")


def reserves_de(source: Source, jour: date) -> str:
    """What the convention asks to write beside the figures of that source."""
    return _droits(source, jour).reserves


def sans_accord(source: Source, organisation: Organisation) -> bool:
    """Nobody has to consent: the data are the asker's own, or open to all."""
    return source.organisation_id == organisation.pk or source.ouverte


def referents_de(sources: list[Source], jour: date) -> list[tuple[str, str]]:
    """(name, address) of the referents that the conventions of these sources name."""
    droits = droits_des_sources(sources, jour)
    trouves = {
        c.referent_email.lower(): (c.referent or str(c.organisation), c.referent_email)
        for d in droits.values()
        for c in d.conventions
        if c.referent_email
    }
    return list(trouves.values())
