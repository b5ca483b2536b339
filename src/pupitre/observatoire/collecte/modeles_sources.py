"""Declaring a ready-made source in one gesture, and what is already declared of each."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from pupitre.acces.models import Organisation
from pupitre.acces.services import creer_organisation
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.collecte.services import creer_source
from pupitre.observatoire.collecte.sources_pretes import PRETES, SourcePrete
from pupitre.observatoire.models import Source
from pupitre.territoires.models import Conseil


class DeclarationRefusee(ErreurPupitre):
    """Who sends it is not said."""


@dataclass(frozen=True, slots=True)
class Carte:
    """One ready-made source on the page where they are chosen. `declarees`: those that come from it."""

    modele: SourcePrete
    declarees: tuple[Source, ...]

    @property
    def a_declarer(self) -> bool:
        return self.modele.deposable and (self.modele.plusieurs or not self.declarees)


@dataclass(frozen=True, slots=True)
class Rayon:
    """The ready-made sources of one kind of partner."""

    code: str
    titre: str
    cartes: tuple[Carte, ...]


def modele(code: str) -> SourcePrete:
    """Raises KeyError on an unknown code."""
    return {m.code: m for m in PRETES}[code]


def modeles_libres(conseil: Conseil) -> list[SourcePrete]:
    """Those whose partner needs no naming, and that the council has not declared yet."""
    pris = {
        c for paire in Source.objects.filter(conseil=conseil).values_list("code", "modele") for c in paire
    }
    return [m for m in PRETES if m.deposable and not m.plusieurs and m.code not in pris]


def galerie(conseil: Conseil) -> list[Rayon]:
    """Every ready-made source, by kind of partner, with what the council has declared of each."""
    declarees: dict[str, list[Source]] = {}
    for source in Source.objects.filter(conseil=conseil).select_related("organisation"):
        declarees.setdefault(source.modele or source.code, []).append(source)
    rayons: dict[str, list[Carte]] = {}
    for m in PRETES:
        rayons.setdefault(m.nature, []).append(Carte(m, tuple(declarees.get(m.code, ()))))
    return [Rayon(n, str(Organisation.Nature(n).label), tuple(c)) for n, c in rayons.items()]


def declarees(conseil: Conseil, m: SourcePrete):
    return Source.objects.filter(Q(modele=m.code) | Q(code=m.code), conseil=conseil).select_related(
        "organisation"
    )


def partenaires_possibles(conseil: Conseil, m: SourcePrete):
    return conseil.organisations.filter(nature__in=m.partenaires)


@transaction.atomic
def declarer(
    *, conseil: Conseil, code: str, partenaire: str = "", nature: str = "", fictive: bool = False
) -> Source:
    """The source of that model, and of that partner, for the council: declared now if it was not.

    Args:
        partenaire: its name; the model's own when empty.
        nature: kind of a partner not known yet, among those of the model.
    Raises:
        KeyError: unknown code. DeclarationRefusee: the partner must be named.
    """
    m = modele(code)
    nom = " ".join(partenaire.split()) or m.organisation
    if not nom:
        raise DeclarationRefusee(
            "La source n’est pas déclarée.",
            "Plusieurs partenaires peuvent envoyer ce tableau\u202f: il faut dire lequel.",
            "Écrivez le nom du partenaire, par exemple celui du bailleur.",
        )
    organisation = conseil.organisations.filter(nom__iexact=nom).first()
    existante = _existante(conseil, m, organisation)
    if existante is not None:
        return existante
    if organisation is None:
        voulue = nature if nature in m.partenaires else m.nature
        organisation = creer_organisation(nom=nom, nature=voulue, conseils=[conseil])
    source = creer_source(
        conseil=conseil,
        organisation=organisation,
        code=_code(conseil, m, nom),
        nom=m.nom,
        format=m.format,
        frequence=m.frequence,
        producteur=m.producteur,
        fictive=fictive,
        modele=m.code,
    )
    source.publique = m.ouverte
    source.save(update_fields=["publique"])
    return source


def _existante(conseil: Conseil, m: SourcePrete, organisation: Organisation | None) -> Source | None:
    siennes = Source.objects.filter(conseil=conseil)
    if m.plusieurs:
        return siennes.filter(modele=m.code, organisation=organisation).first() if organisation else None
    return siennes.filter(code=m.code).first() or siennes.filter(modele=m.code).first()


def _code(conseil: Conseil, m: SourcePrete, nom: str) -> str:
    base = f"{m.code}-{slugify(nom)}"[:56] if m.plusieurs else m.code
    code, rang = base, 2
    while Source.objects.filter(conseil=conseil, code=code).exists():
        code, rang = f"{base}-{rang}", rang + 1
    return code
