"""Several councils read as one, before any control: what a ministry or a département makes of their cubes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date

import pyarrow as pa

from pupitre.moteur.brutes import lire_ensemble
from pupitre.moteur.entrepot import Entrepot, Manifeste
from pupitre.moteur.selection import Selection


def consolider(
    entrepot: Entrepot,
    manifestes: Sequence[Manifeste],
    debut: date,
    fin: date,
    *,
    selection: Selection | None = None,
) -> pa.Table:
    """Counts by month, source, unit, nature and département, each beside the same month of the year before.

    For the engine's own use and notebooks, never for a screen: nothing has passed disclosure control.

    Args:
        manifestes: visible states of the councils, one each.
        debut: first day of the first month wanted; the year before is read too.
        fin: last day of the last one.
        selection: kept to one source and its filters, when given; all sources side by side otherwise.

    Returns:
        mois, source, unite, nature, departement, n, precedent (null when nothing was there), in no order.

    Raises:
        ValueError: the same council twice, or a period that does not begin with a month or ends before it begins.
    """
    conseils = [m.conseil for m in manifestes]
    if len(set(conseils)) != len(conseils):
        raise ValueError("the same council is given twice")
    if debut.day != 1 or fin < debut:
        raise ValueError("the period begins with a month and ends after it begins")
    arguments: tuple[Hashable, ...] = (debut, fin, selection)
    return lire_ensemble(entrepot, manifestes, "consolidation", *arguments)
