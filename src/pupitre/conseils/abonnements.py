"""The agenda of a person, read by a calendar program at a secret address.

The address is shown once and kept as a digest, like a token of the API: whoever reads the database reads nobody's
agenda. A second program gets a second address, and one that was lost is changed or withdrawn without the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from pupitre.acces.droits import Droit
from pupitre.acces.empreintes import compter, empreinte, tirer
from pupitre.acces.models import Utilisateur
from pupitre.acces.policies import peut
from pupitre.conseils.decisions.selectors import decisions_visibles, ouvertes
from pupitre.conseils.models import AbonnementAgenda, Convocation, Decision, Formation
from pupitre.conseils.policies import portee
from pupitre.conseils.seances.calendrier import agenda_de
from pupitre.conseils.seances.selectors import seances_visibles
from pupitre.documents.rendezvous import JourEntier
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.socle.courriel.envoi import adresse_complete
from pupitre.territoires.models import Conseil

PAR_HEURE, MAX = 60, 10
RELIRE = timedelta(hours=4)
# Calendars are for what comes; a year back is enough to find again when that was.
PASSE = timedelta(days=400)
_TEXTE_MAX = 240


class AbonnementImpossible(ErreurPupitre):
    """Too many addresses already."""


class Raison(StrEnum):
    INCONNU = "inconnu"
    RETIRE = "retire"
    FERME = "ferme"
    TROP = "trop"


@dataclass(frozen=True, slots=True)
class AgendaRefuse(Exception):
    raison: Raison


def de(utilisateur: Utilisateur, conseil: Conseil) -> QuerySet[AbonnementAgenda]:
    """One's own, in use, the latest first."""
    return AbonnementAgenda.objects.filter(utilisateur=utilisateur, conseil=conseil, revoque_le__isnull=True)


@transaction.atomic
def creer(*, abonnement: AbonnementAgenda) -> str:
    """Keep it and give its secret, which can be read only now.

    Raises:
        AbonnementImpossible. ValidationError: no name.
    """
    if de(abonnement.utilisateur, abonnement.conseil).count() >= MAX:
        raise AbonnementImpossible(
            "L’adresse n’est pas créée.",
            f"Vous en avez déjà {MAX} en service dans ce conseil.",
            "Retirez celles dont aucun agenda ne se sert plus.",
        )
    secret = tirer()
    abonnement.empreinte = empreinte(secret)
    abonnement.full_clean()
    abonnement.save()
    return secret


@transaction.atomic
def renouveler(*, abonnement: AbonnementAgenda) -> str:
    """Another secret for the same choice: the former address gives nothing any more."""
    secret = tirer()
    AbonnementAgenda.objects.filter(pk=abonnement.pk).update(
        empreinte=empreinte(secret), dernier_usage=None, fenetre=None, appels=0
    )
    return secret


@transaction.atomic
def retirer(*, abonnement: AbonnementAgenda) -> None:
    AbonnementAgenda.objects.filter(pk=abonnement.pk, revoque_le__isnull=True).update(
        revoque_le=horloge.maintenant()
    )


def lire(secret: str) -> bytes:
    """What the address gives today; the use is dated and counted.

    Raises:
        AgendaRefuse: unknown, withdrawn, of a person who may not see that council any more, or read too often.
    """
    abonnement = (
        AbonnementAgenda.objects.select_related("utilisateur", "conseil")
        .filter(empreinte=empreinte(secret))
        .first()
    )
    if abonnement is None:
        raise AgendaRefuse(Raison.INCONNU)
    if abonnement.revoque_le is not None:
        raise AgendaRefuse(Raison.RETIRE)
    qui, conseil = abonnement.utilisateur, abonnement.conseil
    if not qui.is_active or not peut(qui, Droit.VOIR_CONSEIL, conseil):
        raise AgendaRefuse(Raison.FERME)
    if not compter(abonnement, PAR_HEURE):
        raise AgendaRefuse(Raison.TROP)
    return composer(abonnement)


def composer(abonnement: AbonnementAgenda) -> bytes:
    """The same bytes as long as nothing changes. No name of a person is written in it."""
    qui, conseil = abonnement.utilisateur, abonnement.conseil
    depuis = horloge.aujourdhui() - PASSE
    minuit = horloge.debut_du(depuis)
    seances = seances_visibles(qui, conseil).filter(debut__gte=minuit).order_by("debut", "pk")
    organisations = portee(qui, conseil).organisations
    if abonnement.portee == AbonnementAgenda.Portee.CONVOCATIONS:
        appels = Convocation.objects.filter(
            Q(personne__utilisateur=qui) | Q(organisation__in=organisations),
            Q(envoyee_le__isnull=False) | Q(present__isnull=False),
        )
        seances = seances.filter(pk__in=appels.order_by().values("seance"))
    jours = []
    if abonnement.echeances:
        siennes = Q(responsable__utilisateur=qui) | Q(organisation__in=organisations)
        dues = ouvertes(decisions_visibles(qui, conseil)).filter(siennes, echeance__gte=depuis)
        jours = [_echeance(conseil, d) for d in dues.order_by("echeance", "pk")]
    return agenda_de(conseil, seances, jours, relire=RELIRE)


def _echeance(conseil: Conseil, decision: Decision) -> JourEntier:
    """Under charter, what was decided stays in Pupitre: an agenda is often kept elsewhere."""
    dite = decision.texte if decision.formation.regime == Formation.Regime.SANS_NOMINATIF else ""
    return JourEntier(
        uid=f"decision-{decision.pk}.{conseil.slug}@pupitre.invalid",
        titre=f"Échéance\u202f: décision {decision.numero}",
        jour=decision.echeance,
        ecrit_le=decision.etat_le,
        description=dite if len(dite) <= _TEXTE_MAX else f"{dite[:_TEXTE_MAX]}…",
        adresse=adresse_complete(reverse("decision", args=[conseil.slug, decision.pk])),
    )
