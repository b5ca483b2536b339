"""The lives of a séance, of minutes, of a decision: declared transitions; the state is the last event."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models


class EtatSeance(models.TextChoices):
    EN_PREPARATION = "preparation", "en préparation"
    CONVOQUEE = "convoquee", "convoquée"
    OUVERTE = "ouverte", "ouverte"
    TENUE = "tenue", "tenue"
    ANNULEE = "annulee", "annulée"


class EtatCompteRendu(models.TextChoices):
    BROUILLON = "brouillon", "brouillon"
    SOUMIS = "soumis", "soumis à la présidence"
    VALIDE = "valide", "validé"
    DIFFUSE = "diffuse", "diffusé, remarques ouvertes"
    VERROUILLE = "verrouille", "verrouillé"
    REMPLACE = "remplace", "remplacé"


class EtatDecision(models.TextChoices):
    A_FAIRE = "a_faire", "à faire"
    EN_PARTIE = "en_partie", "faite en partie"
    BLOQUEE = "bloquee", "bloquée"
    FAITE = "faite", "faite"
    ABANDONNEE = "abandonnee", "abandonnée"


SEANCE: Mapping[str | None, frozenset[str]] = {
    None: frozenset({EtatSeance.EN_PREPARATION}),
    EtatSeance.EN_PREPARATION: frozenset({EtatSeance.CONVOQUEE, EtatSeance.OUVERTE, EtatSeance.ANNULEE}),
    EtatSeance.CONVOQUEE: frozenset({EtatSeance.CONVOQUEE, EtatSeance.OUVERTE, EtatSeance.ANNULEE}),
    EtatSeance.OUVERTE: frozenset({EtatSeance.TENUE}),
    EtatSeance.TENUE: frozenset({EtatSeance.OUVERTE}),
    EtatSeance.ANNULEE: frozenset(),
}
COMPTE_RENDU: Mapping[str | None, frozenset[str]] = {
    None: frozenset({EtatCompteRendu.BROUILLON}),
    EtatCompteRendu.BROUILLON: frozenset({EtatCompteRendu.SOUMIS}),
    EtatCompteRendu.SOUMIS: frozenset({EtatCompteRendu.BROUILLON, EtatCompteRendu.VALIDE}),
    EtatCompteRendu.VALIDE: frozenset({EtatCompteRendu.BROUILLON, EtatCompteRendu.DIFFUSE}),
    EtatCompteRendu.DIFFUSE: frozenset({EtatCompteRendu.VERROUILLE}),
    EtatCompteRendu.VERROUILLE: frozenset({EtatCompteRendu.REMPLACE}),
    EtatCompteRendu.REMPLACE: frozenset(),
}
_SUITES = frozenset(
    {EtatDecision.EN_PARTIE, EtatDecision.BLOQUEE, EtatDecision.FAITE, EtatDecision.ABANDONNEE}
)
DECISION: Mapping[str | None, frozenset[str]] = {
    None: frozenset({EtatDecision.A_FAIRE}),
    EtatDecision.A_FAIRE: _SUITES | {EtatDecision.A_FAIRE},
    EtatDecision.EN_PARTIE: _SUITES,
    EtatDecision.BLOQUEE: _SUITES,
    # a report made by mistake is corrected by another one
    EtatDecision.FAITE: frozenset({EtatDecision.EN_PARTIE}),
    EtatDecision.ABANDONNEE: frozenset({EtatDecision.A_FAIRE}),
}
DECISIONS_OUVERTES = frozenset({EtatDecision.A_FAIRE, EtatDecision.EN_PARTIE, EtatDecision.BLOQUEE})


class TransitionInterdite(RuntimeError):
    """The code asked for a transition that is not declared."""


def verifier(table: Mapping[str | None, frozenset[str]], depuis: str | None, vers: str) -> None:
    if vers not in table[depuis]:
        raise TransitionInterdite(f"{depuis} → {vers}")
