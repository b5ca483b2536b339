"""What has come back in seven days: half of the job is that information returns (report, part 2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q

from pupitre.conseils.etats import EtatDecision
from pupitre.conseils.models import Convocation, EvenementDecision, Remarque, Seance
from pupitre.conseils.seances.attentes import nom
from pupitre.conseils.seances.selectors import seances_visibles
from pupitre.observatoire.models import Livraison
from pupitre.socle import horloge
from pupitre.socle.texte import enumeration, pluriel
from pupitre.territoires.models import Conseil

JOURS, MONTREES = 7, 8


@dataclass(frozen=True, slots=True)
class Nouvelle:
    """`qui`: who sent it. `adresse_nom`, `arguments`: where it is read."""

    le: datetime
    qui: str
    quoi: str
    adresse_nom: str
    arguments: dict[str, str]
    ton: str = ""


def pour_l_equipe(utilisateur, conseil: Conseil) -> list[Nouvelle]:
    """The latest first: what others than the team have said, answered or sent."""
    depuis = horloge.debut_du(horloge.aujourdhui() - timedelta(days=JOURS))
    toutes = [
        *_decisions(conseil, depuis),
        *_reponses(utilisateur, conseil, depuis),
        *_remarques(conseil, depuis),
        *_livraisons(conseil, depuis),
    ]
    return sorted(toutes, key=lambda n: n.le, reverse=True)[:MONTREES]


_TONS = {EtatDecision.FAITE: "bien", EtatDecision.BLOQUEE: "alerte", EtatDecision.ABANDONNEE: "veille"}


def _decisions(conseil: Conseil, depuis: datetime) -> list[Nouvelle]:
    """Said by their owners, by link: what the team notes itself is no news to it."""
    dits = EvenementDecision.objects.filter(
        decision__conseil=conseil, le__gte=depuis, auteur__isnull=True
    ).exclude(nom="")
    return [
        Nouvelle(
            e.le,
            e.nom,
            f"décision {e.decision.numero} {e.get_etat_display()}"
            + (f"\u202f: {e.texte}" if e.texte else ""),
            "decision",
            {"conseil": conseil.slug, "decision": str(e.decision_id)},
            _TONS.get(EtatDecision(e.etat), ""),
        )
        for e in dits.select_related("decision").order_by("-le", "-pk")[:MONTREES]
    ]


def _reponses(utilisateur, conseil: Conseil, depuis: datetime) -> list[Nouvelle]:
    """One line a séance."""
    reponse = Convocation.Reponse
    comptes = {
        compte["seance"]: compte
        for compte in Convocation.objects.filter(seance__formation__conseil=conseil, repondu_le__gte=depuis)
        .order_by()
        .values("seance")
        .annotate(
            dernier=Max("repondu_le"),
            presents=Count("pk", filter=Q(reponse__in=(reponse.PRESENT, reponse.SUPPLEE))),
            excuses=Count("pk", filter=Q(reponse=reponse.ABSENT)),
        )
        if compte["presents"] + compte["excuses"]
    }
    seances = seances_visibles(utilisateur, conseil).filter(pk__in=comptes) if comptes else ()
    return [_reponses_a(conseil, s, comptes[s.pk]) for s in seances]


def _reponses_a(conseil: Conseil, seance: Seance, compte: dict[str, Any]) -> Nouvelle:
    presents, excuses = compte["presents"], compte["excuses"]
    mots = [pluriel(presents, "présent ou suppléé", "présents ou suppléés")] if presents else []
    mots += [pluriel(excuses, "excusé")] if excuses else []
    return Nouvelle(
        compte["dernier"],
        pluriel(presents + excuses, "réponse"),
        f"{nom(seance)}\u202f: {enumeration(mots)}",
        "seance-convocations",
        {"conseil": conseil.slug, "seance": str(seance.pk)},
    )


def _remarques(conseil: Conseil, depuis: datetime) -> list[Nouvelle]:
    recues = Remarque.objects.filter(
        compte_rendu__seance__formation__conseil=conseil, cree_le__gte=depuis
    ).select_related("personne", "compte_rendu__seance__formation")
    return [
        Nouvelle(
            r.cree_le,
            str(r.personne),
            f"remarque sur le compte rendu, {nom(r.compte_rendu.seance)}",
            "compte-rendu",
            {"conseil": conseil.slug, "compte_rendu": str(r.compte_rendu_id)},
        )
        for r in recues.order_by("-cree_le")[:MONTREES]
    ]


def _livraisons(conseil: Conseil, depuis: datetime) -> list[Nouvelle]:
    """Files that partners sent by themselves."""
    recues = Livraison.objects.filter(
        source__conseil=conseil, recue_le__gte=depuis, deposee_par__isnull=True
    ).select_related("source__organisation")
    return [
        Nouvelle(
            li.recue_le,
            str(li.source.organisation),
            f"a déposé «\u202f{li.nom}\u202f»",
            "livraison",
            {"conseil": conseil.slug, "livraison": str(li.pk)},
        )
        for li in recues.order_by("-recue_le")[:MONTREES]
    ]
