"""The demonstration: CISPD « Plaine centrale », the setting of annex 6 of the inspectorates' report.

Secteurs and partners' files are fictitious and say so; the état 4001 2012–2020 and the SSMSI base are real.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pupitre.cli.demonstration.comptes import Compte


def construire(donnees: Path, dire: Callable[[str], None] = lambda _: None) -> list[Compte]:
    """See `construction.construire`: imported late, because it needs Django set up."""
    from pupitre.cli.demonstration.construction import construire as batir

    return batir(donnees, dire)
