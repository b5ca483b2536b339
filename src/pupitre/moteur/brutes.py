"""Rows of measures before any control: for the façade (`calcul`), the engine itself and notebooks, never a screen."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa

from pupitre.moteur.entrepot import Entrepot, Manifeste
from pupitre.moteur.memoire import Memoire
from pupitre.moteur.mesures import assemblage, ecriture
from pupitre.moteur.moteurs.protocole import Moteur, T
from pupitre.moteur.observations import Granularite
from pupitre.moteur.selection import Selection

Lignes = Sequence[Mapping[str, Any]]
Question = tuple[Any, ...]
_Planifiee = tuple[Question, assemblage.Plan | None]
# Rows before the control, which is run for each reader: of a few years of a few figures, some thirty thousand in all.
LUES: Memoire[Lignes] = Memoire(30_000, peser=lambda lignes: len(lignes) + 1)
_EVENEMENT = (
    "debut",
    "fin",
    "heure",
    "duree_h",
    "lon",
    "lat",
    "precision_lieu",
    "commune",
    "secteur",
    "nature",
)
# Two rows equal by all of these are the same to a reader.
_ORDRE_EVENEMENTS = tuple(dict.fromkeys(("debut", "nature", "lon", "lat", *_EVENEMENT)))


def lire(entrepot: Entrepot, manifeste: Manifeste, mesure: str, *arguments: Hashable) -> pa.Table:
    """Rows of a measure in the order and types of its expression."""
    source = entrepot.source_cube(manifeste, par_commune=_par_commune(mesure, arguments))
    return _sur(entrepot.moteur, source, mesure, arguments)


def lire_ensemble(
    entrepot: Entrepot, manifestes: Sequence[Manifeste], mesure: str, *arguments: Hashable
) -> pa.Table:
    """Rows of a measure over the cubes of several councils, before any control, as `lire`."""
    vue = entrepot.vue_cubes(manifestes, par_commune=_par_commune(mesure, arguments))
    return _sur(entrepot.moteur_large, vue, mesure, arguments)


def evenements(entrepot: Entrepot, manifeste: Manifeste, selection: Selection) -> pa.Table:
    """Dated facts one by one: debut, fin, heure, lon, lat, precision_lieu, commune, secteur, nature.

    For the team and the engine only: points never leave to another audience (methods, disclosure control). The
    caller is the one that has asked who reads.

    Raises:
        ValueError: the selection has no period, so that every yearly file would be opened.
    """
    if selection.debut is None or selection.fin is None:
        raise ValueError("events are read over a period")
    o = entrepot.observations(manifeste, selection.debut, selection.fin)
    lus = o.filter(
        o.source == selection.source,
        o.granularite == str(Granularite.JOUR),
        o.debut >= selection.debut,
        o.debut <= selection.fin,
        o.n == 1,
    )
    for colonne, valeurs in (
        ("nature", selection.natures),
        ("commune", selection.communes),
        ("secteur", selection.secteurs),
    ):
        if valeurs:
            lus = lus.filter(lus[colonne].isin(valeurs))
    return lus.select(*_EVENEMENT).order_by(*_ORDRE_EVENEMENTS).to_pyarrow()


def ensemble(
    entrepot: Entrepot,
    manifeste: Manifeste,
    questions: Sequence[Question],
    rendre: Callable[[int, Lignes], T],
) -> list[T]:
    """What `rendre` makes of the rank of each question (measure, selection, arguments) and of its rows: those of this
    state that were read before, and the others, at once. What is made of some rows does not wait for the others: it is
    made in the thread that has read them."""
    lu = etat(entrepot, manifeste)
    rangs: dict[Question, list[int]] = {}
    for i, question in enumerate(questions):
        rangs.setdefault(question, []).append(i)
    connues = {q: lignes for q in rangs if (lignes := LUES.lire((lu, q))) is not None}

    def lire_et_rendre(siennes: Sequence[_Planifiee]) -> list[tuple[int, T]]:
        rendus: list[tuple[int, T]] = []
        for (question, _), lues in zip(siennes, _relire(entrepot, manifeste, siennes), strict=True):
            lignes = LUES.garder((lu, question), lues)
            rendus += [(i, rendre(i, lignes)) for i in rangs[question]]
        return rendus

    lectures = [partial(lire_et_rendre, g) for g in _grouper([q for q in rangs if q not in connues])]
    lots = entrepot.moteur.ensemble(lectures)
    rendues = {i: rendu for lot in lots for i, rendu in lot}
    rendues |= {i: rendre(i, lignes) for question, lignes in connues.items() for i in rangs[question]}
    return [rendues[i] for i in range(len(questions))]


def etat(entrepot: Entrepot, manifeste: Manifeste) -> tuple[str, str, str]:
    """What rows read of a store depend on beside the question: equal states give equal rows."""
    return str(entrepot.racine), manifeste.empreinte, entrepot.moteur.dialecte


def _grouper(questions: Sequence[Question]) -> list[list[_Planifiee]]:
    """Questions that one query answers."""
    groupes: dict[Hashable, list[_Planifiee]] = {}
    for question in questions:
        mesure, *arguments = question
        plan = assemblage.plan(mesure, *arguments)
        groupes.setdefault((plan and plan.compagnie) or len(groupes), []).append((question, plan))
    return list(groupes.values())


def _relire(entrepot: Entrepot, manifeste: Manifeste, groupe: Sequence[_Planifiee]) -> list[Lignes]:
    """Rows of each question of one group."""
    if plans := [plan for _, plan in groupe if plan]:
        return _assembler(entrepot, manifeste, plans)
    (((mesure, *arguments), _),) = groupe
    return [_lire(entrepot, manifeste, mesure, tuple(arguments))]


def _assembler(entrepot: Entrepot, manifeste: Manifeste, plans: Sequence[assemblage.Plan]) -> list[Lignes]:
    """Rows of plans that one query answers."""
    if len(plans) == 1:
        (plan,) = plans
        return [plan.assembler(_lire(entrepot, manifeste, plan.mesure, plan.arguments))]
    selections = tuple(plan.selection for plan in plans)
    cases = assemblage.reunir(plans)
    if len(cases) > assemblage.PERIODES_ENSEMBLE:
        moitie = len(plans) // 2
        return [li for p in (plans[:moitie], plans[moitie:]) for li in _assembler(entrepot, manifeste, p)]
    lignes = _lire(entrepot, manifeste, "sommes_ensemble", (selections, plans[0].par, cases))
    sommes = assemblage.Sommes(lignes, cases)
    return [plan.assembler(sommes.de(plan.selection, plan.cases)) for plan in plans]


def _lire(entrepot: Entrepot, manifeste: Manifeste, mesure: str, arguments: tuple[Hashable, ...]) -> Lignes:
    texte, _ = ecriture.ecrire(mesure, arguments, entrepot.moteur.dialecte)
    source = entrepot.source_cube(manifeste, par_commune=_par_commune(mesure, arguments))
    return entrepot.moteur.lignes(ecriture.poser(texte, source))


def _par_commune(mesure: str, arguments: tuple[Any, ...]) -> bool:
    """Whether sums by commune answer: counts alone, no smaller place chosen or told apart."""
    par: Sequence[str] = ()
    if mesure == "sommes_ensemble":
        selections, par = arguments[0], arguments[1] if len(arguments) > 1 else ()
    elif mesure in ("sommes", "sommes_masquees"):
        selections, par = arguments[:1], arguments[-1] if len(arguments) > 1 else ()
    elif mesure == "consolidation":
        selections = [s for s in arguments[2:] if s is not None]
    else:
        return False
    petites = {"territoire", "secteur"}
    return not petites & set(par) and not any(s.territoires or s.secteurs for s in selections)


def _sur(moteur: Moteur, source: str, mesure: str, arguments: tuple[Hashable, ...]) -> pa.Table:
    texte, schema = ecriture.ecrire(mesure, arguments, moteur.dialecte)
    return moteur.executer(ecriture.poser(texte, source)).cast(schema)
