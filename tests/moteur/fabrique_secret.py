"""Small cubes and readers, for the tests of disclosure control."""

from datetime import date
from itertools import combinations

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from pupitre.moteur.observations import Granularite, jour_de_fin
from pupitre.moteur.resultats import Audience, Colonne, Contexte, Nature, Periode
from pupitre.moteur.secret import (
    Comptes,
    Regles,
    referencer,
    sortir,
)
from pupitre.moteur.selection import Selection

AN = (date(2026, 1, 1), date(2026, 12, 31))


CONTEXTE = Contexte("Essai", "fait", "conseil", Periode(*AN, "2026"), ())


SCHEMA = pa.schema(
    [
        *(
            (c, pa.string())
            for c in ("source", "unite", "granularite", "commune", "secteur", "territoire", "nature")
        ),
        ("debut", pa.date32()),
        ("fin", pa.date32()),
        ("n", pa.int64()),
        ("n_null", pa.int64()),
    ]
)


# A secteur, a commune (two secteurs each) or the conseil, by their rank.
CELLULES = {(0,), (1,), (2,), (3,), (0, 1), (2, 3), (0, 1, 2, 3)}


COLONNES = (Colonne("secteur", "Secteur", Nature.CODE), Colonne("n", "Faits", Nature.ENTIER))


def ligne(
    n, *, commune="94028", secteur="s1", nature="a", an=2026, mois=1, granularite="annee", territoire="T"
):
    debut = date(an, mois, 1)
    return {
        "source": "bailleur",
        "unite": "fait",
        "granularite": granularite,
        "commune": commune,
        "secteur": secteur,
        "territoire": territoire,
        "nature": nature,
        "debut": debut,
        "fin": jour_de_fin(debut, Granularite("mois" if granularite == "jour" else granularite)),
        "n": n or 0,
        "n_null": int(n is None),
    }


def cube(*lignes):
    return pa.Table.from_pylist(list(lignes), schema=SCHEMA)


def un(*valeurs):
    return frozenset(valeurs)


def montrer(lignes, reference, audience=Audience.PARTENAIRE, selection=None, **options):
    options.setdefault("colonnes", COLONNES)
    options.setdefault("comptes", Comptes({"n": AN}))
    return sortir(
        pa.Table.from_pylist(lignes),
        contexte=CONTEXTE,
        audience=audience,
        selection=selection or Selection("bailleur"),
        reference=reference,
        **options,
    )


QUATRE = cube(*(ligne(n, secteur=f"s{i}") for i, n in enumerate([3, 12, 40, 50])))


def fin_de(mois, an=2026):
    return jour_de_fin(date(an, mois, 1), Granularite.MOIS)


def livres(valeurs, jusqu_a=12, audience=Audience.PARTENAIRE, an=2026, granularite="jour", **options):
    """Pattern of monthly facts: (commune, secteur, nature) → counts from January, delivered up to a month."""
    table = cube(
        *(
            ligne(n, commune=c, secteur=s, nature=k, mois=m, an=an, granularite=granularite)
            for (c, s, k), comptes in valeurs.items()
            for m, n in enumerate(comptes[:jusqu_a], start=1)
            if n
        )
    )
    couvertures = [(date(an, 1, 1), fin_de(jusqu_a, an))]
    return referencer(table, audience, Regles(), couvertures=couvertures, **options)


S1, S2 = (date(2026, 1, 1), date(2026, 6, 30)), (date(2026, 7, 1), date(2026, 12, 31))


DEUX = {("94028", "s0", "a"): [2] * 12, ("94028", "s1", "a"): [9] * 12, ("94044", "s2", "a"): [0, 1] * 6}


TROIS_NATURES = {
    ("94028", f"s{i}", k): [int((i * 5 + j * 3 + m) % 4 == 0) for m in range(12)]
    for i in range(3)
    for j, k in enumerate("abc")
}


def annees(valeurs, **autres):
    return [ligne(n, an=2026 - len(valeurs) + 1 + i, secteur=None, **autres) for i, n in enumerate(valeurs)]


LIEUX = [("94028", "s0"), ("94028", "s1"), ("94044", "s2"), ("94044", "s3")]


NATURES = ["a", "b"]


TRANCHES = [tuple(range(6)), tuple(range(6, 12)), tuple(range(12))]


def _questions():
    """Every filter of places × natures × spans of months, as (mentions, months, mask of the elementary counts)."""
    lieux = [
        ({"secteur": un(*(LIEUX[i][1] for i in q))}, q)
        for k in (1, 2, 3, 4)
        for q in combinations(range(4), k)
    ]
    lieux += [({"commune": un("94028")}, (0, 1)), ({"commune": un("94044")}, (2, 3)), ({}, (0, 1, 2, 3))]
    natures = [({"nature": un(NATURES[j])}, (j,)) for j in (0, 1)] + [({}, (0, 1))]
    # Months, half-years, and every running total: January to March, November to October…
    durees = [tuple(range(d, f)) for d in range(12) for f in range(d + 1, 13) if f - d in (1, 3, 6, 10, 12)]
    for ml, q in lieux:
        for mn, j in natures:
            for mois in durees:
                masque = np.zeros((4, 2, 12))
                masque[np.ix_(q, j, mois)] = 1
                yield {**ml, **mn}, mois, masque.ravel()


QUESTIONS = list(_questions())


def _jours(mois):
    return date(2026, mois[0] + 1, 1), fin_de(mois[-1] + 1)


def _fourchette(masque, equations, vrai):
    from scipy.optimize import linprog

    bornes = []
    for signe in (1, -1):
        s = linprog(
            signe * masque,
            A_eq=equations,
            b_eq=equations @ vrai,
            # A bound beyond any total, so that an unknown cell has a range.
            bounds=(0, vrai.sum() + 10),
            method="highs",
        )
        bornes.append(signe * s.fun)
    return bornes


def _resiste(equations, caches, vrai):
    from scipy.linalg import qr

    if not equations:
        return
    toutes = np.array(equations)
    # As many equations as they are worth: the others are sums of these.
    _, r, ordre = qr(toutes.T, mode="economic", pivoting=True)
    rang = int((np.abs(np.diag(r)) > 1e-9).sum())
    for masque in {c.tobytes(): c for c in caches}.values():
        bas, haut = _fourchette(masque, toutes[ordre[:rang]], vrai)
        assert haut - bas >= 1 - 1e-6


comptes_mensuels = st.lists(
    st.lists(
        st.lists(st.sampled_from([0, 0, 0, 0, 1, 1, 2, 5]), min_size=12, max_size=12),
        min_size=2,
        max_size=2,
    ),
    min_size=4,
    max_size=4,
)
