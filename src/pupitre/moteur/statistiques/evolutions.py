"""Variations that say whether they are more than chance, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pupitre.moteur.statistiques.comptages import benjamini_yekutieli, binomial_conditionnel, e_test

ALPHA = 0.05
# Under 20 facts, one fact more or less moves the percentage by over 5 points: it would be read as news.
BASE_MINIMALE = 20
# With fewer than 4 facts in all, no difference can be significant at 5 % ((0, 3) gives p = 0.088, (0, 4) 0.041):
# the honest wording is « trop peu de faits ».
TOTAL_MINIMAL = 4
Sens = Literal["hausse", "baisse", "stable", "trop_peu"]

FINE = "\u202f"
INSECABLE = "\u00a0"


@dataclass(frozen=True, slots=True)
class Evolution:
    """A count against an earlier one.

    Attributes:
        ecart: actuel - precedent, in facts.
        pourcentage: variation of the rate in %, None when the earlier count is under `BASE_MINIMALE`.
        p: two-sided; adjusted when `comparaisons` > 1.
        significatif: p ≤ 0.05 (after adjustment).
        sens: "hausse" or "baisse" only when significant; "trop_peu" when there are too few facts to tell.
        exposition: lengths or populations behind the two counts.
    """

    actuel: int
    precedent: int
    ecart: int
    pourcentage: float | None
    p: float
    significatif: bool
    methode: str
    sens: Sens
    exposition: tuple[float, float] = (1.0, 1.0)
    comparaisons: int = 1


def evolution(
    actuel: int,
    precedent: int,
    exposition: tuple[float, float] = (1.0, 1.0),
    *,
    alpha: float = ALPHA,
    base_minimale: int = BASE_MINIMALE,
) -> Evolution:
    """Compare two counts: E-test when exposures are equal, conditional exact binomial otherwise.

    46 then 41 gives p = 0.597: no significant variation. Raises ValueError on a negative or decimal count.
    """
    e_actuel, e_precedent = float(exposition[0]), float(exposition[1])
    if e_actuel == e_precedent and e_actuel > 0:
        test = e_test(actuel, precedent)
    else:
        test = binomial_conditionnel(actuel, precedent, e_actuel, e_precedent)
    assert test.p is not None
    pourcentage = None
    if precedent >= max(base_minimale, 1):
        pourcentage = 100 * ((actuel / e_actuel) / (precedent / e_precedent) - 1)
    expositions = (e_actuel, e_precedent)
    significatif, sens = _juger(actuel, precedent, expositions, test.p, alpha)
    return Evolution(
        actuel=int(actuel),
        precedent=int(precedent),
        ecart=int(actuel) - int(precedent),
        pourcentage=pourcentage,
        p=test.p,
        significatif=significatif,
        methode=test.methode,
        sens=sens,
        exposition=expositions,
    )


def evolutions(
    couples: Sequence[tuple[int, int]],
    exposition: tuple[float, float] = (1.0, 1.0),
    *,
    alpha: float = ALPHA,
    base_minimale: int = BASE_MINIMALE,
) -> tuple[Evolution, ...]:
    """Many comparisons shown together: none is called significant before Benjamini–Yekutieli's correction."""
    brutes = [evolution(a, b, exposition, alpha=alpha, base_minimale=base_minimale) for a, b in couples]
    ajustees = benjamini_yekutieli([e.p for e in brutes])
    return tuple(_parmi(e, len(brutes), p, alpha) for e, p in zip(brutes, ajustees, strict=True))


def evolution_parmi(
    actuel: int,
    precedent: int,
    comparaisons: int,
    *,
    alpha: float = ALPHA,
    base_minimale: int = BASE_MINIMALE,
) -> Evolution:
    """One comparison among `comparaisons` made together, the others being unknown here: p is multiplied as
    Benjamini and Yekutieli multiply the smallest of them, which is never less severe than their correction.

    Raises ValueError without at least one comparison, or on a negative count.
    """
    if comparaisons < 1:
        raise ValueError("at least one comparison")
    brute = evolution(actuel, precedent, alpha=alpha, base_minimale=base_minimale)
    if comparaisons == 1:
        return brute
    facteur = comparaisons * sum(1 / i for i in range(1, comparaisons + 1))
    return _parmi(brute, comparaisons, min(1.0, brute.p * facteur), alpha)


def _parmi(e: Evolution, comparaisons: int, p: float, alpha: float) -> Evolution:
    """The same comparison with its adjusted p."""
    significatif, sens = _juger(e.actuel, e.precedent, e.exposition, p, alpha)
    suffixe = ", corrigé selon Benjamini et Yekutieli" if comparaisons > 1 else ""
    return replace(
        e,
        p=p,
        significatif=significatif,
        methode=e.methode + suffixe,
        sens=sens,
        comparaisons=comparaisons,
    )


def _juger(
    actuel: int, precedent: int, exposition: tuple[float, float], p: float, alpha: float
) -> tuple[bool, Sens]:
    if p <= alpha:
        # Unequal exposures: the direction is the rate's, not the count's.
        return True, "hausse" if actuel * exposition[1] > precedent * exposition[0] else "baisse"
    return False, "trop_peu" if actuel + precedent < TOTAL_MINIMAL else "stable"


def nombre(valeur: float, decimales: int = 0) -> str:
    """French writing: thin no-break space every three digits, decimal comma, true minus sign."""
    texte = f"{abs(valeur):,.{decimales}f}".replace(",", FINE).replace(".", ",")
    negatif = valeur < 0 and texte.strip("0,") != ""
    return f"−{texte}" if negatif else texte


def phrase(
    e: Evolution,
    singulier: str = "fait",
    pluriel: str = "faits",
    reference: str = "",
) -> str:
    """One French sentence for a reader who knows no statistics.

    Args:
        singulier, pluriel: the unit of count.
        reference: wording of the earlier period (« en octobre 2025 »), placed after its count.
    """

    def compte(n: int) -> str:
        return f"{nombre(n)}{INSECABLE}{singulier if n < 2 else pluriel}"

    face = f"{compte(e.actuel)} contre {nombre(e.precedent)}{' ' + reference if reference else ''}"
    inegales = e.exposition[0] != e.exposition[1]
    fin = ", compte tenu de durées ou de populations différentes." if inegales else "."
    if e.sens == "trop_peu":
        if e.actuel == e.precedent == 0:
            return f"Aucun {singulier} sur les deux périodes{fin}"
        return f"Trop peu de {pluriel} pour parler d’évolution{FINE}: {face}{fin}"
    if e.sens == "stable":
        return f"Pas d’évolution significative{FINE}: {face}{fin}"
    mot = "Hausse" if e.sens == "hausse" else "Baisse"
    if e.pourcentage is None:
        return f"{mot} significative{FINE}: {face}{fin}"
    signe = "+" if e.pourcentage > 0 else ""
    decimales = 0 if round(abs(e.pourcentage), 1) >= 10 else 1
    ampleur = f"{signe}{nombre(e.pourcentage, decimales)}{FINE}%"
    return f"{mot} significative{FINE}: {face} ({ampleur}){fin}"
