"""When each fact may have happened: its first hour, and how long after it the last possible one lies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pupitre.moteur.observations import Granularite
from pupitre.moteur.sources.description import Role
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.lecture.periodes import lire_heure, lire_jour
from pupitre.moteur.sources.lecture.textes import nettoyer
from pupitre.moteur.sources.tableaux.tableau import Lus, Tableau, lire_valeurs

Jour = tuple[date, int | None, Granularite]
Entiers = npt.NDArray[np.int64]
# A year: beyond, the two dates are not those of one fact.
HEURES_MAX = 366 * 24


def lire_heures(tableau: Tableau, role: Role, journal: Journal) -> pa.Array | None:
    """int8, 0 to 23, shape (rows,); None without such a column. What is unreadable is null, and said."""

    def signaler(texte: str, ligne: int, fois: int) -> None:
        journal.avertir(
            "heure_illisible",
            f"«\u202f{nettoyer(texte)[:40]}\u202f» n’est pas une heure\u202f: elle reste inconnue ({fois} lignes).",
            **tableau.feuille.lieu(ligne, tableau.roles[role]),
        )

    lus = lire_valeurs(tableau, role, lire_heure, signaler)
    return prendre_valeurs(lus.rangs, lus.valeurs, pa.int8()) if lus is not None else None


def lire_durees(
    tableau: Tableau, format_date: str, jours: Lus, heures: pa.Array | None, journal: Journal
) -> pa.Array | None:
    """int16, hours, shape (rows,); null where the fact has one moment. None without a column of ends.

    An end without an hour is the end of its day; an hour of end without a date is the first one after the start.
    """
    finale = _lire_jours_de_fin(tableau, format_date, journal)
    jours_vus: list[Jour] = list(jours.valeurs)  # type: ignore[arg-type]
    fins_vues: list[tuple[date, int | None]] = list(finale.valeurs) if finale is not None else []  # type: ignore[arg-type]
    derniere = lire_heures(tableau, Role.HEURE_FIN, journal)
    if finale is None and derniere is None:
        return None
    debut = _ordinaux(jours.rangs, [j[0] for j in jours_vus])
    premiere = _entiers(heures, len(debut))
    fin = _ordinaux(finale.rangs, [v[0] for v in fins_vues]) if finale is not None else debut
    if derniere is None and finale is not None:
        derniere = prendre_valeurs(finale.rangs, [v[1] for v in fins_vues], pa.int8())
    heure_fin = _entiers(derniere, len(debut))
    connue = (debut > 0) & (fin > 0)
    if finale is None:
        connue &= (heure_fin >= 0) & (premiere >= 0)
        fin = fin + (heure_fin < premiere)
    duree = (fin - debut) * 24 + np.where(heure_fin >= 0, heure_fin, 24) - np.maximum(premiere, 0)
    # A whole day and no hour at all is what a fact without an end already says.
    connue &= (heure_fin >= 0) | (premiere >= 0) | (fin != debut)
    faux = connue & ((duree < 0) | (duree > HEURES_MAX))
    for place in np.flatnonzero(faux).tolist():
        journal.avertir(
            "fin_impossible",
            "La fin est avant le début, ou plus d’un an après\u202f: seul le début est gardé.",
            **tableau.feuille.lieu(
                int(tableau.lignes[place]),
                tableau.roles[Role.DATE_FIN if finale is not None else Role.HEURE_FIN],
            ),
        )
    connue &= ~faux & (duree > 0)
    return pa.array(np.where(connue, duree, 0), pa.int16(), mask=~connue)


def _lire_jours_de_fin(tableau: Tableau, format_date: str, journal: Journal) -> Lus | None:
    def lire_un(texte: str) -> tuple[date, int | None] | None:
        instant = lire_jour(texte, format_date)
        return (instant.jour, instant.heure) if instant is not None else None

    def signaler(texte: str, ligne: int, fois: int) -> None:
        journal.avertir(
            "fin_illisible",
            f"«\u202f{nettoyer(texte)[:40]}\u202f» n’est pas une date\u202f: la fin reste inconnue ({fois} lignes).",
            **tableau.feuille.lieu(ligne, tableau.roles[Role.DATE_FIN]),
        )

    return lire_valeurs(tableau, Role.DATE_FIN, lire_un, signaler)


def prendre_valeurs(rangs: npt.NDArray[Any], valeurs: Sequence[Any], genre: pa.DataType) -> pa.Array:
    """The value of each row; null where the rank is negative."""
    if len(rangs) and rangs.min() < 0:
        rangs = np.where(rangs >= 0, rangs, len(valeurs))
    return pa.array([*valeurs, None], genre).take(pa.array(rangs))


def _ordinaux(rangs: npt.NDArray[Any], jours: Sequence[date]) -> Entiers:
    """Day numbers, 0 where unknown."""
    table = np.array([*(j.toordinal() for j in jours), 0], dtype=np.int64)
    choisis: Entiers = table[np.where(rangs >= 0, rangs, len(jours))]
    return choisis


def _entiers(valeurs: pa.Array | None, n: int) -> Entiers:
    """-1 where unknown."""
    if valeurs is None:
        return np.full(n, -1, dtype=np.int64)
    return np.asarray(valeurs.fill_null(-1), dtype=np.int64)
