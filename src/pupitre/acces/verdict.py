"""The answer to « may this person do that? », with its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    permis: bool
    raison: str
    a_qui_demander: str = ""

    def __bool__(self) -> bool:
        return self.permis


def permis(raison: str) -> Verdict:
    return Verdict(True, raison)


def refuse(raison: str, a_qui_demander: str = "") -> Verdict:
    return Verdict(False, raison, a_qui_demander)
