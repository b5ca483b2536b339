"""Letters to owners: one link each, where all their open decisions are reported on without an account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.models import LienActe
from pupitre.annuaire.models import Personne
from pupitre.conseils.decisions import selectors
from pupitre.conseils.decisions.erreurs import DecisionRefusee
from pupitre.conseils.models import Decision
from pupitre.conseils.seances import reglages
from pupitre.socle import horloge
from pupitre.socle.courriel import Bouton, Lettre
from pupitre.socle.courriel.envoi import adresse_complete, poster
from pupitre.socle.texte import date_longue, pluriel
from pupitre.territoires.models import Conseil

SUIVI = "suivi-decisions"
JOURS_DU_LIEN = 90
AVANT, ENTRE, APRES_MAX = 7, 14, 3


def etape(decision: Decision, jour: date) -> str:
    """Which reminder that decision is at: a week before its deadline, then the day after and twice more.

    Empty when none is due. The deadline is part of it: a new one starts again.
    """
    if decision.echeance is None:
        return ""
    reste = (decision.echeance - jour).days
    if 0 <= reste <= AVANT:
        rang = 0
    elif reste < 0:
        rang = min(1 + (-reste - 1) // ENTRE, APRES_MAX)
    else:
        return ""
    return f"{decision.echeance:%y%m%d}-{rang}"


def rappeler(jour: date) -> int:
    """The reminders of that day: one letter an owner, with all that is open. How many letters."""
    proches = selectors.ouvertes(selectors.avec_liens(Decision.objects.all())).filter(
        echeance__lte=jour + timedelta(days=AVANT), responsable__isnull=False
    )
    dues = [d for d in proches.order_by("conseil", "responsable", "echeance") if _du(d, jour)]
    return sum(
        _rappeler(list(siennes), jour)
        for _, siennes in groupby(dues, key=lambda d: (d.conseil_id, d.responsable_id))
    )


def _du(decision: Decision, jour: date) -> bool:
    etape_du_jour = etape(decision, jour)
    return bool(etape_du_jour) and etape_du_jour != decision.rappelee


@transaction.atomic
def _rappeler(dues: Sequence[Decision], jour: date) -> int:
    premiere = dues[0]
    ecrites = 0
    if premiere.responsable.email:
        ecrites = _ecrire(premiere.conseil, premiere.responsable, f"rappel-decisions:{jour:%Y%m%d}", jour)
    for d in dues:
        d.rappelee = etape(d, jour)
    Decision.objects.bulk_update(dues, ["rappelee"])
    return ecrites


@transaction.atomic
def demander(*, conseil: Conseil, responsable: Personne, auteur=None) -> bool:
    """Ask the owner where their decisions stand. False when that was asked already today.

    Raises:
        DecisionRefusee: no address, or nothing open.
    """
    if not responsable.email:
        raise DecisionRefusee(
            "La question n’est pas partie.",
            f"La fiche de {responsable} n’a pas d’adresse électronique.",
            "Complétez sa fiche dans l’annuaire, ou notez vous-même sa réponse.",
        )
    if not selectors.de_responsable(conseil, responsable.pk).exists():
        raise DecisionRefusee(
            "La question n’est pas partie.",
            f"Aucune décision en cours n’est confiée à {responsable}.",
            "Vérifiez le responsable de la décision.",
        )
    jour = horloge.aujourdhui()
    return bool(_ecrire(conseil, responsable, f"demande-decisions:{jour:%Y%m%d}", jour, auteur))


def _ecrire(conseil: Conseil, responsable: Personne, cle: str, jour: date, auteur=None) -> int:
    siennes = list(selectors.de_responsable(conseil, responsable.pk))
    retards = sum(d.echeance is not None and d.echeance < jour for d in siennes)
    objet = f"Vos décisions en cours\u202f: {pluriel(len(siennes), 'décision')}"
    _, nouveau = poster(
        Lettre(
            objet=f"{objet}, dont {retards} en retard" if retards else objet,
            paragraphes=(
                "Bonjour,",
                f"Le {conseil} suit ce qui a été décidé en séance. Voici ce qui vous est confié. Dites où vous en "
                "êtes\u202f: fait, fait en partie, ou bloqué et pourquoi. Une minute suffit.",
            ),
            bouton=Bouton("Dire où j’en suis", adresse_complete(adresse(conseil, responsable, auteur))),
            lignes=tuple(_ligne(d, jour) for d in siennes),
            pied="Ce lien vous est personnel\u202f: il n’ouvre que les décisions qui vous sont confiées.",
        ),
        cle=f"{cle}:{conseil.pk}:{responsable.pk}",
        destinataire=responsable.email,
        nom=str(responsable),
        categorie="decision",
        perimetre=conseil.slug,
        expediteur=str(conseil),
        repondre_a=reglages.reglage(conseil).repondre_a,
    )
    return int(nouveau)


def _ligne(decision: Decision, jour: date) -> str:
    quand = "sans échéance"
    if decision.echeance is not None:
        quand = f"pour le {date_longue(decision.echeance)}"
        if decision.echeance < jour:
            quand += f", en retard de {pluriel((jour - decision.echeance).days, 'jour')}"
    return f"{decision.numero} · {decision.texte} ({quand})"


def adresse(conseil: Conseil, responsable: Personne, auteur=None) -> str:
    """The owner's page: one living link, whose end is pushed back by each letter."""
    lien = LienActe.objects.filter(
        acte=SUIVI, objet=str(responsable.pk), conseil=conseil, revoque_le__isnull=True
    ).first() or actes.creer(
        acte=SUIVI,
        objet=responsable.pk,
        conseil=conseil,
        nom=str(responsable),
        email=responsable.email,
        jours=JOURS_DU_LIEN,
        gestes_max=0,
        auteur=auteur,
    )
    actes.prolonger(lien, jours=JOURS_DU_LIEN)
    return reverse("suivi-decisions", kwargs={"lien": actes.jeton(lien)})


def du_lien(lien: LienActe) -> QuerySet[Decision]:
    """Open decisions of the link's owner, and no others."""
    return selectors.de_responsable(lien.conseil, int(lien.objet))
