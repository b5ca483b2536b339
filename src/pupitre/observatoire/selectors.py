"""Reads of the catalogue: deliveries and sources that a person may see, and where the council stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pupitre.acces.droits import Role
from pupitre.acces.selectors import habilitations_de
from pupitre.observatoire.collecte.couverture import Case, Couverture
from pupitre.observatoire.models import EvenementLivraison, Livraison, Retrait, Source
from pupitre.socle.lecture_seule import lue_une_fois
from pupitre.socle.texte import enumeration
from pupitre.territoires.models import Conseil

_EQUIPE = {Role.COORDINATEUR, Role.ASSISTANT}


def etat_de(livraison: Livraison) -> str | None:
    """The last event: asked anew, because another process may have written it."""
    return (
        EvenementLivraison.objects.filter(livraison=livraison)
        .order_by("-pk")
        .values_list("etat", flat=True)
        .first()
    )


def sources_visibles(utilisateur, conseil: Conseil):
    """All of the council's for its team; only its own organisation's for a partner; none for others."""
    organisations = set()
    for h in habilitations_de(utilisateur):
        if h.conseil_id != conseil.pk:
            continue
        if h.role in _EQUIPE:
            return Source.objects.filter(conseil=conseil)
        if h.role == Role.PARTENAIRE:
            organisations.add(h.organisation_id)
    return Source.objects.filter(conseil=conseil, organisation_id__in=organisations)


def livraisons_visibles(utilisateur, conseil: Conseil):
    return Livraison.objects.filter(source__in=sources_visibles(utilisateur, conseil)).avec_etat()


@dataclass(frozen=True)
class Correction:
    """What a new delivery takes from one that is published. `entiere`: nothing of it is left."""

    ancienne: Livraison
    cases: frozenset[Case]
    entiere: bool


def corrections(
    livraison: Livraison, publiees: Iterable[Livraison], retraits: Mapping[object, set[Case]]
) -> list[Correction]:
    """What the delivery says again of those of its source that are published: only that is taken from them.

    Args:
        retraits: by delivery, what earlier corrections have already taken.
    """
    nouvelle = Couverture.de_json(livraison.lecture["couverture"])
    trouvees = []
    for ancienne in publiees:
        if ancienne.source_id != livraison.source_id or ancienne.pk == livraison.pk:
            continue
        reste = Couverture.de_json(ancienne.lecture["couverture"]).sans(retraits.get(ancienne.pk, ()))
        if ancienne.sha256 == livraison.sha256:
            # the same file read otherwise: places may bear other codes
            trouvees.append(Correction(ancienne, reste.cases, entiere=True))
            continue
        communes = nouvelle.croise(reste)
        if communes:
            trouvees.append(Correction(ancienne, communes, entiere=nouvelle.contient(reste)))
    return trouvees


def corrections_de(livraison: Livraison) -> list[Correction]:
    """What publishing this delivery now would take from those that are published."""
    publiees = list(livraison.source.livraisons.publiees())
    return corrections(livraison, publiees, retraits_de(publiees))


def retraits_de(livraisons: Iterable[Livraison]) -> dict[object, set[Case]]:
    """What later corrections took from each of these deliveries."""
    pris: dict[object, set[Case]] = {}
    for retrait in Retrait.objects.filter(livraison__in=[li.pk for li in livraisons]):
        pris.setdefault(retrait.livraison_id, set()).update(tuple(c) for c in retrait.cases)
    return pris


@dataclass(frozen=True, slots=True)
class Pas:
    """One of the first steps of a coordinator. `adresse_nom`: URL name within the council."""

    titre: str
    fait: bool
    explication: str
    adresse_nom: str
    facultatif: bool = False


def premiers_pas(conseil: Conseil) -> list[Pas]:
    communes = conseil.communes_as_of()
    sources = Source.objects.filter(conseil=conseil).count()
    publiees = Livraison.objects.publiees().filter(source__conseil=conseil).exists()
    return [
        Pas(
            "Vérifier les communes",
            bool(communes),
            f"{enumeration([c.nom for c in communes])} font partie du conseil."
            if communes
            else "Aucune commune n’est encore membre du conseil.",
            "territoire",
        ),
        Pas(
            "Dessiner les secteurs",
            conseil.decoupages.exists(),
            "Quartiers, IRIS ou votre propre découpage, en GeoJSON. Facultatif pour commencer.",
            "territoire",
            facultatif=True,
        ),
        Pas(
            "Déclarer les partenaires et leurs sources",
            sources > 0,
            "Qui vous envoie quoi, à quel rythme\u202f: la police, les bailleurs, les transporteurs…",
            "sources",
        ),
        Pas(
            "Déposer et publier un premier fichier",
            publiees,
            "Tel que le partenaire l’a envoyé\u202f: Pupitre montre ce qu’il a compris avant toute publication.",
            "livraisons",
        ),
    ]


def sources_du_conseil(conseil: Conseil):
    return Source.objects.filter(conseil=conseil).select_related("organisation")


@lue_une_fois
def sources_lues(conseil: Conseil) -> tuple[Source, ...]:
    """All of them, by name, with their organisation."""
    return tuple(sources_du_conseil(conseil))


def conventions_visibles(utilisateur, conseil: Conseil):
    """All for the team, its own organisation's for a partner."""
    from pupitre.observatoire.collecte import conventions

    toutes = conventions.du_conseil(conseil)
    roles = {(h.role, h.organisation_id) for h in habilitations_de(utilisateur) if h.conseil_id == conseil.pk}
    if any(role in _EQUIPE for role, _ in roles):
        return toutes
    siennes = {o for role, o in roles if role == Role.PARTENAIRE}
    return toutes.filter(organisation_id__in=siennes)
