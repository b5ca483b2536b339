"""The at most eight figures that a council keeps under its eyes, chosen and ordered by its team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.chiffres.indicateurs import indicateurs
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.chiffres.perimetres import perimetres
from pupitre.observatoire.chiffres.sujets import Sujet
from pupitre.observatoire.models import SUIVIS_MAX, IndicateurSuivi
from pupitre.territoires.models import Conseil


class ChoixRefuse(ErreurPupitre):
    """More than eight, twice the same, or a figure that no source gives."""


@dataclass(frozen=True, slots=True)
class Choisi:
    """`source.indicateur` as in addresses, and the key of a perimeter."""

    figure: str
    perimetre: str = "conseil"


def choisis(conseil: Conseil) -> list[IndicateurSuivi]:
    return list(IndicateurSuivi.objects.filter(conseil=conseil).select_related("source"))


def sujet_de(lecteur: Lecteur, source: str, indicateur: str, perimetre: str) -> Sujet | None:
    """None when this reader has not that source, that indicator or that place."""
    if source not in lecteur.sources:
        return None
    profil = lecteur.etat.profils[source]
    trouve = next((i for i in indicateurs(profil, lecteur.sources[source].nom) if i.cle == indicateur), None)
    lieu = next((p for p in perimetres(lecteur.territoire, profil) if p.cle == perimetre), None)
    if trouve is None or lieu is None:
        return None
    return Sujet(lecteur.sources[source], profil, trouve, lieu)


def offre(lecteur: Lecteur) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every figure of every source, by source, for a list of choices."""
    return [
        (
            f"{source.organisation.nom}, {source.nom}",
            [(f"{code}.{i.cle}", i.libelle) for i in indicateurs(lecteur.etat.profils[code], source.nom)],
        )
        for code, source in lecteur.sources.items()
    ]


def lieux(lecteur: Lecteur) -> list[tuple[str, str]]:
    """Territories that at least one source tells apart."""
    trouves: dict[str, str] = {"conseil": "Tout le conseil"}
    for code in lecteur.sources:
        for p in perimetres(lecteur.territoire, lecteur.etat.profils[code]):
            trouves.setdefault(p.cle, p.libelle)
    return list(trouves.items())


@transaction.atomic
def choisir(*, lecteur: Lecteur, choix: Sequence[Choisi]) -> list[IndicateurSuivi]:
    """Replace the council's list, in this order. An empty list gives the page back to its default.

    Raises:
        ChoixRefuse: more than eight, twice the same, a figure unknown, or a place that its source ignores.
    """
    conseil = lecteur.conseil
    if len(choix) > SUIVIS_MAX:
        raise ChoixRefuse(
            f"{len(choix)} indicateurs sont choisis.",
            f"Au-delà de {SUIVIS_MAX}, plus rien n’est sous les yeux.",
            "Retirez ceux qui pressent le moins.",
        )
    if len(set(choix)) < len(choix):
        raise ChoixRefuse(
            "Le même indicateur est choisi deux fois pour le même territoire.",
            "Chaque ligne du suivi dit autre chose que les autres.",
            "Changez l’indicateur ou le territoire d’une des deux lignes.",
        )
    lignes = []
    for rang, choisi in enumerate(choix, 1):
        code, _, indicateur = choisi.figure.partition(".")
        sujet = sujet_de(lecteur, code, indicateur, choisi.perimetre)
        if sujet is None:
            raise ChoixRefuse(
                f"La ligne {rang} ne peut pas être suivie.",
                "Cette source ne donne pas cet indicateur, ou ne distingue pas ce territoire.",
                "Choisissez un territoire plus large, ou un autre indicateur.",
            )
        lignes.append(
            IndicateurSuivi(
                conseil=conseil,
                rang=rang,
                source=sujet.source,
                indicateur=indicateur,
                perimetre=choisi.perimetre,
            )
        )
    IndicateurSuivi.objects.filter(conseil=conseil).delete()
    return IndicateurSuivi.objects.bulk_create(lignes)
