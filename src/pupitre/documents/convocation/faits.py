"""What the papers of a séance say. Frozen: the same facts give the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PointImprime:
    """`horaire`: when it begins (« 14 h 10 »), empty while the séance has no hour."""

    titre: str
    rapporteur: str = ""
    minutes: int = 0
    horaire: str = ""
    presentation: str = ""
    pieces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeanceImprimee:
    """`jour`: the day on which the paper is written, not that of the séance."""

    emetteur: str
    formation: str
    objet: str
    quand: str
    lieu: str
    duree: str
    points: tuple[PointImprime, ...]
    jour: date
    signataire: str = ""
    qualite: str = ""
    fictif: bool = False

    @property
    def titre(self) -> str:
        return self.objet or self.formation


@dataclass(frozen=True, slots=True)
class ConvocationImprimee:
    """One letter. `destinataire`: the lines of the envelope; `repondre`: how to answer, in words."""

    seance: SeanceImprimee
    destinataire: tuple[str, ...]
    appel: str
    au_titre_de: str = ""
    repondre: str = ""


@dataclass(frozen=True, slots=True)
class LigneEmargement:
    nom: str
    qualite: str
    reponse: str = ""


@dataclass(frozen=True, slots=True)
class Emargement:
    seance: SeanceImprimee
    lignes: tuple[LigneEmargement, ...]
