"""Second part of the study: facts of note, complaints, minutes, interviews with relays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pupitre.documents.ecrits import ACompleter, Bloc, Grille, Liste, Paragraphe, Titre
from pupitre.socle.texte import typographier


@dataclass(frozen=True, slots=True)
class Citation:
    """What somebody said or wrote, without any person's name. `origine`: who speaks, when, where."""

    texte: str
    origine: str


@dataclass(frozen=True, slots=True)
class Paroles:
    """What was chosen for the study. `doleances`: secteur, nature, number; one row each."""

    faits_marquants: tuple[str, ...] = ()
    doleances: tuple[tuple[str, str, str], ...] = ()
    doleances_source: str = ""
    extraits: tuple[Citation, ...] = ()
    entretiens: tuple[Citation, ...] = ()
    courriers: tuple[Citation, ...] = ()


def ecrire(dites: Paroles) -> list[Bloc]:
    blocs: list[Bloc] = [Titre(2, "Les faits marquants du semestre")]
    if dites.faits_marquants:
        blocs.append(Liste(dites.faits_marquants))
    else:
        blocs.append(Paragraphe("Aucun fait marquant n’a été retenu pour ce semestre."))
    blocs.append(Titre(2, "Les doléances des habitants"))
    if dites.doleances:
        blocs.append(
            Grille(
                "Doléances reçues, par secteur et par nature",
                ("Secteur", "Nature", "Doléances"),
                dites.doleances,
                (2, 3, 1),
                (2,),
                dites.doleances_source,
            )
        )
    else:
        blocs.append(Paragraphe("Aucune doléance n’a été versée pour ce semestre."))
    for titre, citations, vide in (
        ("Courriers et plaintes cités", dites.courriers, ""),
        ("Extraits de comptes rendus", dites.extraits, "Aucun extrait n’a été choisi."),
        ("Entretiens avec les relais locaux", dites.entretiens, "Aucun entretien n’a été saisi."),
    ):
        if citations or vide:
            blocs += [Titre(2, titre), *_citations(citations, vide)]
    blocs.append(
        ACompleter("Ce que ces paroles apprennent que les chiffres ne disent pas, et ce qui les contredit.")
    )
    return blocs


def _citations(citations: Sequence[Citation], vide: str) -> list[Bloc]:
    if not citations:
        return [Paragraphe(vide)]
    return [Liste(tuple(f"«\u202f{typographier(c.texte)}\u202f» **{c.origine}**" for c in citations))]
