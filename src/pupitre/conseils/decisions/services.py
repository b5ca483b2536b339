"""A decision is taken, changed, reported on. Nothing is erased: what was said stays as an event."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from pupitre.acces import actes
from pupitre.acces.models import LienActe, Organisation
from pupitre.annuaire.models import Personne
from pupitre.conseils import etats
from pupitre.conseils.decisions.erreurs import DecisionRefusee
from pupitre.conseils.etats import DECISIONS_OUVERTES, EtatDecision
from pupitre.conseils.models import Decision, EvenementDecision, Formation, PointOrdreDuJour, Seance
from pupitre.socle import horloge
from pupitre.territoires.models import Conseil

# A reason is asked for what is not simply done.
_A_EXPLIQUER = {
    EtatDecision.BLOQUEE: "ce qui bloque",
    EtatDecision.ABANDONNEE: "pourquoi elle est abandonnée",
}


@transaction.atomic
def prendre(
    *,
    formation: Formation,
    texte: str,
    seance: Seance | None = None,
    point: PointOrdreDuJour | None = None,
    theme: str = "",
    action: str = "",
    responsable: Personne | None = None,
    organisation: Organisation | None = None,
    echeance: date | None = None,
    saisie: UUID | None = None,
    le: date | None = None,
    auteur=None,
) -> Decision:
    """Number and keep a decision. The number is the next one of the council in the year of the séance.

    Args:
        saisie: chosen by the page that sends it: sent twice, it is kept once.
        le: the day it was taken, when there is no séance; today by default.

    Raises:
        DecisionRefusee: an owner, a séance or an item of elsewhere. ValidationError.
    """
    if saisie is not None and (deja := Decision.objects.filter(saisie=saisie).first()) is not None:
        if deja.conseil_id != formation.conseil_id:
            raise DecisionRefusee(
                "Cette décision n’est pas enregistrée.",
                "Sa marque de saisie sert déjà ailleurs.",
                "Rechargez la page et recommencez.",
            )
        return deja
    _exiger_d_ici(formation, seance, point, responsable, organisation)
    # Numbers follow each other without a gap: one at a time in a council.
    Conseil.objects.select_for_update(of=("self",)).get(pk=formation.conseil_id)
    jour = _jour(seance, le)
    dernier = Decision.objects.filter(conseil=formation.conseil_id, annee=jour.year).aggregate(r=Max("rang"))
    decision = Decision(
        conseil_id=formation.conseil_id,
        annee=jour.year,
        rang=(dernier["r"] or 0) + 1,
        prise_le=jour,
        texte=texte.strip(),
        formation=formation,
        seance=seance,
        point=point,
        theme=theme or (point.theme if point else ""),
        action=action.strip(),
        responsable=responsable,
        organisation=organisation or _organisation_de(responsable, jour),
        echeance=echeance,
        premiere_echeance=echeance,
        saisie=saisie,
    )
    decision.full_clean()
    decision.save()
    _noter(decision, EtatDecision.A_FAIRE, auteur=auteur, echeance=echeance)
    return decision


def _jour(seance: Seance | None, le: date | None) -> date:
    from django.utils import timezone

    if le is not None:
        return le
    return timezone.localdate(seance.debut) if seance and seance.debut else horloge.aujourdhui()


def _organisation_de(responsable: Personne | None, jour: date) -> Organisation | None:
    """Whom the owner speaks for on that day: the organisation stays bound when the person leaves."""
    if responsable is None:
        return None
    fonction = responsable.fonctions.as_of(jour).select_related("organisation").order_by("-debut").first()
    return fonction.organisation if fonction else None


def _exiger_d_ici(formation, seance, point, responsable, organisation) -> None:
    ailleurs = (
        (
            seance is not None and seance.formation_id != formation.pk,
            "la séance est celle d’une autre formation",
        ),
        (
            point is not None and (seance is None or point.seance_id != seance.pk),
            "le point est d’une autre séance",
        ),
        (
            responsable is not None and responsable.conseil_id != formation.conseil_id,
            "la fiche du responsable appartient à un autre conseil",
        ),
        (
            organisation is not None and not organisation.conseils.filter(pk=formation.conseil_id).exists(),
            "l’organisation n’est pas de ce conseil",
        ),
    )
    for faux, pourquoi in ailleurs:
        if faux:
            raise DecisionRefusee(
                "Cette décision n’est pas enregistrée.",
                f"{pourquoi.capitalize()}.",
                "Choisissez dans les listes de ce conseil.",
            )


def _noter(
    decision: Decision,
    etat: str,
    *,
    auteur=None,
    nom: str = "",
    texte: str = "",
    echeance: date | None = None,
) -> EvenementDecision:
    return EvenementDecision.objects.create(
        decision=decision,
        etat=etat,
        auteur=auteur,
        nom=(nom or str(auteur or ""))[:160],
        texte=texte.strip(),
        echeance=echeance,
    )


@transaction.atomic
def modifier(
    *,
    decision: Decision,
    texte: str,
    responsable: Personne | None,
    organisation: Organisation | None,
    echeance: date | None,
    theme: str = "",
    action: str = "",
    auteur=None,
) -> Decision:
    """Correct what was noted. A new owner or deadline is an event: the first one is not forgotten.

    Raises:
        DecisionRefusee: settled already, or an owner of elsewhere. ValidationError.
    """
    tenue = Decision.objects.select_for_update(of=("self",)).select_related("formation").get(pk=decision.pk)
    _exiger_d_ici(tenue.formation, None, None, responsable, organisation)
    etat = etat_de(tenue)
    if etat not in DECISIONS_OUVERTES:
        raise DecisionRefusee(
            f"La décision {tenue.numero} ne se modifie plus.",
            f"Elle est {EtatDecision(etat).label}.",
            "Rouvrez-la d’abord, en disant ce qui reste à faire.",
        )
    changements = _changements(tenue, responsable, organisation, echeance)
    tenue.texte = texte.strip()
    tenue.responsable, tenue.echeance = responsable, echeance
    tenue.organisation = organisation or _organisation_de(responsable, horloge.aujourdhui())
    tenue.theme, tenue.action = theme, action.strip()
    tenue.full_clean()
    tenue.save()
    if changements:
        _noter(tenue, etat, auteur=auteur, texte=" ".join(changements), echeance=echeance)
    return tenue


def _changements(decision: Decision, responsable, organisation, echeance) -> list[str]:
    dits = []
    if decision.echeance != echeance:
        avant = f"{decision.echeance:%d/%m/%Y}" if decision.echeance else "aucune"
        apres = f"{echeance:%d/%m/%Y}" if echeance else "aucune"
        dits.append(f"Échéance\u202f: {avant}, puis {apres}.")
    if decision.responsable != responsable:
        dits.append(
            f"Responsable\u202f: {decision.responsable or 'personne'}, puis {responsable or 'personne'}."
        )
    return dits


@transaction.atomic
def suivre(
    *,
    decision: Decision,
    etat: str,
    texte: str = "",
    echeance: date | None = None,
    nom: str = "",
    auteur=None,
    lien: LienActe | None = None,
) -> EvenementDecision:
    """Say where it stands: from an account, or by the owner's link (its use is counted).

    Args:
        echeance: the new deadline, when it moves.

    Raises:
        DecisionRefusee: nothing explains what is blocked or given up, or that step does not follow.
    """
    tenue = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    avant = etat_de(tenue)
    if etat not in etats.DECISION[avant]:
        raise DecisionRefusee(
            f"La décision {tenue.numero} reste {EtatDecision(avant).label}.",
            f"De là, elle ne peut pas devenir {EtatDecision(etat).label}.",
            "Si elle a été dite faite par erreur, dites-la d’abord faite en partie.",
        )
    if etat in _A_EXPLIQUER and not texte.strip():
        raise DecisionRefusee(
            f"La décision {tenue.numero} reste {EtatDecision(avant).label}.",
            f"Il manque {_A_EXPLIQUER[EtatDecision(etat)]}.",
            "Écrivez-le en une phrase\u202f: la formation le lira à sa prochaine séance.",
        )
    if lien is not None:
        actes.accomplir(lien, f"{tenue.numero}\u202f: {EtatDecision(etat).label}")
    if echeance is not None and echeance != tenue.echeance:
        tenue.echeance = echeance
        tenue.save(update_fields=["echeance"])
    return _noter(tenue, etat, auteur=auteur, nom=nom, texte=texte, echeance=echeance)


def etat_de(decision: Decision) -> str:
    """The last event, asked anew."""
    return decision.evenements.order_by("-pk").values_list("etat", flat=True)[0]
