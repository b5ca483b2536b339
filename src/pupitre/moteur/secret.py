"""Disclosure control: the single exit of every figure.

Everything that leaves is a function of the published cells of one reference table, computed on the whole
perimeter and never on what a reader filtered (see `motif`). A filtered total is shown when it is itself a
published cell, or when all the cells that it adds are; so that no filter, page or export gives by difference what
another withholds. The internal audience sees everything.

Companions, zero cells and the attacker are described in `protection`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from pupitre.moteur.motif import OUVERTE, Reference, Refus, Regles, referencer
from pupitre.moteur.resultats import Absent, Audience, Colonne, Contexte, MotifAbsence, Resultat, Valeur
from pupitre.moteur.selection import Selection

RAISON = "Secret statistique\u202f: effectif trop faible, ou qui permettrait d’en déduire un autre."
RAISON_RYTHME = "Hors de l’équipe de l’observatoire, les secteurs se lisent par semestre entier."
_JOURS = (date, type(None))
_AXES = ("nature", "territoire", "commune", "secteur")
_REFUS = {
    Refus.SECRET: Absent(MotifAbsence.SECRET, RAISON),
    Refus.RYTHME: Absent(MotifAbsence.SECRET, RAISON_RYTHME),
}
_ABSENTS = {
    motif: Absent(motif, raison)
    for motif, raison in {
        MotifAbsence.NON_LIVRE: "La source n’a pas livré de valeur pour toute cette période.",
        MotifAbsence.NON_DIFFUSE: "Le producteur ne diffuse pas cette valeur.",
        MotifAbsence.NON_CALCULABLE: "Le calcul n’est pas possible\u202f: une de ses données manque.",
    }.items()
}
_RETENUS = {
    MotifAbsence.SECRET: "par le secret statistique (effectifs trop faibles, ou qui permettraient de les déduire)",
    MotifAbsence.NON_DIFFUSE: "parce que le producteur ne les diffuse pas",
    MotifAbsence.NON_LIVRE: "parce que la source n’a pas livré toute la période",
}
_RETENUS_RYTHME = "parce que les secteurs se lisent par semestre entier hors de l’équipe de l’observatoire"


@dataclass(frozen=True, slots=True)
class Derivee:
    """A column computed on what has passed the control, hence never on a withheld value.

    `calcul` receives the rows (dicts in which `Absent` stands for a missing number) and returns one value per
    row, of these rows alone: the thread that has read them may be another than the page's. Where one of `depend` is
    absent in a row, the value is replaced by the same absence.
    """

    cle: str
    depend: tuple[str, ...]
    calcul: Callable[[Sequence[Mapping[str, Valeur]]], Sequence[Valeur]]


@dataclass(frozen=True, slots=True)
class Comptes:
    """Which columns are counts, and over which period each; rows with debut and fin have their own period."""

    periodes: Mapping[str, tuple[date | None, date | None]] = field(default_factory=dict)
    classer_par: str | None = None


def sortir(
    table: pa.Table | Sequence[Mapping[str, Valeur]],
    *,
    contexte: Contexte,
    colonnes: Sequence[Colonne],
    audience: Audience,
    selection: Selection,
    comptes: Comptes,
    reference: Reference | None = None,
    derivees: Sequence[Derivee] = (),
) -> Resultat:
    """Apply disclosure control to a measure's rows and make the `Resultat`.

    Args:
        table: rows; each count column `c` may come with `c_absence` (see `mesures`). Any column that is
            neither a count, an axis, a period nor in `derivees` is taken to depend on every count of its row.
        colonnes: what leaves, in order; keys in `table` or in `derivees`.
        selection: the filters that were applied.
        comptes: the count columns; with `classer_par`, rows are ordered by that count after the control:
            the order of withheld rows must not tell their size.
        reference: pattern of the perimeter; required but for the internal audience.

    Raises:
        ValueError: no reference, points for another audience than the internal one, or an unknown column.
    """
    if audience is Audience.INTERNE:
        reference = OUVERTE
    elif reference is None:
        raise ValueError("a reference is required outside the internal audience")
    brutes: Sequence[Mapping[str, Valeur]] = table.to_pylist() if isinstance(table, pa.Table) else table
    noms = set(table.column_names) if isinstance(table, pa.Table) else {c for li in brutes for c in li}
    if audience is not Audience.INTERNE and {"lon", "lat", "livraison"} & noms:
        raise ValueError("single facts and points never leave the internal audience")
    inconnus = [c.cle for c in colonnes if c.cle not in noms | {d.cle for d in derivees}]
    if inconnus and (brutes or isinstance(table, pa.Table)):
        raise ValueError(f"unknown columns: {', '.join(inconnus)}")
    cles = noms & {*_AXES, "debut", "fin"}
    autres = [n for n in noms - cles - comptes.periodes.keys() if not n.endswith("_absence")]
    fixes, axes = _mentions(selection, cles), [a for a in _AXES if a in cles]
    lignes = [
        _controler(
            ligne, cles, autres, {**fixes, **_dans(ligne, axes)} if axes else fixes, comptes, reference
        )
        for ligne in brutes
    ]
    if comptes.classer_par:
        compte, ordre = comptes.classer_par, sorted(cles)
        lignes.sort(key=lambda li: _ordre(li[compte], [str(li[c] or "") for c in ordre]))
    for derivee in derivees:
        valeurs = derivee.calcul(lignes)
        for ligne, valeur in zip(lignes, valeurs, strict=True):
            absente = next((a for c in derivee.depend if isinstance(a := ligne[c], Absent)), None)
            ligne[derivee.cle] = absente if absente is not None else valeur
    demandees = [c.cle for c in colonnes]
    sorties = tuple([tuple([ligne[c] for c in demandees]) for ligne in lignes])
    return Resultat(contexte, tuple(colonnes), sorties, audience, _retenus(sorties))


def _controler(
    brute: Mapping[str, Valeur],
    cles: set[str],
    autres: Sequence[str],
    mentions: Mapping[str, frozenset[str | None]],
    comptes: Comptes,
    reference: Reference,
) -> dict[str, Valeur]:
    ligne: dict[str, Valeur] = {c: brute[c] for c in cles}
    premier: Absent | None = None
    for nom, (debut, fin) in comptes.periodes.items():
        d, f = brute.get("debut", debut), brute.get("fin", fin)
        if not isinstance(d, _JOURS) or not isinstance(f, _JOURS):
            raise TypeError("debut and fin must be dates")
        # First of all: « not delivered », said of a withheld cell, would tell that no row was there.
        if (refus := reference.refus(mentions, d, f)) is not None:
            absent = _REFUS[refus]
        elif (absence := brute.get(f"{nom}_absence")) is not None:
            absent = _ABSENTS[MotifAbsence(str(absence))]
        elif (valeur := brute[nom]) is None:
            absent = _ABSENTS[MotifAbsence.NON_CALCULABLE]
        else:
            ligne[nom] = valeur
            continue
        ligne[nom] = absent
        premier = premier or absent
    for nom in autres:
        if premier is not None:
            ligne[nom] = premier
        elif (valeur := brute[nom]) is None:
            ligne[nom] = _ABSENTS[MotifAbsence.NON_CALCULABLE]
        else:
            ligne[nom] = valeur
    return ligne


def _mentions(selection: Selection, cles: set[str]) -> dict[str, frozenset[str | None]]:
    """What the selection says of the axes that the rows do not name themselves."""
    return {a: frozenset(choix) for a in _AXES if a not in cles and (choix := getattr(selection, f"{a}s"))}


def _dans(brute: Mapping[str, Valeur], axes: Iterable[str]) -> dict[str, frozenset[str | None]]:
    return {a: frozenset((None if (valeur := brute[a]) is None else str(valeur),)) for a in axes}


def _ordre(valeur: Valeur, cles: list[str]) -> tuple[int, float, list[str]]:
    if isinstance(valeur, int | float):
        return (0, -valeur, cles)
    return (1, 0.0, cles)


def _retenus(lignes: Iterable[Sequence[Valeur]]) -> tuple[str, ...]:
    nombres: dict[str, int] = defaultdict(int)
    for ligne in lignes:
        for valeur in ligne:
            if isinstance(valeur, Absent):
                rythme = valeur.raison == RAISON_RYTHME
                nombres[_RETENUS_RYTHME if rythme else _RETENUS.get(valeur.motif, "")] += 1
    return tuple(
        f"{n} valeur{'s' if n > 1 else ''} retenue{'s' if n > 1 else ''} {texte}."
        for texte in (*_RETENUS.values(), _RETENUS_RYTHME)
        if (n := nombres.get(texte, 0))
    )


__all__ = [
    "OUVERTE",
    "RAISON",
    "RAISON_RYTHME",
    "Comptes",
    "Derivee",
    "Reference",
    "Refus",
    "Regles",
    "referencer",
    "sortir",
]
