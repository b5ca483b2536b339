"""The life of a delivery: the declared transitions; the current state is the last event."""

from __future__ import annotations

from django.db import models


class Etat(models.TextChoices):
    RECUE = "recue", "reçue"
    LUE = "lue", "lue"
    CONTROLEE = "controlee", "contrôlée"
    PUBLIEE = "publiee", "publiée"
    REJETEE = "rejetee", "rejetée"
    REMPLACEE = "remplacee", "remplacée"


TRANSITIONS: dict[Etat | None, frozenset[Etat]] = {
    None: frozenset({Etat.RECUE}),
    Etat.RECUE: frozenset({Etat.LUE, Etat.REJETEE}),
    Etat.LUE: frozenset({Etat.CONTROLEE, Etat.REJETEE}),
    # read again when the territories kept or the description of the columns change
    Etat.CONTROLEE: frozenset({Etat.LUE, Etat.PUBLIEE, Etat.REJETEE}),
    # published again when another delivery corrects a part of it
    Etat.PUBLIEE: frozenset({Etat.PUBLIEE, Etat.REMPLACEE}),
    Etat.REJETEE: frozenset(),
    Etat.REMPLACEE: frozenset(),
}
VISIBLES = frozenset({Etat.PUBLIEE})
OUVERTES = frozenset({Etat.RECUE, Etat.LUE, Etat.CONTROLEE})


class TransitionInterdite(RuntimeError):
    """The code asked for a transition that is not declared."""


def verifier(depuis: str | None, vers: Etat) -> None:
    if vers not in TRANSITIONS[Etat(depuis) if depuis else None]:
        raise TransitionInterdite(f"{depuis} → {vers}")


class EtatBulletin(models.TextChoices):
    BROUILLON = "brouillon", "brouillon"
    SOUMIS = "soumis", "soumis au visa"
    RENVOYE = "renvoye", "renvoyé avec une remarque"
    VISE = "vise", "visé"
    DIFFUSE = "diffuse", "diffusé"
    RETIRE = "retire", "retiré"


# A draft leaves straight away only where the president has delegated: `policies` says when.
TRANSITIONS_BULLETIN: dict[EtatBulletin | None, frozenset[EtatBulletin]] = {
    None: frozenset({EtatBulletin.BROUILLON}),
    EtatBulletin.BROUILLON: frozenset({EtatBulletin.SOUMIS, EtatBulletin.DIFFUSE}),
    EtatBulletin.SOUMIS: frozenset({EtatBulletin.VISE, EtatBulletin.RENVOYE, EtatBulletin.BROUILLON}),
    EtatBulletin.RENVOYE: frozenset({EtatBulletin.SOUMIS, EtatBulletin.DIFFUSE}),
    # a text touched after the visa must be seen again
    EtatBulletin.VISE: frozenset({EtatBulletin.DIFFUSE, EtatBulletin.BROUILLON}),
    # an error found before its correction is ready: its readers are told, the document stays
    EtatBulletin.DIFFUSE: frozenset({EtatBulletin.RETIRE}),
    EtatBulletin.RETIRE: frozenset(),
}
MODIFIABLES = frozenset(
    {EtatBulletin.BROUILLON, EtatBulletin.RENVOYE, EtatBulletin.VISE, EtatBulletin.SOUMIS}
)


def verifier_bulletin(depuis: str | None, vers: EtatBulletin) -> None:
    if vers not in TRANSITIONS_BULLETIN[EtatBulletin(depuis) if depuis else None]:
        raise TransitionInterdite(f"{depuis} → {vers}")
