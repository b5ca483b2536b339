"""What the screen in the room shows, and what the minutes are drafted from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from pupitre.conseils.decisions.selectors import de_la_seance
from pupitre.conseils.etats import EtatSeance
from pupitre.conseils.models import Convocation, Decision, NoteSeance, PointOrdreDuJour, Seance
from pupitre.conseils.seances import papiers


@dataclass(frozen=True, slots=True)
class PointTenu:
    """`point` is None for what was said outside every item."""

    point: PointOrdreDuJour | None
    notes: tuple[NoteSeance, ...]
    decisions: tuple[Decision, ...]

    @property
    def titre(self) -> str:
        return self.point.titre if self.point else "Hors de l’ordre du jour"


@dataclass(frozen=True, slots=True)
class Recit:
    """`presents` and `excuses` are the people of that day, in the quality that they had."""

    presents: tuple[Convocation, ...]
    excuses: tuple[Convocation, ...]
    points: tuple[PointTenu, ...]
    ouverte_le: datetime | None
    close_le: datetime | None


def appeles(seance: Seance) -> list[Convocation]:
    return list(papiers.convoques(seance))


def recit(seance: Seance) -> Recit:
    """In a fixed number of queries."""
    notes: dict[object, list[NoteSeance]] = defaultdict(list)
    for note in NoteSeance.objects.filter(seance=seance).order_by("cree_le", "pk"):
        notes[note.point_id].append(note)
    decisions: dict[object, list[Decision]] = defaultdict(list)
    for decision in de_la_seance(seance):
        decisions[decision.point_id].append(decision)
    points = [
        PointTenu(p, tuple(notes.pop(p.pk, ())), tuple(decisions.pop(p.pk, ())))
        for p in papiers.points_retenus(seance)
    ]
    hors = PointTenu(
        None,
        tuple(n for liste in notes.values() for n in liste),
        tuple(d for liste in decisions.values() for d in liste),
    )
    tous = appeles(seance)
    passages = list(seance.evenements.order_by("pk").values_list("etat", "le"))
    return Recit(
        presents=tuple(c for c in tous if c.present),
        excuses=tuple(c for c in tous if not c.present),
        points=(*points, hors),
        ouverte_le=next((le for etat, le in passages if etat == EtatSeance.OUVERTE), None),
        close_le=next((le for etat, le in reversed(passages) if etat == EtatSeance.TENUE), None),
    )
