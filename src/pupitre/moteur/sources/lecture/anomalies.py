"""Collecting what is odd in a file, with its place, without flooding the reader."""

from __future__ import annotations

from collections import Counter

from pupitre.moteur.erreurs import Lieu
from pupitre.moteur.observations import Anomalie, Gravite
from pupitre.moteur.sources.fichiers.limites import ANOMALIES_MAX

ORDRE = (Gravite.BLOQUANTE, Gravite.AVERTISSEMENT, Gravite.INFORMATION)


class Journal:
    """Anomalies of one reading, in file order, at most `maximum` of them.

    Beyond the maximum, anomalies are counted by gravity and said in a closing one, whose own gravity
    is the worst of those left out: a blocking anomaly cannot hide behind a thousand warnings.
    """

    def __init__(self, maximum: int = ANOMALIES_MAX) -> None:
        self._maximum = maximum
        self._gardees: list[Anomalie] = []
        self._en_trop: Counter[Gravite] = Counter()

    def noter(
        self,
        code: str,
        gravite: Gravite,
        message: str,
        *,
        feuille: str | None = None,
        ligne: int | None = None,
        colonne: str | None = None,
    ) -> None:
        """Adds one anomaly; `ligne` is 1-based, `colonne` a letter or a header."""
        if len(self._gardees) >= self._maximum:
            self._en_trop[gravite] += 1
            return
        self._gardees.append(Anomalie(code, gravite, message, Lieu(feuille or None, ligne, colonne)))

    def bloquante(self, code: str, message: str, **lieu: str | int | None) -> None:
        self.noter(code, Gravite.BLOQUANTE, message, **lieu)  # type: ignore[arg-type]

    def avertir(self, code: str, message: str, **lieu: str | int | None) -> None:
        self.noter(code, Gravite.AVERTISSEMENT, message, **lieu)  # type: ignore[arg-type]

    def informer(self, code: str, message: str, **lieu: str | int | None) -> None:
        self.noter(code, Gravite.INFORMATION, message, **lieu)  # type: ignore[arg-type]

    @property
    def anomalies(self) -> tuple[Anomalie, ...]:
        total = sum(self._en_trop.values())
        if not total:
            return tuple(self._gardees)
        pire = next(g for g in ORDRE if self._en_trop[g])
        message = (
            f"{total} autres anomalies ne sont pas affichées, "
            f"dont {self._en_trop[Gravite.BLOQUANTE]} bloquantes."
        )
        return (*self._gardees, Anomalie("anomalies_en_trop", pire, message))
