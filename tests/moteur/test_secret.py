"""The single exit: what each audience sees, and what filters, editions and derived columns must not give back."""

from datetime import date
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pupitre.moteur.observations import Granularite, jour_de_fin
from pupitre.moteur.resultats import Absent, Audience, Colonne, Contexte, MotifAbsence, Nature, Periode
from pupitre.moteur.secret import (
    OUVERTE,
    RAISON,
    RAISON_RYTHME,
    Comptes,
    Derivee,
    Reference,
    Refus,
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


def test_l_equipe_voit_tout():
    r = montrer([{"secteur": "s0", "n": 3}], None, Audience.INTERNE)
    assert r.lignes == (("s0", 3),)
    assert r.retenus == ()


def test_hors_de_l_equipe_rien_ne_sort_sans_reference():
    for audience in (Audience.PARTENAIRE, Audience.PUBLIC):
        with pytest.raises(ValueError, match="reference"):
            montrer([{"secteur": "s0", "n": 30}], None, audience)


def test_une_case_faible_et_sa_compagne_se_taisent_de_la_meme_voix():
    reference = referencer(QUATRE, Audience.PARTENAIRE, Regles())
    r = montrer([{"secteur": f"s{i}", "n": n} for i, n in enumerate([3, 12, 40, 50])], reference)
    assert [li[1] for li in r.lignes[2:]] == [40, 50]
    faible, compagne = r.lignes[0][1], r.lignes[1][1]
    # Told apart, the companion would say that the other one is under the threshold.
    assert faible == compagne == Absent(MotifAbsence.SECRET, RAISON)
    assert str(faible) == "n. d."
    assert r.retenus == (
        "2 valeurs retenues par le secret statistique (effectifs trop faibles, ou qui permettraient de les déduire).",
    )


def test_le_seuil_se_regle_et_zero_se_montre():
    table = cube(*(ligne(n, secteur=f"s{i}") for i, n in enumerate([0, 4, 5, 9, 9])))
    cinq = referencer(table, Audience.PARTENAIRE, Regles())
    assert cinq.publiable({"secteur": un("s0")}, *AN)
    assert not cinq.publiable({"secteur": un("s1")}, *AN)
    trois = referencer(table, Audience.PARTENAIRE, Regles(seuil_primaire=3))
    assert all(trois.publiable({"secteur": un(f"s{i}")}, *AN) for i in range(5))


def test_les_filtres_ne_donnent_rien_par_difference():
    table = cube(
        *(
            ligne(n, secteur=f"s{i}", nature=nature)
            for nature, valeurs in (("a", [3, 12, 40, 50]), ("b", [20, 21, 22, 23]))
            for i, n in enumerate(valeurs)
        )
    )
    reference = referencer(table, Audience.PARTENAIRE, Regles())
    assert not reference.publiable({"secteur": un("s0"), "nature": un("a")}, *AN)
    assert reference.publiable({}, *AN)
    # All secteurs but the withheld one: with the published total, it would be given back.
    assert not reference.publiable({"secteur": un("s1", "s2", "s3"), "nature": un("a")}, *AN)
    # All secteurs, named one by one, are the total.
    assert reference.publiable({"secteur": un("s0", "s1", "s2", "s3"), "nature": un("a")}, *AN)
    # A sum of published cells says nothing new.
    assert reference.publiable({"secteur": un("s2", "s3"), "nature": un("a")}, *AN)


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


def test_les_secteurs_se_lisent_par_semestre_entier():
    reference = livres(DEUX)
    s0 = {"secteur": un("s0")}
    assert reference.publiable(s0, *S1)
    assert reference.publiable(s0, *S2)
    assert reference.publiable(s0, *AN)
    for debut, fin in (
        (date(2026, 3, 1), date(2026, 3, 31)),
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 1, 1), date(2026, 11, 30)),
        (date(2025, 11, 1), date(2026, 10, 31)),
        (date(2026, 4, 1), date(2026, 9, 30)),
    ):
        assert reference.refus(s0, debut, fin) is Refus.RYTHME
    # Several secteurs that are not a whole commune are still secteurs.
    deux = {"secteur": un("s0", "s2")}
    assert reference.refus(deux, date(2026, 3, 1), date(2026, 3, 31)) is Refus.RYTHME


def test_les_communes_gardent_leurs_mois():
    reference = livres(DEUX)
    for m in range(1, 13):
        mois = (date(2026, m, 1), fin_de(m))
        assert reference.publiable({}, *mois)
        assert reference.publiable({"commune": un("94028")}, *mois)
        assert reference.publiable({"secteur": un("s0", "s1")}, *mois)
        assert reference.publiable({"commune": un("94044"), "nature": un("a")}, *mois)


def test_un_secteur_seul_nomme_ne_dit_pas_que_les_autres_sont_vides():
    reference = livres(DEUX)
    # 94044 counts 3 by half-year, all in s2: the commune's figure leaves, the secteur's does not.
    assert reference.publiable({"commune": un("94044")}, *S1)
    assert reference.refus({"secteur": un("s2")}, *S1) is Refus.SECRET
    assert reference.refus({"secteur": un("s7")}, *S1) is Refus.SECRET
    # Six in the year would be three and three: the commune says how many each half-year has.
    assert reference.refus({"secteur": un("s2")}, *AN) is Refus.SECRET


def test_un_semestre_incomplet_ne_dit_rien_des_secteurs():
    octobre = livres(DEUX, jusqu_a=10)
    s1 = {"secteur": un("s1")}
    assert octobre.publiable(s1, *S1)
    assert octobre.refus(s1, *S2) is Refus.RYTHME
    assert octobre.refus(s1, *AN) is Refus.RYTHME
    assert octobre.publiable({"commune": un("94028")}, date(2026, 10, 1), date(2026, 10, 31))
    assert livres(DEUX, jusqu_a=12).publiable(s1, *S2)


def test_le_refus_pour_le_rythme_a_sa_propre_raison():
    r = montrer(
        [{"secteur": "s1", "n": 9}],
        livres(DEUX),
        comptes=Comptes({"n": (date(2026, 3, 1), date(2026, 3, 31))}),
    )
    assert r.lignes[0][1] == Absent(MotifAbsence.SECRET, RAISON_RYTHME)
    assert r.retenus == (
        "1 valeur retenue parce que les secteurs se lisent par semestre entier hors de l’équipe de l’observatoire.",
    )
    interne = montrer([{"secteur": "s1", "n": 9}], None, Audience.INTERNE)
    assert interne.lignes[0][1] == 9


def test_les_semestres_d_une_annee_scolaire():
    table = cube(
        *(
            ligne(9, secteur=s, mois=m, an=an, granularite="mois")
            for s in ("s0", "s1")
            for an, m in [(2025, m) for m in range(9, 13)] + [(2026, m) for m in range(1, 9)]
        )
    )
    couvertures = [(date(2025, 9, 1), date(2026, 8, 31))]
    reference = referencer(table, Audience.PARTENAIRE, Regles(), scolaire=True, couvertures=couvertures)
    s0 = {"secteur": un("s0")}
    assert reference.publiable(s0, date(2025, 9, 1), date(2026, 2, 28))
    assert reference.publiable(s0, date(2026, 3, 1), date(2026, 8, 31))
    assert reference.publiable(s0, date(2025, 9, 1), date(2026, 8, 31))
    assert reference.refus(s0, *S1) is Refus.RYTHME


def test_une_source_annuelle_garde_ses_annees():
    reference = referencer(QUATRE, Audience.PARTENAIRE, Regles(), couvertures=[AN])
    assert reference.publiable({"secteur": un("s3")}, *AN)
    assert not reference.publiable({"secteur": un("s0")}, *AN)


def test_un_total_d_annee_se_tait_s_il_rend_un_semestre():
    valeurs = {
        ("94028", "s0", "a"): [3, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0],
        **{("94028", f"s{i}", "a"): [4] * 12 for i in (1, 2, 3)},
    }
    reference = livres(valeurs)
    s0 = {"secteur": un("s0")}
    assert not reference.publiable(s0, *S1)
    assert reference.publiable(s0, *S2)
    assert not reference.publiable(s0, *AN)


def test_le_motif_d_un_semestre_ne_change_plus():
    fin_juin = livres(TROIS_NATURES, jusqu_a=6)
    for m in range(7, 13):
        suite = livres(TROIS_NATURES, jusqu_a=m)
        assert {c for c in suite.retenues if c[2] == ("2026-01-01",)} == fin_juin.retenues
    assert fin_juin.retenues


TROIS_NATURES = {
    ("94028", f"s{i}", k): [int((i * 5 + j * 3 + m) % 4 == 0) for m in range(12)]
    for i in range(3)
    for j, k in enumerate("abc")
}


def test_un_motif_se_garde_et_se_relit():
    for reference in (livres(DEUX), livres(TROIS_NATURES, jusqu_a=9), OUVERTE):
        assert Reference.from_json(reference.to_json()) == reference
    for abime in ("", "{}", "[1]", '{"ouverte": false, "lieux": 3}'):
        with pytest.raises((ValueError, KeyError, TypeError)):
            Reference.from_json(abime)


def test_une_annee_finie_a_son_total():
    table = cube(
        *(ligne(2, secteur=s, mois=m, granularite="jour") for m in range(1, 13) for s in ("s0", "s1"))
    )
    reference = referencer(table, Audience.PARTENAIRE, Regles())
    assert reference.publiable({"secteur": un("s0")}, *AN)
    assert not reference.publiable({"secteur": un("s0")}, date(2026, 3, 1), date(2026, 3, 31))


def annees(valeurs, **autres):
    return [ligne(n, an=2026 - len(valeurs) + 1 + i, secteur=None, **autres) for i, n in enumerate(valeurs)]


@pytest.mark.parametrize(
    ("valeurs", "visible"),
    [
        ([6, 6, 6], True),
        ([6, 5, 6], False),  # more than 5, not 5
        ([6, 6], False),  # three years
        ([6, 6, 6, 2], False),  # the year itself is out of every run
        ([2, 6, 6, 6], True),
        ([0, 0, 0], False),
    ],
)
def test_la_regle_du_ssmsi_pour_le_public(valeurs, visible):
    table = cube(*annees(valeurs))
    assert referencer(table, Audience.PUBLIC, Regles()).publiable({}, *AN) is visible
    assert referencer(table, Audience.PARTENAIRE, Regles()).publiable({}, *AN)


def test_une_commune_retenue_entraine_une_voisine():
    table = cube(
        *annees([2, 2, 2], commune="94002"),
        *annees([50, 51, 52], commune="94028"),
        *annees([70, 71, 72], commune="94044"),
    )
    reference = referencer(table, Audience.PUBLIC, Regles())
    vues = [c for c in ("94002", "94028", "94044") if reference.publiable({"commune": un(c)}, *AN)]
    assert vues == ["94044"]
    assert reference.publiable({}, *AN)


def test_un_secteur_seul_dans_sa_commune_porte_les_deux_regles():
    table = cube(
        *(ligne(5, an=a) for a in (2024, 2025, 2026)),
        *(ligne(90, an=a, commune="94044", secteur="s9") for a in (2024, 2025, 2026)),
    )
    assert referencer(table, Audience.PARTENAIRE, Regles()).publiable({"secteur": un("s1")}, *AN)
    assert not referencer(table, Audience.PUBLIC, Regles()).publiable({"secteur": un("s1")}, *AN)


def test_une_reference_melangee_est_refusee():
    autre = {**ligne(3), "unite": "victime"}
    with pytest.raises(ValueError, match="unite"):
        referencer(cube(ligne(3), autre), Audience.PUBLIC, Regles())


def test_les_colonnes_derivees_d_une_case_retenue_se_taisent():
    reference = referencer(QUATRE, Audience.PARTENAIRE, Regles())
    colonnes = (*COLONNES, Colonne("taux", "Taux", Nature.TAUX), Colonne("texte", "Texte", Nature.TEXTE))
    vues = []

    def ecrire(lignes):
        vues.extend(li["n"] for li in lignes)
        return [f"{li['n']} faits" for li in lignes]

    r = montrer(
        [{"secteur": "s0", "n": 3, "taux": 1.5}, {"secteur": "s3", "n": 50, "taux": 25.0}],
        reference,
        colonnes=colonnes,
        derivees=[Derivee("texte", ("n",), ecrire)],
    )
    assert all(isinstance(v, Absent) for v in r.lignes[0][1:])
    assert r.lignes[1] == ("s3", 50, 25.0, "50 faits")
    # The function itself never saw the number.
    assert 3 not in vues


def test_une_absence_garde_sa_raison():
    reference = referencer(QUATRE, Audience.PARTENAIRE, Regles())
    r = montrer(
        [
            {"secteur": "s2", "n": None, "n_absence": "non_livre"},
            {"secteur": "s3", "n": None, "n_absence": "non_diffuse"},
            {"secteur": "s2", "n": 40, "n_absence": None},
        ],
        reference,
    )
    assert [v.motif if isinstance(v, Absent) else v for v in r.colonne("n")] == [
        MotifAbsence.NON_LIVRE,
        MotifAbsence.NON_DIFFUSE,
        40,
    ]
    assert str(r.lignes[0][1]) == "non livré"


def test_une_case_retenue_sans_aucune_ligne_ne_se_dit_pas_non_livree():
    # s1 counts nothing and covers for the 3 of s0: said « not delivered », it would be known to be zero.
    table = cube(*(ligne(n, secteur=f"s{i}") for i, n in enumerate([3, 0, 40])))
    reference = referencer(table, Audience.PARTENAIRE, Regles())
    caches = [f"s{i}" for i in (1, 2) if not reference.publiable({"secteur": un(f"s{i}")}, *AN)]
    assert caches
    r = montrer([{"secteur": s, "n": None, "n_absence": "non_livre"} for s in ("s0", *caches)], reference)
    assert set(r.colonne("n")) == {Absent(MotifAbsence.SECRET, RAISON)}


def test_l_ordre_ne_dit_pas_la_taille_des_lignes_retenues():
    reference = referencer(QUATRE, Audience.PARTENAIRE, Regles())
    lignes = [{"secteur": f"s{i}", "n": n} for i, n in ((3, 50), (2, 40), (1, 12), (0, 3))]
    r = montrer(lignes, reference, comptes=Comptes({"n": AN}, classer_par="n"))
    assert r.colonne("secteur") == ("s3", "s2", "s0", "s1")


def test_un_fait_isole_ne_sort_jamais():
    reference = referencer(QUATRE, Audience.PARTENAIRE, Regles())
    for colonne in ("lon", "lat", "livraison"):
        with pytest.raises(ValueError, match="points"):
            montrer([{"secteur": "s3", "n": 50, colonne: 2.4}], reference)


def test_une_colonne_inconnue_est_refusee():
    with pytest.raises(ValueError, match="taux"):
        montrer([{"n": 1}], None, Audience.INTERNE, colonnes=(Colonne("taux", "Taux", Nature.TAUX),))


def test_le_meme_perimetre_donne_le_meme_motif_quel_que_soit_l_ordre_des_lignes():
    lignes = QUATRE.to_pylist()
    a = referencer(QUATRE, Audience.PARTENAIRE, Regles())
    b = referencer(cube(*reversed(lignes)), Audience.PARTENAIRE, Regles())
    assert a.retenues == b.retenues


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
