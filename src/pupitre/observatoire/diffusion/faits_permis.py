"""Facts of note that may leave the team: a partner's, only as its convention says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pupitre.observatoire.diffusion import faits_marquants
from pupitre.observatoire.models import Convention, FaitMarquant
from pupitre.socle import horloge
from pupitre.territoires.models import Conseil

P, U = Convention.Pour, Convention.Usage


@dataclass(frozen=True, slots=True)
class Tri:
    """`gardes`: facts that stay with the team, each with the reason."""

    permis: tuple[FaitMarquant, ...]
    gardes: tuple[tuple[FaitMarquant, str], ...] = ()


def trier(
    conseil: Conseil, faits: Iterable[FaitMarquant], usage: str, pour: str = P.ELUS, jour: date | None = None
) -> Tri:
    """One query for the conventions. What nobody is said to have reported is the council's own to tell."""
    conventions = _en_vigueur(conseil, jour)
    permis, gardes = [], []
    for fait in faits:
        raison = _pourquoi_pas(fait, conventions, usage, pour)
        if raison:
            gardes.append((fait, raison))
        else:
            permis.append(fait)
    return Tri(tuple(permis), tuple(gardes))


def de_la_periode(conseil: Conseil, debut: date, fin: date, usage: str, pour: str = P.ELUS) -> Tri:
    return trier(conseil, faits_marquants.de_la_periode(conseil, debut, fin), usage, pour)


def _en_vigueur(conseil: Conseil, jour: date | None) -> dict[int, list[Convention]]:
    par_organisation: dict[int, list[Convention]] = {}
    en_vigueur = Convention.objects.as_of(jour or horloge.aujourdhui()).filter(conseil=conseil)
    for convention in en_vigueur.select_related("organisation"):
        par_organisation.setdefault(convention.organisation_id, []).append(convention)
    return par_organisation


def _pourquoi_pas(fait: FaitMarquant, conventions: dict[int, list[Convention]], usage: str, pour: str) -> str:
    if fait.organisation_id is None:
        return ""
    siennes = conventions.get(fait.organisation_id, [])
    if not siennes:
        return f"aucune convention en vigueur avec {fait.organisation}"
    if not any(pour in c.destinataires for c in siennes):
        return (
            f"la convention avec {fait.organisation} ne compte pas parmi ses lecteurs "
            f"«\u202f{P(pour).label}\u202f»"
        )
    if not any(pour in c.destinataires and usage in c.usages for c in siennes):
        return f"la convention avec {fait.organisation} ne permet pas cet usage\u202f: {U(usage).label}"
    return ""
