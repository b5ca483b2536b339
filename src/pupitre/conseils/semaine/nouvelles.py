"""What has come back in seven days: half of the job is that information returns (report, part 2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from pupitre.conseils.etats import EtatDecision
from pupitre.conseils.models import Convocation, EvenementDecision, Remarque
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
        for e in dits.select_related("decision").order_by("-pk")[:MONTREES]
    ]


def _reponses(utilisateur, conseil: Conseil, depuis: datetime) -> list[Nouvelle]:
    """One line a séance."""
    reponse = Convocation.Reponse
    repondues = Q(convocations__repondu_le__gte=depuis)
    seances = (
        seances_visibles(utilisateur, conseil)
        .filter(repondues)
        .annotate(
            dernier=Max("convocations__repondu_le", filter=repondues),
            presents=Count(
                "convocations",
                filter=repondues & Q(convocations__reponse__in=(reponse.PRESENT, reponse.SUPPLEE)),
                distinct=True,
            ),
            excuses=Count(
                "convocations", filter=repondues & Q(convocations__reponse=reponse.ABSENT), distinct=True
            ),
        )
    )
    return [
        Nouvelle(
            s.dernier,
            pluriel(s.presents + s.excuses, "réponse"),
            f"{nom(s)}\u202f: "
            + enumeration(
                [
                    m
                    for m in (
                        pluriel(s.presents, "présent ou suppléé", "présents ou suppléés")
                        if s.presents
                        else "",
                        pluriel(s.excuses, "excusé") if s.excuses else "",
                    )
                    if m
                ]
            ),
            "seance-convocations",
            {"conseil": conseil.slug, "seance": str(s.pk)},
        )
        for s in seances
        if s.presents + s.excuses
    ]


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
