"""Partial corrections: what a later delivery supersedes is left out when files are compacted, never edited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pupitre.moteur.entrepot.manifeste import Scelle

FAITS = ":faits"
_DATES = "granularite IN ('jour', 'semaine')"
# Kind of withdrawal → which rows it speaks about, and the first day of their period. Facts are withdrawn by whole
# months or weeks wherever they are; counts by their own period and place.
_FAMILLES: dict[str, tuple[str, str, str]] = {
    f"mois{FAITS}": (_DATES, "date_trunc('month', debut)::DATE", "''"),
    f"semaine{FAITS}": (_DATES, "date_trunc('week', debut)::DATE", "''"),
    "": (f"NOT {_DATES}", "debut", "coalesce(commune, territoire, '')"),
}


def sans_les_retraits(scelles: Sequence[Scelle]) -> str:
    """SQL condition (" AND …") that leaves out what the deliveries of `scelles` no longer show; "" when nothing."""
    par_famille: dict[str, list[str]] = {}
    for scelle in scelles:
        for genre, debut, lieu in scelle.retraits:
            famille = genre if genre in _FAMILLES else ""
            valeurs = (scelle.livraison, "" if famille else genre, lieu)
            textes = ", ".join(_texte(v) for v in valeurs)
            par_famille.setdefault(famille, []).append(
                f"({textes}, DATE {_texte(date.fromisoformat(debut).isoformat())})"
            )
    return "".join(_condition(famille, lignes) for famille, lignes in sorted(par_famille.items()))


def _condition(famille: str, lignes: Sequence[str]) -> str:
    portee, jour, lieu = _FAMILLES[famille]
    genre = "''" if famille else "granularite"
    return (
        f" AND NOT ({portee} AND EXISTS (SELECT 1 FROM (VALUES {', '.join(lignes)}) r(l, g, p, d) "  # noqa: S608
        f"WHERE r.l = livraison AND r.g = {genre} AND r.p = {lieu} AND r.d = {jour}))"
    )


def _texte(valeur: str) -> str:
    return "'" + valeur.replace("'", "''") + "'"
