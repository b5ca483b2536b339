"""Proposing dates and collecting who is available, by personal link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from pupitre.acces import actes
from pupitre.acces.models import LienActe
from pupitre.annuaire.models import Personne
from pupitre.conseils.models import DateProposee, Disponibilite, Seance
from pupitre.conseils.seances import passages, reglages, services
from pupitre.conseils.seances.erreurs import GesteRefuse
from pupitre.conseils.seances.selectors import jour_de, membres_le
from pupitre.socle import horloge
from pupitre.socle.courriel import Bouton, Lettre
from pupitre.socle.courriel.envoi import adresse_complete, poster
from pupitre.socle.texte import JOURS, date_longue

DISPONIBILITES = "disponibilites"
DATES_MAX = 12
_R = Disponibilite.Reponse


def en_mots(instant: datetime) -> str:
    local = timezone.localtime(instant)
    return f"{JOURS[local.weekday()]} {date_longue(local.date())} à {horloge.heure(local)}"


@dataclass(frozen=True, slots=True)
class LigneDates:
    personne: Personne
    reponses: tuple[str, ...]

    @property
    def a_repondu(self) -> bool:
        return any(self.reponses)


@dataclass(frozen=True, slots=True)
class TableauDates:
    """`bilans`: for each date, how many come, may come, cannot."""

    dates: tuple[DateProposee, ...]
    lignes: tuple[LigneDates, ...]
    bilans: tuple[tuple[DateProposee, int, int, int], ...]
    meilleure: DateProposee | None


def tableau(seance: Seance) -> TableauDates:
    dates = tuple(DateProposee.objects.filter(seance=seance))
    lues = Disponibilite.objects.filter(date__seance=seance).select_related("personne")
    par = {(d.personne_id, d.date_id): d.reponse for d in lues}
    gens = {m.personne_id: m.personne for m in membres_le(seance.formation, jour_de(seance))}
    gens |= {d.personne_id: d.personne for d in lues}
    lignes = tuple(
        LigneDates(p, tuple(par.get((p.pk, d.pk), "") for d in dates))
        for p in sorted(gens.values(), key=lambda p: (p.nom, p.prenom))
    )
    bilans = []
    for i, d in enumerate(dates):
        colonne = [li.reponses[i] for li in lignes]
        bilans.append((d, colonne.count(_R.OUI), colonne.count(_R.PEUT_ETRE), colonne.count(_R.NON)))
    meilleure = max(bilans, key=lambda b: (b[1], b[2], -b[3]), default=None)
    return TableauDates(
        dates, lignes, tuple(bilans), meilleure[0] if meilleure and any(meilleure[1:3]) else None
    )


@transaction.atomic
def proposer(*, seance: Seance, debuts: Sequence[datetime], auteur=None) -> int:
    """Add these dates and ask every member by a personal link. How many were written to.

    Raises:
        GesteRefuse: none to come, too many, or the séance is called already.
    """
    etat = passages.exiger_preparable(seance)
    if etat != services.EtatSeance.EN_PREPARATION:
        raise GesteRefuse(
            "Aucune date n’est proposée.",
            "La séance est déjà convoquée.",
            "Changez sa date\u202f: les personnes convoquées seront prévenues.",
        )
    connues = set(DateProposee.objects.filter(seance=seance).values_list("debut", flat=True))
    nouvelles = sorted(set(debuts) - connues)
    if any(d <= horloge.maintenant() for d in nouvelles) or not nouvelles:
        raise GesteRefuse(
            "Aucune date n’est proposée.",
            "Il faut au moins une nouvelle date, à venir.",
            "Choisissez une ou plusieurs dates et heures.",
        )
    if len(connues) + len(nouvelles) > DATES_MAX:
        raise GesteRefuse(
            "Ces dates ne sont pas proposées.",
            f"Au-delà de {DATES_MAX}, plus personne ne répond.",
            "Gardez les plus probables.",
        )
    DateProposee.objects.bulk_create(DateProposee(seance=seance, debut=d) for d in nouvelles)
    toutes = list(DateProposee.objects.filter(seance=seance))
    return sum(
        _demander(seance, personne, toutes, auteur)
        for personne in {
            m.personne_id: m.personne for m in membres_le(seance.formation, jour_de(seance))
        }.values()
        if personne.email
    )


def _demander(seance: Seance, personne: Personne, dates: list[DateProposee], auteur) -> int:
    conseil = seance.formation.conseil
    objet = f"{seance.pk}:{personne.pk}"
    lien = LienActe.objects.filter(
        acte=DISPONIBILITES, objet=objet, revoque_le__isnull=True
    ).first() or actes.creer(
        acte=DISPONIBILITES,
        objet=objet,
        conseil=conseil,
        nom=str(personne),
        email=personne.email,
        jours=1,
        gestes_max=0,
        auteur=auteur,
    )
    LienActe.objects.filter(pk=lien.pk).update(expire_le=max(d.debut for d in dates))
    adresse = adresse_complete(reverse("disponibilites", args=[actes.jeton(lien)]))
    _, nouveau = poster(
        Lettre(
            objet=f"Quand pouvez-vous venir\u202f? {seance.objet or seance.formation}",
            paragraphes=(
                f"Une séance de «\u202f{seance.formation}\u202f» se prépare. "
                "Dites pour chaque date si vous êtes disponible.",
            ),
            lignes=tuple(en_mots(d.debut).capitalize() for d in dates),
            bouton=Bouton("Donner mes disponibilités", adresse),
            pied="Ce lien est personnel\u202f: il ne sert qu’à vos disponibilités.",
        ),
        cle=f"dates:{seance.pk}:{max(d.pk for d in dates)}",
        destinataire=personne.email,
        nom=str(personne),
        categorie="dates",
        perimetre=conseil.slug,
        expediteur=str(conseil),
        repondre_a=reglages.reglage(conseil).repondre_a,
    )
    return int(nouveau)


def lire_objet(objet: str) -> tuple[int, int]:
    """Primary keys of the séance and of the person that such a link bears on."""
    seance, _, personne = objet.partition(":")
    return int(seance), int(personne)


@transaction.atomic
def repondre(
    *, seance: Seance, personne: Personne, reponses: Mapping[int, str], lien: LienActe | None = None
) -> None:
    """Keep what a person says of each date; the last answer counts.

    Raises:
        GesteRefuse: the date has been chosen meanwhile, or a date that is not proposed.
    """
    passages.exiger_preparable(seance)
    dates = {d.pk: d for d in DateProposee.objects.filter(seance=seance)}
    if not set(reponses) <= set(dates) or not set(reponses.values()) <= set(_R.values):
        raise GesteRefuse(
            "Vos réponses ne sont pas enregistrées.", "Les dates proposées ont changé.", "Rouvrez la page."
        )
    if lien is not None:
        actes.accomplir(lien, "disponibilités")
    for pk, reponse in reponses.items():
        Disponibilite.objects.update_or_create(
            date=dates[pk], personne=personne, defaults={"reponse": reponse}
        )


@transaction.atomic
def choisir(*, date: DateProposee, auteur=None) -> Seance:
    """The séance takes that date; the links by which people answered fall, the answers stay."""
    seance = date.seance
    services.modifier(
        seance=seance,
        objet=seance.objet,
        debut=date.debut,
        duree=seance.duree,
        lieu=seance.lieu,
        auteur=auteur,
    )
    LienActe.objects.filter(
        acte=DISPONIBILITES, objet__startswith=f"{seance.pk}:", revoque_le__isnull=True
    ).update(revoque_le=horloge.maintenant())
    seance.refresh_from_db()
    return seance
