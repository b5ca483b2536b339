"""Séances as calendars know them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from pupitre.annuaire.models import Personne
from pupitre.conseils.etats import EtatSeance
from pupitre.conseils.models import Convocation, Seance
from pupitre.conseils.seances import reglages
from pupitre.documents.rendezvous import JourEntier, Rendezvous, agenda, invitation
from pupitre.socle import horloge
from pupitre.socle.courriel.envoi import adresse_complete
from pupitre.socle.texte import MOIS
from pupitre.territoires.models import Conseil


def uid(seance: Seance) -> str:
    """The same for the whole life of the séance and for everyone: calendars follow it by this name."""
    return f"seance-{seance.pk}.{seance.formation.conseil.slug}@pupitre.invalid"


def _titre(seance: Seance) -> str:
    conseil = seance.formation.conseil
    return f"{conseil.get_nature_display()}, {seance.objet or seance.formation}"


def rendezvous(seance: Seance, *, annule: bool = False) -> Rendezvous:
    """A séance that has a date, for nobody in particular."""
    conseil = seance.formation.conseil
    regle = reglages.reglage(conseil)
    return Rendezvous(
        uid=uid(seance),
        sequence=seance.sequence,
        titre=_titre(seance),
        debut=seance.debut,
        minutes=seance.duree,
        ecrit_le=horloge.maintenant(),
        lieu=seance.lieu,
        description=f"{seance.formation}, {conseil}",
        organisateur=str(conseil),
        organisateur_email=regle.repondre_a or settings.CONFIGURATION.courriel_expediteur,
        annule=annule,
    )


def pour(rendezvous_: Rendezvous, personne: Personne, adresse: str = "") -> bytes:
    """The same meeting, for one person; `adresse`: where he answers."""
    return invitation(
        replace(rendezvous_, adresse=adresse, invite=str(personne), invite_email=personne.email)
    )


def invitation_de(convocation: Convocation, *, annule: bool = False) -> bytes:
    return pour(rendezvous(convocation.seance, annule=annule), convocation.personne)


def agenda_de(
    conseil: Conseil,
    seances: Iterable[Seance],
    jours: Iterable[JourEntier] = (),
    *,
    relire: timedelta | None = None,
) -> bytes:
    """Those that have a date. `seances` carry their `etat`; `relire`: for an agenda that is subscribed to."""
    repondre_a = reglages.reglage(conseil).repondre_a or settings.CONFIGURATION.courriel_expediteur
    lues = []
    for s in seances:
        if s.debut is None:
            continue
        s.formation.conseil = conseil
        adresse = adresse_complete(reverse("seance", args=[conseil.slug, s.pk]))
        lues.append(
            Rendezvous(
                uid=uid(s), sequence=s.sequence, titre=_titre(s), debut=s.debut, minutes=s.duree,
                ecrit_le=s.cree_le, lieu=s.lieu, description=str(s.formation), adresse=adresse,
                organisateur=str(conseil), organisateur_email=repondre_a,
                annule=s.etat == EtatSeance.ANNULEE, provisoire=s.etat == EtatSeance.EN_PREPARATION,
            )
        )  # fmt: skip
    return agenda(f"Séances, {conseil}", lues, jours, relire=relire)


@dataclass(frozen=True, slots=True)
class MoisDeSeances:
    nom: str
    debut: date
    seances: tuple[Seance, ...]


def annee(seances, an: int) -> list[MoisDeSeances]:
    """The twelve months, each with its séances in order."""
    par_mois: dict[int, list[Seance]] = {m: [] for m in range(1, 13)}
    for s in seances.filter(debut__year=an).order_by("debut"):
        par_mois[timezone.localdate(s.debut).month].append(s)
    return [MoisDeSeances(MOIS[m - 1], date(an, m, 1), tuple(li)) for m, li in par_mois.items()]
