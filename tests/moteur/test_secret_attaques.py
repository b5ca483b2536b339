"""An attacker who has everything that may leave tries to recover what is withheld."""

from datetime import date
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pupitre.moteur.resultats import Audience
from pupitre.moteur.secret import (
    Regles,
    referencer,
)
from tests.moteur.fabrique_secret import (
    AN,
    CELLULES,
    LIEUX,
    NATURES,
    QUESTIONS,
    TRANCHES,
    _fourchette,
    _jours,
    _resiste,
    comptes_mensuels,
    cube,
    ligne,
    livres,
    un,
)


@given(
    st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=4, max_size=4),
    st.sampled_from([Audience.PARTENAIRE, Audience.PUBLIC]),
)
@settings(max_examples=40, deadline=None)
def test_toutes_les_pages_ensemble_ne_rendent_aucune_case_retenue(valeurs, audience):
    """Ask every filter of secteurs × natures, keep what is shown, and solve for the withheld cells."""
    natures = ["a", "b", "c"]
    lieux = [("94028", "s0"), ("94028", "s1"), ("94044", "s2"), ("94044", "s3")]
    table = cube(
        *(
            ligne(n, commune=c, secteur=s, nature=k, an=a)
            for a in (2024, 2025, 2026)
            for (c, s), rangee in zip(lieux, valeurs, strict=True)
            for k, n in zip(natures, rangee, strict=True)
        )
    )
    reference = referencer(table, audience, Regles())
    secteurs = [s for _, s in lieux]
    equations, caches = [], []
    for taille in range(1, 5):
        for quels in combinations(range(4), taille):
            for combien in range(1, 4):
                for quelles in combinations(range(3), combien):
                    masque = np.zeros((4, 3))
                    masque[np.ix_(quels, quelles)] = 1
                    mentions = {
                        "secteur": frozenset(secteurs[i] for i in quels),
                        "nature": frozenset(natures[j] for j in quelles),
                    }
                    if reference.publiable(mentions, *AN):
                        equations.append(masque.ravel())
                    # A sum of several cells may be known while each stays hidden: only cells are secret.
                    elif quels in CELLULES and combien in (1, 3):
                        caches.append(masque.ravel())
    vrai = np.array(valeurs, dtype=float).ravel()
    from scipy.optimize import linprog

    for cache in caches:
        bornes = []
        for signe in (1, -1):
            if equations:
                a = np.array(equations)
                s = linprog(signe * cache, A_eq=a, b_eq=a @ vrai, bounds=(0, None), method="highs")
            else:
                s = linprog(signe * cache, bounds=(0, 100), method="highs")
            bornes.append(signe * s.fun if s.status == 0 else signe * -np.inf)
        assert bornes[1] - bornes[0] >= 1 - 1e-6


@given(comptes_mensuels, st.sampled_from([(6, 7), (6, 12), (11, 12), (5, 6), (3, 12)]))
@settings(max_examples=25, deadline=None)
def test_deux_editions_ensemble_ne_rendent_aucun_secteur(comptes, editions):
    """The attacker asks every filter of two successive editions, months of communes and half-years of secteurs,
    and solves for each withheld count of 1 to 4. Written on months, which the pattern never computes."""
    vrai = np.array(comptes, dtype=float).ravel()
    valeurs = {(c, s, k): comptes[i][j] for i, (c, s) in enumerate(LIEUX) for j, k in enumerate(NATURES)}
    equations, caches = [], []
    for jusqu_a in editions:
        reference = livres(valeurs, jusqu_a=jusqu_a)
        if reference.ouverte:
            return
        for mentions, mois, masque in QUESTIONS:
            if mois[-1] >= jusqu_a:
                continue
            n = masque @ vrai
            if reference.publiable(mentions, *_jours(mois)):
                equations.append(masque)
            elif len(mentions.get("secteur", ())) == 1 and mois in TRANCHES and 0 < n < 5:
                caches.append(masque)
    _resiste(equations, caches, vrai)


def test_l_attaquant_de_ces_essais_sait_soustraire():
    # The same attacker, given what a careless pattern would show, finds the cell.
    vrai = np.zeros((4, 2, 12))
    vrai[0, 0, 2], vrai[1, 0, 3] = 3, 20
    vrai = vrai.ravel()
    total = next(
        m
        for q, mois, m in QUESTIONS
        if q == {"commune": un("94028"), "nature": un("a")} and len(mois) == 6 and mois[0] == 0
    )
    autres = next(
        m
        for q, mois, m in QUESTIONS
        if q == {"secteur": un("s1"), "nature": un("a")} and len(mois) == 6 and mois[0] == 0
    )
    cache = next(
        m
        for q, mois, m in QUESTIONS
        if q == {"secteur": un("s0"), "nature": un("a")} and len(mois) == 6 and mois[0] == 0
    )
    assert _fourchette(cache, np.array([total, autres]), vrai) == pytest.approx([3, 3])
    bas, haut = _fourchette(cache, np.array([total]), vrai)
    assert (bas, haut) == pytest.approx((0, 23))


@given(comptes_mensuels)
@settings(max_examples=8, deadline=None)
def test_le_public_ne_retrouve_ni_commune_ni_secteur(comptes):
    """One edition, three like years: withheld communes as well as secteurs, with the months of the others."""
    vrai = np.array(comptes, dtype=float).ravel()
    table = cube(
        *(
            ligne(comptes[i][j][m], commune=c, secteur=s, nature=k, mois=m + 1, an=an, granularite="jour")
            for an in (2024, 2025, 2026)
            for i, (c, s) in enumerate(LIEUX)
            for j, k in enumerate(NATURES)
            for m in range(12)
            if comptes[i][j][m]
        )
    )
    if not table.num_rows:
        return
    reference = referencer(
        table, Audience.PUBLIC, Regles(), couvertures=[(date(2024, 1, 1), date(2026, 12, 31))]
    )
    equations, caches = [], []
    for mentions, mois, masque in QUESTIONS:
        n = masque @ vrai
        if reference.publiable(mentions, *_jours(mois)):
            equations.append(masque)
        elif (
            mois in TRANCHES
            and 0 < n < 5
            and (len(mentions.get("secteur", ())) == 1 or "commune" in mentions)
        ):
            caches.append(masque)
    _resiste(equations, caches, vrai)
