"""Reads of the catalogue: deliveries and sources that a person may see, and where the council stands."""

from __future__ import annotations

from dataclasses import dataclass

from pupitre.acces.droits import Role
from pupitre.acces.selectors import habilitations_de
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.collecte.couverture import Couverture
from pupitre.observatoire.models import EvenementLivraison, Livraison, Source
from pupitre.socle.texte import date_longue, enumeration
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


class RecouvrementPartiel(ErreurPupitre):
    """A delivery covers a part of another one that is published: neither a new one nor a correction."""


def recouvrements(livraison: Livraison, publiees: list[Livraison]) -> list[Livraison]:
    """The published deliveries of the same source that this one replaces.

    Raises:
        RecouvrementPartiel: it covers only a part of one of them, so that publishing would count twice.
    """
    nouvelle = Couverture.de_json(livraison.lecture["couverture"])
    remplacees = []
    for ancienne in publiees:
        if ancienne.source_id != livraison.source_id or ancienne.pk == livraison.pk:
            continue
        if ancienne.sha256 == livraison.sha256:
            remplacees.append(ancienne)  # the same file read otherwise: places may bear other codes
            continue
        couverte = Couverture.de_json(ancienne.lecture["couverture"])
        communes = nouvelle.croise(couverte)
        if not communes:
            continue
        if not nouvelle.contient(couverte):
            jours = sorted({d for _, d, _ in communes})
            raise RecouvrementPartiel(
                f"«\u202f{livraison.nom}\u202f» recouvre en partie «\u202f{ancienne.nom}\u202f», déjà publiée.",
                f"{len(jours)} période(s) en commun, à partir du {enumeration(jours[:1])}\u202f: les mêmes "
                "faits seraient comptés deux fois.",
                "Demandez au partenaire un fichier qui reprenne toute la période de l’ancien, "
                f"reçu le {date_longue(ancienne.recue_le)}, ou rejetez celui-ci.",
            )
        remplacees.append(ancienne)
    return remplacees


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


def conventions_visibles(utilisateur, conseil: Conseil):
    """All for the team, its own organisation's for a partner."""
    from pupitre.observatoire.collecte import conventions

    toutes = conventions.du_conseil(conseil)
    roles = {(h.role, h.organisation_id) for h in habilitations_de(utilisateur) if h.conseil_id == conseil.pk}
    if any(role in _EQUIPE for role, _ in roles):
        return toutes
    siennes = {o for role, o in roles if role == Role.PARTENAIRE}
    return toutes.filter(organisation_id__in=siennes)
