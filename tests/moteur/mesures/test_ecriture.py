"""SQL written once for questions of one shape is the SQL of each of them, to the letter."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pupitre.moteur.mesures import Case, ecriture
from pupitre.moteur.observations import Granularite
from pupitre.moteur.selection import Selection

# What could be taken for something else: a quote, a place, an axis, a kind of period, a date.
PIEGES = [
    "a",
    "l’été",
    "'",
    "''",
    "⟦0001⟧",
    "'⟦0001⟧'",
    "nature",
    "jour",
    "MAKE_DATE(9001, 1, 1)",
    "__base__",
]


def textes(champ: str):
    """Each field has its own, so that they are written in the order of their values."""
    return st.sampled_from([f"{p}{champ}" for p in PIEGES])


def pluriels(champ: str):
    return st.lists(textes(champ), max_size=3, unique=True).map(tuple)


JOURS = st.dates(date(2015, 1, 1), date(2027, 12, 31))


@st.composite
def periodes(draw):
    debut = draw(JOURS)
    return debut, debut + timedelta(days=draw(st.integers(0, 900)))


@st.composite
def cases(draw):
    return Case(*draw(periodes()), draw(st.booleans()))


@st.composite
def selections(draw, lieux=((), (), ())):
    debut, fin = draw(periodes())
    return Selection(
        draw(textes("1")),
        natures=draw(pluriels("2")),
        territoires=lieux[0],
        communes=lieux[1],
        secteurs=lieux[2],
        debut=debut,
        fin=fin,
        unite=draw(textes("3")),
        granularite=draw(st.sampled_from(Granularite)),
    )


@st.composite
def questions(draw):
    par = draw(st.sampled_from([(), ("nature",), ("secteur",), ("commune", "nature")]))
    lieux = draw(st.tuples(pluriels("4"), pluriels("5"), pluriels("6")))
    une = draw(selections(lieux))
    genre = draw(st.sampled_from(["sommes", "sommes_masquees", "sommes_ensemble"]))
    if genre == "sommes":
        return genre, (une, par)
    masques = tuple(draw(st.lists(cases(), min_size=1, max_size=4)))
    if genre == "sommes_masquees":
        return genre, (une, masques, par)
    plusieurs = (une, *draw(st.lists(selections(lieux), max_size=3)))
    return genre, (plusieurs, par, masques if draw(st.booleans()) else ())


def en_litteraux(sql: str) -> str:
    def jour(m: re.Match[str]) -> str:
        annee, mois, quantieme = map(int, m.groups())
        return m[0] if annee >= 9000 else f"DATE '{date(annee, mois, quantieme)}'"

    return re.sub(r"MAKE_DATE\((\d+), (\d+), (\d+)\)", jour, sql)


@settings(max_examples=150, deadline=None)
@given(questions())
def test_the_text_is_the_one_ibis_writes(question):
    mesure, arguments = question
    ecriture.ecrire.cache_clear()
    obtenu, schema = ecriture.ecrire(mesure, arguments, "duckdb")
    attendu, attendues = ecriture._ecrire(mesure, arguments, "duckdb")
    # Lines are broken by their length, and days are written as literals, which take less time to plan.
    assert "".join(obtenu.split()) == "".join(en_litteraux(attendu).split())
    assert schema == attendues


def test_another_council_another_month_writes_nothing():
    def demander(source: str, mois: int, nature: str) -> None:
        debut, fin = date(2026, mois, 1), date(2026, mois, 28)
        s = Selection(
            source, natures=(nature,), unite="fait", granularite=Granularite.JOUR, debut=debut, fin=fin
        )
        ecriture.ecrire("sommes", (s, ()), "duckdb")
        ecriture.ecrire("sommes_masquees", (s, (Case(debut, fin),), ("secteur",)), "duckdb")
        ecriture.ecrire("sommes_ensemble", ((s, replace(s, source=f"{source}-b")), ()), "duckdb")

    demander("police", 1, "a")
    ecrits = ecriture._ecrire.cache_info().misses
    for rang in range(2, 12):
        demander(f"police-{rang}", rang, f"n{rang}")
    assert ecriture._ecrire.cache_info().misses == ecrits


def test_spark_and_the_rare_measures_are_written_as_they_are():
    s = Selection("police", unite="fait", granularite=Granularite.JOUR)
    for dialecte in ("duckdb", "pyspark"):
        texte, _ = ecriture.ecrire("inventaire", (), dialecte)
        assert ecriture.MARQUE in texte
    assert "'police'" in ecriture.ecrire("sommes", (s, ()), "pyspark")[0]


def test_a_text_that_says_the_mark_is_left_as_it_is():
    source = "read_parquet(['l''entrepôt/a.parquet'])"
    requete = (
        f"SELECT {ecriture.MARQUE}.n FROM {ecriture.MARQUE} WHERE nom = 'l''{ecriture.MARQUE}' OR nom = ''"
    )
    attendu = f"SELECT {source}.n FROM {source} WHERE nom = 'l''{ecriture.MARQUE}' OR nom = ''"
    assert ecriture.poser(requete, source) == attendu
    assert ecriture.poser("SELECT 1 FROM " + ecriture.MARQUE, '"vue_1"') == 'SELECT 1 FROM "vue_1"'


def test_a_filter_is_not_a_query_in_a_query():
    question = (
        Selection("police", unite="fait", granularite=Granularite.JOUR, debut=date(2026, 1, 1)),
        ("secteur",),
    )
    obtenu, _ = ecriture.ecrire("sommes", question, "duckdb")
    assert obtenu.count("SELECT") == 1
    assert "FROM " + ecriture.MARQUE in obtenu
