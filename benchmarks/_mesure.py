"""Medians in turn, and tables that are read as they are printed (Markdown)."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

RACINE = Path(__file__).resolve().parents[1]


def concurrents() -> None:
    """Make importable what Pupitre is measured beside: kept out of its own environment, which pandas slows down."""
    dossier = os.environ.get("PUPITRE_CONCURRENTS", str(RACINE / ".venv" / "concurrents"))
    if Path(dossier).is_dir() and dossier not in sys.path:
        sys.path.append(dossier)


def alterner(
    fonctions: Mapping[str, Callable[[], object]], tours: int, avant: Callable[[], object] = lambda: None
) -> dict[str, float]:
    """Median duration of each, in seconds: one after the other in each round, so that noise is shared.

    `avant` is done before each, and does not count.
    """
    temps: dict[str, list[float]] = {nom: [] for nom in fonctions}
    for fonction in fonctions.values():
        fonction()
    for _ in range(tours):
        for nom, fonction in fonctions.items():
            avant()
            debut = time.perf_counter()
            fonction()
            temps[nom].append(time.perf_counter() - debut)
    return {nom: statistics.median(t) for nom, t in temps.items()}


def tableau(titres: Sequence[str], lignes: Iterable[Sequence[str]]) -> None:
    """Print a Markdown table, numbers to the right."""
    print(f"| {' | '.join(titres)} |")
    print(f"|{'|'.join('---' if i == 0 else '---:' for i in range(len(titres)))}|")
    for ligne in lignes:
        print(f"| {' | '.join(ligne)} |")
    print(flush=True)


def duree(secondes: float | None) -> str:
    if secondes is None:
        return "–"
    if secondes < 1:
        return f"{secondes * 1000:.1f} ms".replace(".", ",")
    return f"{secondes:.2f} s".replace(".", ",")


def nombre(valeur: float, decimales: int = 1) -> str:
    return f"{valeur:.{decimales}f}".replace(".", ",")


def but(quoi: str, valeur: float, *, au_moins: float | None = None, au_plus: float | None = None) -> None:
    """Print one ratio; with an aim, whether this run meets it."""
    verdict = ""
    if au_moins is not None:
        verdict = f" (but ≥ {nombre(au_moins)} ×) : {'tenu' if valeur >= au_moins else '**non tenu**'}"
    elif au_plus is not None:
        verdict = f" (but ≤ {nombre(au_plus)} ×) : {'tenu' if valeur <= au_plus else '**non tenu**'}"
    print(f"- {quoi} : {nombre(valeur, 2)} ×{verdict}", flush=True)
