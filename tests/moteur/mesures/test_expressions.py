from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from pupitre.moteur.entrepot import Entrepot
from pupitre.moteur.mesures import (
    Case,
    Pas,
    calendrier,
    classement,
    cumul,
    evolution,
    expressions,
    inventaire,
    periodes,
    repartition,
    serie,
    taux,
)
from pupitre.moteur.mesures.assemblage import plan
from pupitre.moteur.mesures.schema import agreger, sql, table_cube, table_observations
from pupitre.moteur.observations import Granularite, jour_de_fin
from pupitre.moteur.selection import Selection
from tests.moteur.conftest import SPARKS
from tests.moteur.entrepot.fabrique import ligne, mois, table

S = Selection("police", unite="fait", granularite=Granularite.MOIS)
JOURS = Selection("police", unite="fait", granularite=Granularite.JOUR)
AN26 = Case(date(2026, 1, 1), date(2026, 12, 31))
AN25 = Case(date(2025, 1, 1), date(2025, 12, 31))
LIVRE = [(date(2025, 1, 1), date(2026, 12, 31))]


@pytest.fixture
def cube(tmp_path, moteur):
    depot = Entrepot(tmp_path, moteur=moteur)

    def remplir(*lots, source="police"):
        scelles = [
            depot.sceller(table(lot), "c1", s, f"l{i}")
            for i, (s, lot) in enumerate((x if isinstance(x, tuple) else (source, x)) for x in lots)
        ]
        return depot.cube(depot.compacter("c1", scelles))

    return remplir


def lues(expression):
    return expression.to_pyarrow().to_pylist()


def test_un_mois_non_livre_n_est_pas_un_zero(cube):
    t = cube([ligne("a", date(2026, 1, 5), 1, "jour"), ligne("a", date(2026, 1, 9), 1, "jour")])
    livre = [(date(2026, 1, 1), date(2026, 2, 28))]
    cases = calendrier(Pas.MOIS, date(2026, 1, 1), date(2026, 3, 31), livre)
    assert [(r["debut"].month, r["n"], r["n_absence"]) for r in lues(serie(t, JOURS, cases))] == [
        (1, 2, None),
        (2, 0, None),
        (3, None, "non_livre"),
    ]


def test_une_case_vide_d_un_tableau_de_comptes_ne_dit_rien(cube):
    t = cube(mois(2026, [4]))
    cases = calendrier(Pas.MOIS, date(2026, 1, 1), date(2026, 2, 28), LIVRE)
    assert [r["n"] for r in lues(serie(t, S, cases))] == [4, None]
    blancs = Selection("police", unite="fait", granularite=Granularite.MOIS, vide_vaut_zero=True)
    assert [r["n"] for r in lues(serie(t, blancs, cases))] == [4, 0]


def test_une_valeur_non_diffusee_rend_le_total_non_diffuse(cube):
    t = cube(mois(2026, [4, None, 5]))
    trimestre = calendrier(Pas.TRIMESTRE, date(2026, 1, 1), date(2026, 3, 31), LIVRE)
    assert [(r["n"], r["n_absence"]) for r in lues(serie(t, S, trimestre))] == [(None, "non_diffuse")]
    assert lues(evolution(t, S, AN26, AN25))[0] == {
        "n": None,
        "n_absence": "non_diffuse",
        "precedent": None,
        "precedent_absence": "non_livre",
    }


def test_le_mois_et_l_annee_d_une_source_ne_s_additionnent_pas(cube):
    t = cube([*mois(2026, [1] * 12), ligne("a", date(2026, 1, 1), 12, "annee")])
    par_an = calendrier(Pas.ANNEE, AN26.debut, AN26.fin, LIVRE)
    assert [r["n"] for r in lues(serie(t, S, par_an))] == [12]
    annuelle = Selection("police", unite="fait", granularite=Granularite.ANNEE)
    assert [r["n"] for r in lues(serie(t, annuelle, par_an))] == [12]


def test_une_autre_source_ou_une_autre_unite_reste_dehors(cube):
    t = cube(
        ("police", [*mois(2026, [1]), *mois(2026, [10], unite="victime")]), ("bailleur", mois(2026, [100]))
    )
    janvier = Case(date(2026, 1, 1), date(2026, 1, 31))
    assert lues(periodes(t, S, (("n", janvier),)))[0]["n"] == 1


@pytest.mark.parametrize("manque", ["unite", "granularite"])
def test_une_selection_non_resolue_est_refusee(manque):
    complete = {"unite": "fait", "granularite": Granularite.MOIS, manque: None}
    with pytest.raises(ValueError, match="resolved"):
        evolution(table_cube(), Selection("police", **complete), AN26, AN25)


def test_une_serie_par_commune_distingue_la_commune_inconnue(cube):
    t = cube([*mois(2026, [1, 2], commune="94028"), *mois(2026, [5, 6])])
    cases = calendrier(Pas.MOIS, date(2026, 1, 1), date(2026, 2, 28), LIVRE)
    assert {(r["commune"], r["debut"].month): r["n"] for r in lues(serie(t, S, cases, ("commune",)))} == {
        ("94028", 1): 1,
        ("94028", 2): 2,
        (None, 1): 5,
        (None, 2): 6,
    }


def test_l_annee_scolaire_reunit_deux_annees_civiles(cube):
    t = cube([*mois(2025, [1] * 12), *mois(2026, [10] * 12)])
    cases = calendrier(Pas.ANNEE_SCOLAIRE, date(2025, 9, 1), date(2026, 8, 31), LIVRE)
    assert [r["n"] for r in lues(serie(t, S, cases))] == [4 * 1 + 8 * 10]


def test_une_semaine_a_cheval_n_est_comptee_dans_aucun_des_deux_mois(cube):
    t = cube([ligne("a", date(2026, 1, 26), 7, "semaine"), ligne("a", date(2026, 1, 5), 2, "semaine")])
    hebdo = Selection("police", unite="fait", granularite=Granularite.SEMAINE)
    janvier = Case(date(2026, 1, 1), date(2026, 1, 31))
    assert lues(periodes(t, hebdo, (("n", janvier),)))[0]["n"] == 2


def test_evolution_et_cumul_par_nature(cube):
    t = cube(mois(2025, [5] * 12), mois(2026, [6, 6, 6]), mois(2026, [1, 1], "b"))
    trois = Case(date(2026, 1, 1), date(2026, 3, 31))
    avant = Case(date(2025, 1, 1), date(2025, 3, 31))
    assert [(r["nature"], r["n"], r["precedent"]) for r in lues(cumul(t, S, trois, avant, ("nature",)))] == [
        ("a", 18, 15),
        ("b", 2, None),
    ]
    with pytest.raises(ValueError, match="same day"):
        cumul(t, S, trois, Case(date(2025, 2, 1), date(2025, 3, 31)))


def test_une_repartition_n_a_de_parts_que_si_tout_est_connu(cube):
    t = cube(mois(2025, [3], "a"), mois(2025, [1], "b"), mois(2026, [3], "a"), mois(2026, [None], "b"))
    assert [(r["n"], r["part"]) for r in lues(repartition(t, S, AN25, ("nature",)))] == [(3, 0.75), (1, 0.25)]
    assert [(r["n"], r["part"]) for r in lues(repartition(t, S, AN26, ("nature",)))] == [
        (3, None),
        (None, None),
    ]
    zero = cube(mois(2025, [0], "a"))
    assert [r["part"] for r in lues(repartition(zero, S, AN25, ("nature",)))] == [None]


def test_un_taux_compte_une_fois_la_population_d_un_lieu(cube):
    t = cube(
        [
            *(ligne(k, date(2026, 1, 1), 10, "annee", commune="94028", population=2000.0) for k in "ab"),
            ligne("a", date(2026, 1, 1), 3, "annee", commune="94002"),
        ]
    )
    s = Selection("police", unite="fait", granularite=Granularite.ANNEE)
    obtenus = {
        r["commune"]: (r["n"], r["exposition"], r["taux"]) for r in lues(taux(t, s, AN26, ("commune",)))
    }
    assert obtenus == {"94028": (20, 2000.0, 10.0), "94002": (3, None, None)}
    with pytest.raises(ValueError, match="exposure"):
        taux(t, s, AN26, ("commune",), "surface")


def test_un_classement_met_a_la_fin_ce_qui_n_a_pas_de_nombre(cube):
    valeurs = {"s1": 5, "s2": 9, "s3": 5, "s4": None}
    t = cube([ligne("a", date(2026, 1, 1), n, secteur=s) for s, n in valeurs.items()])
    assert [(r["secteur"], r["rang"]) for r in lues(classement(t, S, AN26, AN25, "secteur"))] == [
        ("s2", 1),
        ("s1", 2),
        ("s3", 2),
        ("s4", None),
    ]


def test_l_inventaire_dit_ce_que_contient_le_depot(cube):
    t = cube([*mois(2026, [1, None]), ligne("b", date(2026, 3, 9), 1, "jour")])
    assert [
        (r["nature"], r["granularite"], r["debut"], r["fin"], r["n_lignes"], r["n_null"])
        for r in lues(inventaire(t))
    ] == [
        ("b", "jour", date(2026, 3, 1), date(2026, 3, 31), 1, 0),
        ("a", "mois", date(2026, 1, 1), date(2026, 2, 28), 2, 1),
    ]


@pytest.mark.parametrize(
    ("debut", "fin"),
    [((2024, 3), (2026, 6)), ((2026, 1), (2026, 12)), ((2025, 12), (2026, 1)), ((2022, 1), (2030, 12))],
)
def test_la_consolidation_met_chaque_mois_a_cote_du_meme_de_l_an_passe(cube, debut, fin):
    lieux = ("94028", "94002", "97105", "97411", None)
    hasard, lignes, attendues = Random(7), [], Counter()
    for i in range(240):
        commune, nature = hasard.choice(lieux), hasard.choice("abc")
        debute = date(hasard.choice((2022, 2024, 2025, 2026)), hasard.randint(1, 12), 1)
        lignes.append(ligne(nature, debute, i % 4, commune=commune, territoire=None if commune else "CSP"))
        departement = commune and commune[: 3 if commune.startswith("97") else 2]
        attendues[debute, nature, departement] += i % 4
    # Years are counted apart, and not added to their months.
    lignes.append(ligne("a", date(2025, 1, 1), 900, "annee", commune="94028"))
    premier, dernier = date(*debut, 1), jour_de_fin(date(*fin, 1), Granularite.MOIS)
    lues_ = expressions.consolidation(cube(lignes), premier, dernier)
    assert {
        (r["mois"], r["nature"], r["departement"]): (r["n"], r["precedent"]) for r in lues(lues_)
    } == {
        (m, nature, d): (n, attendues.get((m.replace(year=m.year - 1), nature, d)))
        for (m, nature, d), n in attendues.items()
        if premier <= m <= dernier
    }  # fmt: skip


def test_les_bords_refuses():
    with pytest.raises(ValueError, match="axis"):
        repartition(table_cube(), S, AN26, ("livraison",))
    with pytest.raises(ValueError, match="period"):
        serie(table_cube(), S, ())
    with pytest.raises(ValueError, match="period"):
        periodes(table_cube(), S, ())


CASES = calendrier(Pas.MOIS, date(2026, 1, 1), date(2026, 3, 31), LIVRE)
TOUTES = {
    "agreger": lambda: agreger(table_observations()),
    "serie": lambda: serie(table_cube(), S, CASES, ("commune",)),
    "evolution": lambda: evolution(table_cube(), S, AN26, AN25, ("nature",)),
    "repartition": lambda: repartition(table_cube(), S, AN26, ("nature",)),
    "taux": lambda: taux(table_cube(), S, AN26, ("commune",)),
    "classement": lambda: classement(table_cube(), S, AN26, AN25, "secteur"),
    "fenetres": lambda: expressions.fenetres(table_cube(), S, (AN26, AN25), ("commune",)),
    "inventaire": lambda: inventaire(table_cube()),
}


@pytest.mark.parametrize("nom", TOUTES)
def test_la_meme_expression_s_ecrit_pour_spark(nom):
    texte = sql(TOUTES[nom](), "`cube`", "pyspark")
    assert "`cube`" in texte
    assert "__base__" not in texte


# Rolling four months, which overlap; the last ones are not delivered whole.
GLISSANTES = tuple(
    Case(
        date(2025 + m // 12, m % 12 + 1, 1),
        date(2025 + (m + 4) // 12, (m + 4) % 12 + 1, 1) - timedelta(1),
        m < 16,
    )
    for m in range(3, 19)
)
PAR = [(), ("secteur",), ("nature", "commune")]
# On Spark, each value once: every pair is a dozen queries.
CROISES = [("duckdb", par, zero) for par in PAR for zero in (True, False)]
CROISES += [
    pytest.param(*spark.values, par, zero, marks=spark.marks)
    for spark in SPARKS
    for par, zero in zip(PAR, (True, False, True), strict=True)
]


@pytest.mark.parametrize(("moteur", "par", "zero"), CROISES, indirect=["moteur"])
def test_l_assemblage_rend_les_memes_lignes_que_l_expression(cube, par, zero):
    lots = [
        ligne("ab"[m % 2], date(an, m, 1), None if m == 5 else m, secteur=s, commune=c)
        for an in (2025, 2026)
        for m in range(1, 11)
        for s, c in (("s1", "94028"), ("s2", "94028"), (None, None))
        if (an, m, s) != (2026, 2, "s1")
    ]
    t = cube(lots)
    s = Selection("police", unite="fait", granularite=Granularite.MOIS, vide_vaut_zero=zero)
    livre = [(date(2025, 1, 1), date(2026, 8, 31))]
    cases = calendrier(Pas.TRIMESTRE, date(2025, 1, 1), date(2026, 12, 31), livre)
    sept = Case(date(2026, 1, 1), date(2026, 8, 31))
    demandes = {
        "serie": (cases, par),
        "periodes": (
            (("n", sept), ("precedent", AN25), ("mai", Case(date(2026, 5, 1), date(2026, 5, 31)))),
            par,
        ),
        "evolution": (sept, AN25, par),
        "fenetres": (GLISSANTES, par),
    }
    if par == ("secteur",):
        demandes["classement"] = (sept, AN25, "secteur")
    for mesure, arguments in demandes.items():
        p = plan(mesure, s, *arguments)
        obtenues = p.assembler(lues(getattr(expressions, p.mesure)(t, *p.arguments)))
        attendues = lues(getattr(expressions, mesure)(t, s, *arguments))
        assert obtenues == attendues, mesure


def test_l_assemblage_refuse_les_memes_bords():
    with pytest.raises(ValueError, match="period"):
        plan("serie", S, ())
    with pytest.raises(ValueError, match="period"):
        plan("periodes", S, ())
    with pytest.raises(ValueError, match="period"):
        plan("fenetres", S, ())
    with pytest.raises(ValueError, match="period"):
        expressions.fenetres(table_cube(), S, ())
    with pytest.raises(ValueError, match="same day"):
        plan("cumul", S, AN26, Case(date(2025, 2, 1), date(2025, 3, 31)))
    assert plan("taux", S, AN26, ("commune",)) is None
