"""Letters to partners that have not delivered: the referent first, then the coordination."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.acces.models import Habilitation
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.collecte import calendrier
from pupitre.observatoire.collecte.calendrier import EtatCase
from pupitre.observatoire.collecte.conventions import Droits, droits_des_sources
from pupitre.observatoire.models import Relance, Source, SuspensionRelances
from pupitre.socle import horloge
from pupitre.socle.courriel import Bouton, Lettre
from pupitre.socle.courriel.envoi import adresse_complete, poster
from pupitre.socle.texte import date_longue
from pupitre.territoires.models import Conseil

DEPOT = "depot"
JOURS_DEPOT = 45
RYTHME, MAXIMUM = 7, 3
# Older than this, a letter would be noise: the calendar shows the hole.
PERIODES_RELANCEES = 3


class RelanceRefusee(ErreurPupitre):
    """Nobody to write to, or nothing is late."""


@dataclass(frozen=True, slots=True)
class Due:
    """A letter to be written. `rang` beyond the agreed number goes to the coordination."""

    source: Source
    debut: date
    libelle: str
    echeance: date
    rang: int
    vers: str


def dues(jour: date, conseil: Conseil | None = None) -> Iterator[Due]:
    """What is to be written on that day and has not been."""
    conseils = [conseil] if conseil is not None else Conseil.objects.filter(sources__isnull=False).distinct()
    for c in conseils:
        sources = list(Source.objects.filter(conseil=c).select_related("organisation", "conseil"))
        droits = droits_des_sources(sources, jour)
        faites = set(Relance.objects.filter(source__in=sources).values_list("source", "debut", "rang"))
        suspendues = set(
            SuspensionRelances.objects.filter(source__in=sources, jusqu_au__gte=jour).values_list(
                "source", flat=True
            )
        )
        for volet in calendrier.lire(c, sources, jour):
            for ligne in volet.lignes:
                if ligne.source.pk not in suspendues and not ligne.source.ouverte:
                    yield from _de_la_ligne(ligne, droits[ligne.source.code], faites, jour)


def _de_la_ligne(ligne, droits: Droits, faites: set, jour: date) -> Iterator[Due]:
    rythme = min((c.rythme for c in droits.conventions), default=RYTHME)
    maximum = max((c.relances_max for c in droits.conventions), default=MAXIMUM)
    referent = referent_de(droits)
    for case in [c for c in ligne.cases if c.etat is EtatCase.RETARD][-PERIODES_RELANCEES:]:
        rang = min(1 + ((jour - case.echeance).days - 1) // max(1, rythme), maximum + 1)
        vers = Relance.Vers.COORDINATION if rang > maximum or referent is None else Relance.Vers.REFERENT
        if (ligne.source.pk, case.debut, rang) not in faites:
            yield Due(ligne.source, case.debut, case.libelle, case.echeance, rang, vers)


def referent_de(droits: Droits) -> tuple[str, str] | None:
    return next(((c.referent, c.referent_email) for c in droits.conventions if c.referent_email), None)


def relancer(jour: date) -> int:
    """Write what is due on that day; asked again, nothing more is written. How many letters."""
    return sum(_ecrire(due, jour) for due in list(dues(jour)))


@transaction.atomic
def _ecrire(due: Due, jour: date, auteur=None) -> int:
    Source.objects.select_for_update(of=("self",)).get(pk=due.source.pk)
    if Relance.objects.filter(source=due.source, debut=due.debut, rang=due.rang).exists():
        return 0
    droits = droits_des_sources([due.source], jour)[due.source.code]
    referent = referent_de(droits)
    if due.vers == Relance.Vers.REFERENT and referent is not None:
        qui = [referent]
        lettre = _au_referent
    else:
        qui = coordination(due.source.conseil)
        lettre = _a_la_coordination
    premiere = None
    for nom, email in qui:
        courriel, _ = poster(
            lettre(due, nom, email),
            cle=f"relance:{due.source.pk}:{due.debut}:{due.rang}",
            destinataire=email,
            nom=nom,
            categorie="relance",
            perimetre=due.source.conseil.slug,
            expediteur=str(due.source.conseil),
        )
        premiere = premiere or (nom, email, courriel)
    nom, email, courriel = premiere or ("", "", None)
    Relance.objects.create(
        source=due.source, debut=due.debut, rang=due.rang, vers=due.vers, nom=nom, email=email, le=jour,
        courriel=courriel, demandee_par=auteur,
    )  # fmt: skip
    return len(qui)


def coordination(conseil: Conseil) -> list[tuple[str, str]]:
    actives = Habilitation.objects.actives().filter(conseil=conseil, role=Role.COORDINATEUR)
    return [(str(h.utilisateur), h.utilisateur.email) for h in actives.select_related("utilisateur")]


def adresse_de_depot(source: Source, nom: str, email: str, auteur=None) -> str:
    """A new deposit link for that source, as it is written in a letter."""
    lien = actes.creer(
        acte=DEPOT,
        objet=source.pk,
        conseil=source.conseil,
        nom=nom or str(source.organisation),
        email=email,
        jours=JOURS_DEPOT,
        gestes_max=0,
        auteur=auteur,
    )
    return adresse_complete(reverse("depot", args=[actes.jeton(lien)]))


def _au_referent(due: Due, nom: str, email: str) -> Lettre:
    return Lettre(
        objet=f"{due.source.nom}\u202f: {due.libelle}",
        paragraphes=(
            f"L’observatoire du {due.source.conseil} n’a pas encore reçu «\u202f{due.source.nom}\u202f» "
            f"pour {due.libelle}. Le fichier était attendu pour le {date_longue(due.echeance)}.",
            "Vous pouvez le déposer tel quel, sans compte ni mot de passe. Si un obstacle le retarde, répondez à "
            "ce message\u202f: nous en tiendrons compte.",
        ),
        bouton=Bouton("Déposer le fichier", adresse_de_depot(due.source, nom, email)),
        pied="Vous êtes le référent désigné par la convention entre votre organisation et le conseil. "
        "Si le fichier vient de partir, ne tenez pas compte de ce message.",
    )


def _a_la_coordination(due: Due, nom: str, email: str) -> Lettre:
    fiche = reverse("source", args=[due.source.conseil.slug, due.source.code])
    return Lettre(
        objet=f"{due.source.organisation} n’a pas livré {due.libelle}",
        paragraphes=(
            f"«\u202f{due.source.nom}\u202f» était attendue pour le {date_longue(due.echeance)}. "
            + (
                "Les relances convenues sont restées sans réponse\u202f: un appel débloque souvent la situation."
                if due.rang > 1
                else "Aucun référent n’est désigné\u202f: personne n’a pu être relancé."
            ),
        ),
        bouton=Bouton("Ouvrir la source", adresse_complete(fiche)),
        pied="Vous recevez ce message parce que vous coordonnez ce conseil.",
    )


def relancer_maintenant(*, source: Source, auteur=None) -> Relance:
    """A letter to the referent about the oldest period late, outside the agreed rhythm.

    Raises:
        RelanceRefusee: nothing is late, or no referent.
    """
    jour = horloge.aujourdhui()
    droits = droits_des_sources([source], jour)[source.code]
    referent = referent_de(droits)
    cases = [
        c
        for v in calendrier.lire(source.conseil, [source], jour)
        for li in v.lignes
        for c in li.cases
        if c.etat is EtatCase.RETARD
    ]
    if not cases or referent is None:
        raise RelanceRefusee(
            "Aucune relance n’est partie.",
            "Rien n’est en retard pour cette source."
            if referent is not None
            else "Aucune convention en vigueur ne désigne de référent avec son adresse.",
            "Vérifiez le calendrier." if referent is not None else "Complétez la convention du partenaire.",
        )
    case = cases[-1]
    deja = Relance.objects.filter(source=source, debut=case.debut).order_by("-rang").first()
    due = Due(
        source, case.debut, case.libelle, case.echeance, (deja.rang if deja else 0) + 1, Relance.Vers.REFERENT
    )
    _ecrire(due, jour, auteur)
    return Relance.objects.get(source=source, debut=due.debut, rang=due.rang)


@transaction.atomic
def suspendre(*, source: Source, jusqu_au: date, raison: str, auteur=None) -> SuspensionRelances:
    """Raises RelanceRefusee: no reason, or a day that has passed."""
    if not raison.strip() or jusqu_au <= horloge.aujourdhui():
        raise RelanceRefusee(
            "Les relances ne sont pas suspendues.",
            "Il manque une raison, ou la date est passée.",
            "Dites pourquoi, et jusqu’à quand (par exemple\u202f: référent absent jusqu’au 15).",
        )
    return SuspensionRelances.objects.create(
        source=source, jusqu_au=jusqu_au, raison=raison.strip()[:240], auteur=auteur
    )


@transaction.atomic
def reprendre(*, source: Source) -> None:
    hier = horloge.aujourdhui() - timedelta(days=1)
    SuspensionRelances.objects.filter(source=source, jusqu_au__gt=hier).update(jusqu_au=hier)
