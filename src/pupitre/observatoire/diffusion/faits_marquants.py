"""Facts of note: entered, imported, proposed by the repetition of facts, retained or discarded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from pupitre.documents.tableaux import Table
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.models import FaitMarquant
from pupitre.socle import horloge
from pupitre.socle.donnees_personnelles import avertissement, indices
from pupitre.socle.texte import date_longue
from pupitre.territoires.models import Conseil


class FaitRefuse(ErreurPupitre):
    """The text seems to name somebody, or the fact lacks what it needs."""


@dataclass(frozen=True, slots=True)
class Semaine:
    """Monday to Sunday."""

    lundi: date

    @classmethod
    def contenant(cls, jour: date) -> Semaine:
        return cls(jour - timedelta(days=jour.weekday()))

    @property
    def dimanche(self) -> date:
        return self.lundi + timedelta(days=6)

    @property
    def code(self) -> str:
        return f"{self.lundi:%G-W%V}"

    @property
    def libelle(self) -> str:
        return f"du {date_longue(self.lundi)} au {date_longue(self.dimanche)}"


def de_la_periode(conseil: Conseil, debut: date, fin: date):
    """Retained facts that happen, or go on, within these days."""
    chevauche = Q(jour__lte=fin) & (Q(fin__gte=debut) | Q(fin__isnull=True, jour__gte=debut))
    return (
        FaitMarquant.objects.filter(chevauche, conseil=conseil, suite=FaitMarquant.Suite.RETENU)
        .select_related("commune", "organisation")
        .order_by("commune__nom", "jour", "pk")
    )


def noms_permis(conseil: Conseil) -> list[str]:
    """Names that a text may hold: places and organisations of the council."""
    return [
        *(c.nom for c in conseil.communes_as_of()),
        *conseil.organisations.values_list("nom", flat=True),
    ]


@transaction.atomic
def enregistrer(*, fait: FaitMarquant, confirme: bool = False, auteur=None) -> FaitMarquant:
    """Keep a fact, new or changed.

    Args:
        confirme: a person has read what looks like somebody's name and maintains the text.
    Raises:
        FaitRefuse: the text seems to name somebody. ValidationError: what the record needs.
    """
    trouves = indices(f"{fait.texte}\n{fait.commentaire}", noms_permis(fait.conseil))
    if trouves and not confirme:
        raise FaitRefuse(
            avertissement(trouves),
            "Un fait marquant est lu par tous les maires\u202f: aucune personne n’y est désignée.",
            "Écrivez le fait sans elle, ou cochez la case qui confirme qu’il ne s’agit pas d’une personne.",
        )
    if fait._state.adding:
        fait.saisi_par = auteur
    fait.full_clean()
    fait.save()
    return fait


def cles(conseil: Conseil) -> frozenset[str]:
    """Of what was proposed, kept or not."""
    return frozenset(
        FaitMarquant.objects.filter(conseil=conseil).exclude(cle="").values_list("cle", flat=True)
    )


@transaction.atomic
def proposer(*, conseil: Conseil, faits: Iterable[FaitMarquant]) -> int:
    """Keep proposals that were not made before; gives how many are new."""
    connues = cles(conseil)
    nouveaux = [f for f in faits if f.cle and f.cle not in connues]
    for fait in nouveaux:
        fait.conseil, fait.origine = conseil, FaitMarquant.Origine.PROPOSE
        fait.suite = FaitMarquant.Suite.A_EXAMINER
        fait.full_clean()
        fait.save()
    return len(nouveaux)


@transaction.atomic
def retenir(*, fait: FaitMarquant) -> None:
    fait.suite, fait.raison = FaitMarquant.Suite.RETENU, ""
    fait.save(update_fields=["suite", "raison"])


@transaction.atomic
def ecarter(*, fait: FaitMarquant, raison: str) -> None:
    """Raises FaitRefuse without a reason."""
    if not raison.strip():
        raise FaitRefuse(
            "Le fait n’est pas écarté.",
            "La raison manque\u202f: elle dira plus tard pourquoi les maires ne l’ont pas reçu.",
            "Écrivez-la en une phrase.",
        )
    fait.suite, fait.raison = FaitMarquant.Suite.ECARTE, raison.strip()[:240]
    fait.save(update_fields=["suite", "raison"])


def secteurs(conseil: Conseil) -> list[tuple[str, str]]:
    """Code and name of the secteurs in force."""
    decoupage = conseil.decoupages.as_of(horloge.aujourdhui()).first()
    if decoupage is None:
        return []
    return list(decoupage.secteurs.order_by("nom").values_list("code", "nom"))


def tous(conseil: Conseil):
    return FaitMarquant.objects.filter(conseil=conseil).select_related("commune", "organisation")


def a_examiner(conseil: Conseil):
    return tous(conseil).filter(suite=FaitMarquant.Suite.A_EXAMINER)


def lire_semaine(texte: str) -> Semaine | None:
    """ "2026-W47"; None when it is not a week."""
    annee, _, rang = texte.partition("-W")
    try:
        return Semaine(date.fromisocalendar(int(annee), int(rang), 1))
    except ValueError:
        return None


def table(conseil: Conseil) -> Table:
    noms = dict(secteurs(conseil))
    return Table(
        titre=f"Faits marquants, {conseil}",
        entetes=(
            "Jour",
            "Jusqu’au",
            "Commune",
            "Secteur",
            "Genre",
            "Fait",
            "Signalé par",
            "Commentaire",
            "Suite",
        ),
        lignes=tuple(
            (
                date_longue(f.jour),
                date_longue(f.fin) if f.fin else "",
                f.commune.nom,
                noms.get(f.secteur, ""),
                f.get_genre_display(),
                f.texte,
                str(f.organisation or ""),
                f.commentaire,
                f.get_suite_display() + (f"\u202f: {f.raison}" if f.raison else ""),
            )
            for f in tous(conseil)
        ),
        lecture=(("Avertissement", "Données fictives"),) if conseil.fictif else (),
    )
