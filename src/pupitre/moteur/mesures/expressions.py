"""Measures: monthly cube in, table out, nothing executed. Only expressions that DuckDB and Spark both run.

Every count column `c` comes with `c_absence`: null when `c` is a number, else "non_livre" (no delivery covers
the period, or the delivered file holds no value) or "non_diffuse" (the producer withholds a part of it).
An absent count is null, never 0. Selections must be resolved (one unit, one granularity): see
`inventaire.resoudre`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pupitre.moteur.mesures.calendrier import Case
from pupitre.moteur.selection import Selection

if TYPE_CHECKING:
    import ibis

AXES = ("nature", "territoire", "commune", "secteur")


def filtrer(cube: ibis.Table, selection: Selection) -> ibis.Table:
    """Rows of the cube within the selection; rows that overlap its bounds are left out."""
    if selection.unite is None or selection.granularite is None:
        raise ValueError("selection must be resolved: one unit of count, one granularity")
    conditions: list[Any] = [cube.source == selection.source]
    if not selection.seule:
        conditions += [cube.unite == selection.unite, cube.granularite == str(selection.granularite)]
    for colonne, valeurs in (
        ("nature", selection.natures),
        ("territoire", selection.territoires),
        ("commune", selection.communes),
        ("secteur", selection.secteurs),
    ):
        if valeurs:
            conditions.append(cube[colonne].isin(valeurs))
    if selection.debut:
        conditions.append(cube.debut >= selection.debut)
    if selection.fin:
        conditions.append(cube.fin <= selection.fin)
    return cube.filter(conditions)


def sommes(cube: ibis.Table, selection: Selection, par: Sequence[str] = ()) -> ibis.Table:
    """Sums by delivered period: par…, debut, fin, n, n_lignes, n_null (the last two where they may change a number:
    `_nombres`).

    The shortest query that series and comparisons need; `assemblage` places them in their periods.
    """
    _axes(par)
    lignes = filtrer(cube, selection)
    return lignes.group_by(*par, "debut", "fin").aggregate(**_nombres(lignes, [selection]))


def sommes_ensemble(
    cube: ibis.Table, selections: Sequence[Selection], par: Sequence[str] = (), cases: Sequence[Case] = ()
) -> ibis.Table:
    """`sommes` of several selections of the same places, read once: source, unite, granularite (neither where each
    source has one of each), nature, places of `par`…, debut, fin, numbers. `nature` is null for the sources of which
    nobody asks one nature apart.

    With `cases`, `sommes_masquees`: masque stands in place of debut and fin.

    Raises ValueError when the places differ, or when a selection has no bounds.
    """
    import ibis

    _axes(par)
    if len({(s.territoires, s.communes, s.secteurs) for s in selections}) != 1:
        raise ValueError("selections read together have the same places")
    debuts, fins = [s.debut for s in selections if s.debut], [s.fin for s in selections if s.fin]
    if len(debuts) < len(selections) or len(fins) < len(selections):
        raise ValueError("selections read together have a period")
    detaillees = sorted({s.source for s in selections if s.natures or "nature" in par})
    entieres = {s.source for s in selections if not s.natures}
    natures = sorted({n for s in selections if s.source not in entieres for n in s.natures})
    lignes = cube.filter(
        cube.source.isin(sorted({s.source for s in selections})),
        cube.debut >= min(debuts),
        cube.fin <= max(fins),
    )
    if seules := [s for s in detaillees if s not in entieres]:
        lignes = lignes.filter(~lignes.source.isin(seules) | lignes.nature.isin(natures))
    for colonne in ("territoires", "communes", "secteurs"):
        if valeurs := getattr(selections[0], colonne):
            lignes = lignes.filter(lignes[colonne[:-1]].isin(valeurs))
    sans = ibis.null("string")
    nature = lignes.source.isin(detaillees).ifelse(lignes.nature, sans) if detaillees else sans
    lieux = [p for p in par if p != "nature"]
    quand: dict[str, Any] = {"masque": _masque(lignes, cases)} if cases else {}
    bornes = () if cases else ("debut", "fin")
    rythme = () if all(s.seule for s in selections) else ("unite", "granularite")
    return lignes.group_by("source", *rythme, *lieux, *bornes, nature=nature, **quand).aggregate(
        **_nombres(lignes, selections)
    )


def sommes_masquees(
    cube: ibis.Table, selection: Selection, cases: Sequence[Case], par: Sequence[str]
) -> ibis.Table:
    """Sums by which of `cases` hold the row: par…, masque (bit i: within `cases[i]`), n, n_lignes, n_null."""
    _axes(par)
    lignes = filtrer(cube, selection)
    return lignes.group_by(*par, masque=_masque(lignes, cases)).aggregate(**_nombres(lignes, [selection]))


def serie(
    cube: ibis.Table, selection: Selection, cases: Sequence[Case], par: Sequence[str] = ()
) -> ibis.Table:
    """One row per period of `cases` (and per value of `par`): debut, fin, par…, n, n_absence.

    Periods come from the calendar of deliveries, so that a month nobody sent is not a zero.
    """
    import ibis

    _axes(par)
    if not cases:
        raise ValueError("a series needs at least one period")
    lignes = filtrer(cube, selection)
    # One literal per bound rather than a join on a range: the calendar is short and knows what was delivered.
    rang = _rang(lignes, cases)
    comptes = (
        lignes.mutate(_rang=rang)
        .filter(lambda t: t["_rang"].notnull())
        .group_by("_rang", *par)
        .aggregate(_n=lambda t: t.n.sum(), _lignes=lambda t: t.n_lignes.sum(), _nuls=lambda t: t.n_null.sum())
    )
    jours = ibis.array(
        [
            ibis.struct({"_r": i, "debut": c.debut, "fin": c.fin, "_complete": c.complete})
            for i, c in enumerate(cases)
        ]
    )
    une = ibis.range(0, 1).unnest().name("_u").as_table()
    calendrier = une.select(_case=jours.unnest()).select(
        _r=lambda t: t["_case"]["_r"],
        debut=lambda t: t["_case"]["debut"],
        fin=lambda t: t["_case"]["fin"],
        _complete=lambda t: t["_case"]["_complete"],
    )
    if par:
        calendrier = calendrier.cross_join(lignes.select(*par).distinct())
    conditions: list[Any] = [calendrier["_r"] == comptes["_rang"]]
    conditions += [calendrier[p].identical_to(comptes[p]) for p in par]
    jointe = calendrier.left_join(comptes, conditions)
    absence = _absence(jointe["_complete"], jointe["_lignes"], jointe["_nuls"], selection)
    return jointe.select(
        "debut",
        "fin",
        *par,
        n=absence.isnull().ifelse(ibis.coalesce(jointe["_n"], 0), ibis.null("int64")),
        n_absence=absence,
    ).order_by("debut", *par)


def evolution(
    cube: ibis.Table,
    selection: Selection,
    actuelle: Case,
    precedente: Case,
    par: Sequence[str] = (),
) -> ibis.Table:
    """Two periods side by side: par…, n, n_absence, precedent, precedent_absence."""
    return periodes(cube, selection, (("n", actuelle), ("precedent", precedente)), par)


def periodes(
    cube: ibis.Table,
    selection: Selection,
    colonnes: Sequence[tuple[str, Case]],
    par: Sequence[str] = (),
) -> ibis.Table:
    """Any number of periods as columns, in one reading: par…, then c and c_absence for each named period.

    The bulletin's table (month, previous month, same month of last year, year to date) is one such query.
    The selection's own bounds are ignored.
    """
    import ibis

    _axes(par)
    if not colonnes:
        raise ValueError("at least one period is needed")
    bornes = selection.sur(min(c.debut for _, c in colonnes), max(c.fin for _, c in colonnes))
    lignes = filtrer(cube, bornes)
    sommes = {}
    for nom, c in colonnes:
        dans = (lignes.debut >= c.debut) & (lignes.fin <= c.fin)
        sommes[f"_{nom}"] = lignes.n.sum(where=dans)
        sommes[f"_{nom}_lignes"] = lignes.n_lignes.sum(where=dans)
        sommes[f"_{nom}_nuls"] = lignes.n_null.sum(where=dans)
    groupes = lignes.group_by(*par).aggregate(**sommes) if par else lignes.aggregate(**sommes)
    sorties: dict[str, Any] = {}
    for nom, c in colonnes:
        absence = _absence(
            ibis.literal(c.complete), groupes[f"_{nom}_lignes"], groupes[f"_{nom}_nuls"], selection
        )
        sorties[nom] = absence.isnull().ifelse(ibis.coalesce(groupes[f"_{nom}"], 0), ibis.null("int64"))
        sorties[f"{nom}_absence"] = absence
    resultat = groupes.select(*par, **sorties)
    return resultat.order_by(*par) if par else resultat


def fenetres(
    cube: ibis.Table, selection: Selection, cases: Sequence[Case], par: Sequence[str] = ()
) -> ibis.Table:
    """One row per window of `cases` (and per value of `par`), windows that overlap included: debut, fin, par…, n,
    n_absence. Rolling twelve months, years to date."""
    import ibis

    if not cases:
        raise ValueError("a series needs at least one period")
    base = periodes(cube, selection, tuple((f"c{i}", c) for i, c in enumerate(cases)), par)
    # One reading for all windows: a union would read the cube once for each of them on Spark.
    lignes = ibis.array(
        [
            ibis.struct(
                {"debut": c.debut, "fin": c.fin, "n": base[f"c{i}"], "n_absence": base[f"c{i}_absence"]}
            )
            for i, c in enumerate(cases)
        ]
    )
    toutes = base.select(*par, _f=lignes.unnest())
    champs = {nom: toutes["_f"][nom] for nom in ("debut", "fin", "n", "n_absence")}
    return toutes.select(
        debut=champs["debut"],
        fin=champs["fin"],
        **{p: toutes[p] for p in par},
        n=champs["n"],
        n_absence=champs["n_absence"],
    ).order_by("debut", "fin", *par)


def cumul(
    cube: ibis.Table, selection: Selection, actuel: Case, precedent: Case, par: Sequence[str] = ()
) -> ibis.Table:
    """Year to date against the same days of the year before: same columns as `evolution`.

    Raises ValueError when the two spans do not begin on the same day of the year.
    """
    if (actuel.debut.month, actuel.debut.day) != (precedent.debut.month, precedent.debut.day):
        raise ValueError("a cumulative total is compared with one that begins on the same day")
    return evolution(cube, selection, actuel, precedent, par)


def repartition(cube: ibis.Table, selection: Selection, periode: Case, par: Sequence[str]) -> ibis.Table:
    """Counts by `par` with their share of the total: par…, n, n_absence, part (0 to 1, null when undefined).

    A share of a total of which a part is unknown is unknown.
    """
    import ibis

    base = periodes(cube, selection, (("n", periode),), par)
    inconnus = base.n_absence.notnull().sum().over()
    total = base.n.sum().over()
    part = base.n.cast("float64") / total.nullif(0)
    return base.mutate(part=(inconnus == 0).ifelse(part, ibis.null("float64"))).order_by(*par)


def taux(
    cube: ibis.Table,
    selection: Selection,
    periode: Case,
    par: Sequence[str],
    exposition: str = "population",
    pour: int = 1000,
) -> ibis.Table:
    """Rate per `pour` of the producer's own exposure: par…, n, n_absence, exposition, taux.

    The exposure of a place is counted once per place whatever the number of natures and periods, and taken at its
    latest vintage; the rate is of the whole period, not yearly.
    """
    if exposition not in ("population", "logements"):
        raise ValueError(f"unknown exposure: {exposition}")
    base = periodes(cube, selection, (("n", periode),), par)
    lignes = filtrer(cube, selection.sur(periode.debut, periode.fin))
    lieux = ("territoire", "commune", "secteur")
    connues = lignes.filter(lignes[exposition].notnull())
    # Natures that disagree on a place at one date: the largest, so that every engine finds the same.
    cles = tuple(dict.fromkeys((*par, *lieux)))
    par_date = connues.group_by(*cles, "debut").aggregate(_e=connues[exposition].max())
    par_lieu = par_date.group_by(*cles).aggregate(_e=par_date["_e"].argmax(par_date.debut))
    # A place enters the exposure once even where several natures are grouped, unless nature is the grouping.
    expositions = par_lieu.group_by(*par).aggregate(exposition=par_lieu["_e"].sum())
    jointe = base.left_join(expositions, [base[p].identical_to(expositions[p]) for p in par])
    return (
        jointe.select(*(base[p] for p in par), base.n, base.n_absence, exposition=expositions.exposition)
        .mutate(taux=lambda t: t.n * float(pour) / t.exposition.nullif(0))
        .order_by(*par)
    )


def classement(
    cube: ibis.Table, selection: Selection, actuelle: Case, precedente: Case, par: str
) -> ibis.Table:
    """Places (or natures) from the most to the least: par, n, n_absence, precedent, precedent_absence, rang.

    Equal counts share a rank; places without a number come last and have none.
    """
    import ibis

    base = evolution(cube, selection, actuelle, precedente, (par,))
    base = base.filter(base[par].notnull())
    rang = ibis.rank().over(order_by=ibis.desc(ibis.coalesce(base.n, -1)))
    classe = base.mutate(rang=base.n.notnull().ifelse(rang + 1, ibis.null("int64")))
    return classe.order_by(ibis.desc(ibis.coalesce(classe.n, -1)), classe[par])


def consolidation(cube: ibis.Table, debut: date, fin: date, selection: Selection | None = None) -> ibis.Table:
    """Monthly counts of councils together: mois, source, unite, nature, departement, n, precedent.

    `precedent`: same month of the year before, null when nothing was there. Places without a commune have no
    département.
    """
    import ibis

    if selection is not None:
        cube = filtrer(cube, selection)
    lignes = cube.filter(
        cube.granularite.isin(["jour", "mois"]),
        cube.debut >= date(debut.year - 1, debut.month, 1),
        cube.fin <= fin,
    )
    cles = ("source", "unite", "nature", "departement")
    code = lignes.commune
    departement = code.startswith("97").ifelse(code.left(3), code.left(2))
    # A column a year: ten times fewer groups than one a month, and the year before lies beside, without a join.
    annees = range(debut.year - 1, fin.year + 1)
    an, n = lignes.debut.year(), lignes.n
    par_an = lignes.group_by(*cles[:-1], departement=departement, rang=lignes.debut.month()).aggregate(
        **{f"n_{a}": n.sum(where=an == a).cast("int64") for a in annees}
    )
    mois: list[Any] = [
        ibis.struct(
            {"mois": ibis.date(a, par_an.rang, 1), "n": par_an[f"n_{a}"], "precedent": par_an[f"n_{a - 1}"]}
        )
        for a in annees[1:]
    ]
    depliee = par_an.select(*cles, _mois=ibis.array(mois).unnest()).unpack("_mois")
    return depliee.filter(depliee.n.notnull(), depliee.mois >= debut).select("mois", *cles, "n", "precedent")


def sectorises(cube: ibis.Table) -> ibis.Table:
    """What tells at least one secteur apart: source, unite, granularite."""
    return cube.filter(cube.secteur.notnull()).select("source", "unite", "granularite").distinct()


def inventaire(cube: ibis.Table) -> ibis.Table:
    """What the store holds: source, unite, granularite, nature, debut, fin, n_lignes, n_null."""
    return (
        cube.group_by("source", "unite", "granularite", "nature")
        .aggregate(
            debut=cube.debut.min(),
            fin=cube.fin.max(),
            n_lignes=cube.n_lignes.sum(),
            n_null=cube.n_null.sum(),
        )
        .order_by("source", "unite", "granularite", "nature")
    )


def _nombres(lignes: ibis.Table, selections: Sequence[Selection]) -> dict[str, Any]:
    """Where each row has its number, and where none is a zero, the numbers alone say all."""
    sommes: dict[str, Any] = {"n": lignes.n.sum()}
    if not all(s.pleine and s.zero_si_vide for s in selections):
        sommes |= {"n_lignes": lignes.n_lignes.sum(), "n_null": lignes.n_null.sum()}
    return sommes


def _masque(lignes: ibis.Table, cases: Sequence[Case]) -> Any:
    import ibis

    bits: list[Any] = [
        ((lignes.debut >= c.debut) & (lignes.fin <= c.fin)).ifelse(1 << i, 0) for i, c in enumerate(cases)
    ]
    masque: Any = sum(bits[1:], bits[0]) if bits else ibis.literal(0)
    return masque.cast("int64")


def _rang(lignes: ibis.Table, cases: Sequence[Case]) -> Any:
    import ibis

    branches = [((lignes.debut >= c.debut) & (lignes.fin <= c.fin), i) for i, c in enumerate(cases)]
    return ibis.cases(*branches, else_=ibis.null("int64"))


def _absence(complete: Any, lignes: Any, nuls: Any, selection: Selection) -> Any:
    import ibis

    branches = [(~complete, ibis.literal("non_livre"))]
    if not selection.zero_si_vide:
        branches.append((ibis.coalesce(lignes, 0) == 0, ibis.literal("non_livre")))
    branches.append((ibis.coalesce(nuls, 0) > 0, ibis.literal("non_diffuse")))
    return ibis.cases(*branches, else_=ibis.null("string"))


def _axes(par: Sequence[str]) -> None:
    for p in par:
        if p not in AXES:
            raise ValueError(f"unknown axis: {p}")
