"""The records of the councils' work, one file a subject."""

from pupitre.conseils.models.agendas import AbonnementAgenda
from pupitre.conseils.models.decisions import Decision, EvenementDecision
from pupitre.conseils.models.formations import (
    Formation,
    Membre,
    ReglageConseil,
    SignatureCharte,
    TexteConseil,
)
from pupitre.conseils.models.reglages import ModeleDeDocument, ReglageSeances
from pupitre.conseils.models.seances import (
    CompteRendu,
    Convocation,
    DateProposee,
    Disponibilite,
    EvenementCompteRendu,
    EvenementSeance,
    NoteSeance,
    PieceSeance,
    PointOrdreDuJour,
    Preparatif,
    Remarque,
    Seance,
)

__all__ = [
    "AbonnementAgenda",
    "CompteRendu",
    "Convocation",
    "DateProposee",
    "Decision",
    "Disponibilite",
    "EvenementCompteRendu",
    "EvenementDecision",
    "EvenementSeance",
    "Formation",
    "Membre",
    "ModeleDeDocument",
    "NoteSeance",
    "PieceSeance",
    "PointOrdreDuJour",
    "Preparatif",
    "ReglageConseil",
    "ReglageSeances",
    "Remarque",
    "Seance",
    "SignatureCharte",
    "TexteConseil",
]
