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
from pupitre.moteur.secret import RAISON, Comptes, Derivee, Regles, referencer, sortir
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


def test_un_cumul_en_cours_d_annee_ne_livre_pas_le_mois_suivant():
    def edition(*mois):
        table = cube(
            *(
                ligne(n, secteur=s, mois=m, granularite="jour")
                for m, (x, y) in enumerate(mois, start=1)
                for s, n in (("s0", x), ("s1", y))
            )
        )
        fin = date(2026, len(mois), 28)
        return referencer(table, Audience.PARTENAIRE, Regles(), couvertures=[(date(2026, 1, 1), fin)])

    janvier_fevrier = (date(2026, 1, 1), date(2026, 2, 28))
    s0 = {"secteur": un("s0")}
    deux = edition((10, 10), (2, 10))
    assert not deux.publiable(s0, *janvier_fevrier)
    trois = edition((10, 10), (12, 10), (2, 10))
    # January and February were published one by one; the sum to March would give March.
    assert trois.publiable(s0, *janvier_fevrier)
    assert not trois.publiable(s0, date(2026, 1, 1), date(2026, 3, 31))


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
            {"secteur": "s0", "n": None, "n_absence": "non_livre"},
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
