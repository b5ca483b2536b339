"""What decisions ask for: of the team, to chase what is late; of each owner, to say where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db.models import Count, Q

from pupitre.conseils.decisions import selectors
from pupitre.conseils.decisions.execution import a_qui
from pupitre.conseils.models import Decision
from pupitre.conseils.policies import porteur
from pupitre.socle import horloge
from pupitre.socle.gestes import Geste
from pupitre.socle.texte import date_longue, pluriel
from pupitre.territoires.models import Conseil

MONTREES = 3
PROCHE = 14


def gestes_equipe(conseil: Conseil) -> list[Geste]:
    jour = horloge.aujourdhui()
    ouvertes = selectors.ouvertes(Decision.objects.filter(conseil=conseil))
    tard = Q(echeance__lt=jour)
    comptes = ouvertes.aggregate(
        tard=Count("pk", filter=tard),
        sans_responsable=Count("pk", filter=Q(responsable=None, organisation=None)),
    )
    montrees = selectors.par_urgence(ouvertes.filter(tard).select_related("responsable", "organisation"))
    return [
        *(_en_retard(conseil, d) for d in (montrees[:MONTREES] if comptes["tard"] else ())),
        *_les_autres(conseil, comptes["tard"] - MONTREES),
        *_a_confier(conseil, comptes["sans_responsable"]),
    ]


def _en_retard(conseil: Conseil, d: Decision) -> Geste:
    return Geste(
        "coche",
        f"Décision {d.numero}\u202f: {_court(d.texte)}",
        f"{a_qui(d)}. Dernière nouvelle\u202f: le {date_longue(d.etat_le)}.",
        f"échue le {date_longue(d.echeance)}",
        "alerte",
        "Demander où cela en est",
        "decision",
        {"conseil": conseil.slug, "decision": str(d.pk)},
        en_retard=True,
        pour=d.echeance,
    )


def _les_autres(conseil: Conseil, nombre: int) -> Iterator[Geste]:
    if nombre > 0:
        yield Geste(
            "coche",
            f"{pluriel(nombre, 'autre décision en retard', 'autres décisions en retard')}",
            "Le tableau d’exécution les range par échéance, et dit qui les porte.",
            "",
            "alerte",
            "Voir le tableau",
            "decisions",
            {"conseil": conseil.slug},
            en_retard=True,
            question="situation=retard",
        )


def _a_confier(conseil: Conseil, sans: int) -> Iterator[Geste]:
    if sans:
        yield Geste(
            "comptes",
            f"{pluriel(sans, 'décision sans responsable', 'décisions sans responsable')}",
            "Personne ne peut dire où elles en sont, ni recevoir de rappel.",
            "",
            "",
            "Désigner",
            "decisions",
            {"conseil": conseil.slug},
            question="situation=sans_responsable",
        )


def gestes_personnels(utilisateur, conseil: Conseil, fiches: Sequence[int]) -> list[Geste]:
    """Those that were given to the person, or to the organisation for which they speak, and are due."""
    if not fiches and not porteur(utilisateur, conseil).organisations:
        return []
    siennes = selectors.confiees_a(utilisateur, conseil)
    jour = horloge.aujourdhui()
    dues = selectors.ouvertes(siennes).filter(echeance__lte=jour + timedelta(days=PROCHE))
    gestes = []
    for d in selectors.par_urgence(dues):
        tard = d.echeance < jour
        gestes.append(
            Geste(
                "coche",
                f"Dire où en est la décision {d.numero}",
                _court(d.texte, 160),
                f"{'échue' if tard else 'pour'} le {date_longue(d.echeance)}",
                "alerte" if tard else "veille",
                "Répondre",
                "decision",
                {"conseil": conseil.slug, "decision": str(d.pk)},
                en_retard=tard,
                pour=d.echeance,
            )
        )
    return gestes


def _court(texte: str, longueur: int = 90) -> str:
    return texte if len(texte) <= longueur else f"{texte[: longueur - 1].rsplit(' ', 1)[0]}…"
