"""What the inventory says before any row is read: fewer words in the question, and the same rows."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pupitre.moteur import brutes, calcul, inventaire
from pupitre.moteur.entrepot import Entrepot
from pupitre.moteur.mesures import Case, Pas, calendrier
from pupitre.moteur.observations import Granularite
from pupitre.moteur.selection import Selection
from tests.moteur.entrepot.fabrique import ligne, mois, table

DEBUT, FIN = date(2025, 1, 1), date(2026, 12, 31)
LIVRE = ((DEBUT, date(2026, 9, 30)),)
ANNEES = tuple(Case(date(a, 1, 1), date(a, 12, 31), a == 2025) for a in (2025, 2026))
MARS = Case(date(2026, 3, 1), date(2026, 3, 31))
JOUR, MOIS = Granularite.JOUR, Granularite.MOIS
PERIMETRES = (
    ("tenue", "fait", JOUR),
    ("trouee", "fait", JOUR),
    ("comptee", "fait", MOIS),
    ("double", "fait", JOUR),
    ("double", "victime", MOIS),
)


def faits(nature, secteur, n=1, jours=(3, 40, 200, 420, 500)):
    return [
        ligne(nature, date.fromordinal(DEBUT.toordinal() + j), n, "jour", secteur=secteur, commune="94028")
        for j in jours
    ]


@pytest.fixture(scope="module")
def depot(tmp_path_factory):
    """« tenue » has a number in every row, « trouee » not for « b », « double » two units and two granularities."""
    d = Entrepot(tmp_path_factory.mktemp("entrepot"))
    livres = {
        "tenue": [*faits("a", "s1"), *faits("b", "s2", 2), *faits("b", None, 4)],
        "trouee": [*faits("a", "s1"), *faits("b", "s2", None), *faits("c", "s1", 3)],
        "comptee": [*mois(2025, [5, None, 0, 7], "a"), *mois(2026, [1, 2], "b", secteur="s1")],
        "double": [*faits("a", "s1"), *mois(2026, [4, None], "b", unite="victime", secteur="s2")],
    }
    return d, d.compacter("c1", [d.sceller(table(li), "c1", code, code) for code, li in livres.items()])


@pytest.mark.parametrize(
    ("perimetre", "natures", "seule", "pleine", "restent"),
    [
        (PERIMETRES[0], ("a", "b", "z"), True, True, ()),
        (PERIMETRES[0], ("a",), True, True, ("a",)),
        (PERIMETRES[1], (), True, False, ()),
        (PERIMETRES[1], ("a", "b"), True, False, ("a", "b")),
        (PERIMETRES[1], ("a", "c"), True, True, ("a", "c")),
        (PERIMETRES[2], ("b",), True, True, ("b",)),
        (PERIMETRES[3], (), False, True, ()),
        (PERIMETRES[4], (), False, False, ()),
        (("absente", "fait", JOUR), ("a", "b"), False, False, ("a", "b")),
        (("tenue", "victime", JOUR), (), False, False, ()),
    ],
)
def test_what_is_known_of_a_perimeter(depot, perimetre, natures, seule, pleine, restent):
    source, unite, granularite = perimetre
    demandee = Selection(source, natures, unite=unite, granularite=granularite)
    lue = inventaire.elaguer(*depot, demandee)
    assert (lue.seule, lue.pleine, lue.natures) == (seule, pleine, restent)


@st.composite
def questions(draw):
    source, unite, granularite = draw(st.sampled_from(PERIMETRES))
    selection = Selection(
        source,
        tuple(draw(st.sets(st.sampled_from("abc")))),
        secteurs=draw(st.sampled_from([(), ("s1",)])),
        unite=unite,
        granularite=granularite,
    )
    par = draw(st.sampled_from([(), ("nature",), ("secteur",)]))
    douze = calendrier(Pas.MOIS, draw(st.sampled_from([DEBUT, MARS.debut])), FIN, LIVRE)
    colonnes = tuple(zip(("an", "avant", "mars"), (*ANNEES, MARS), strict=True))
    return draw(
        st.sampled_from(
            [
                ("serie", selection, douze, par),
                ("fenetres", selection, ANNEES, par),
                ("periodes", selection, colonnes, par),
                ("evolution", selection, *ANNEES, par),
                ("classement", selection, MARS, ANNEES[1], "secteur"),
                ("repartition", selection, ANNEES[0], ("nature",)),
            ]
        )
    )


@settings(max_examples=120, deadline=None)
@given(st.lists(questions(), min_size=1, max_size=5))
def test_the_rows_are_those_of_the_question_as_it_was_asked(depot, posees):
    def lues(toutes):
        brutes.LUES.oublier()
        return brutes.ensemble(*depot, toutes, lambda _, lignes: [dict(li) for li in lignes])

    ensemble = lues([(m, inventaire.elaguer(*depot, s), *reste) for m, s, *reste in posees])
    assert ensemble == [lues([question])[0] for question in posees]


def test_each_question_is_answered_at_its_own_rank_known_or_not(depot):
    """The same question twice, one read before, one that no other query answers."""
    calcul.oublier()
    selection = Selection("tenue", unite="fait", granularite=JOUR)
    serie = ("serie", selection, calendrier(Pas.MOIS, DEBUT, FIN, LIVRE), ())
    part = ("repartition", selection, ANNEES[0], ("nature",))
    connue = ("evolution", selection, *ANNEES, ("secteur",))
    brutes.ensemble(*depot, [connue], lambda *_: None)
    rendues = brutes.ensemble(
        *depot, [serie, connue, part, serie], lambda rang, lignes: (rang, sorted(lignes[0]))
    )
    assert rendues == [
        (0, ["debut", "fin", "n", "n_absence"]),
        (1, ["n", "n_absence", "precedent", "precedent_absence", "secteur"]),
        (2, ["n", "n_absence", "nature", "part"]),
        (3, ["debut", "fin", "n", "n_absence"]),
    ]


def test_what_fails_after_the_reading_is_raised(depot):
    calcul.oublier()
    selection = Selection("tenue", unite="fait", granularite=JOUR)
    posees = [("evolution", selection, *ANNEES, (axe,)) for axe in ("secteur", "nature")]

    def echouer(rang, _):
        raise ValueError(f"rang {rang}")

    with pytest.raises(ValueError, match="rang 0"):
        brutes.ensemble(*depot, posees, echouer)


def test_what_was_known_of_a_state_is_not_said_of_the_next_one(tmp_path, moteur):
    """A later delivery withholds a number, and counts by the month in another unit."""
    d = Entrepot(tmp_path, moteur=moteur)
    selection = Selection("tenue", unite="fait", granularite=JOUR)
    question = ("periodes", selection, (("an", ANNEES[0]),), ())

    def lues(etat):
        m, s, *reste = question
        pose = (m, inventaire.elaguer(d, etat, s), *reste)
        return brutes.ensemble(d, etat, [pose], lambda _, lignes: [dict(li) for li in lignes])[0]

    premiere = d.sceller(table(faits("a", "s1", 2)), "c1", "tenue", "l1")
    suite = [*faits("b", "s1", None), *mois(2025, [9], "a", unite="victime")]
    seconde = d.sceller(table(suite), "c1", "tenue", "l2")
    avant, apres = d.compacter("c1", [premiere]), d.compacter("c1", [premiere, seconde])
    assert lues(avant) == [{"an": 6, "an_absence": None}]
    assert lues(apres) == [{"an": None, "an_absence": "non_diffuse"}]
    assert lues(avant) == [{"an": 6, "an_absence": None}]
