"""A partial correction takes away what it says again, no more, no less."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pupitre.moteur.entrepot import Entrepot, Manifeste, Scelle
from pupitre.observatoire.collecte.couverture import Couverture, cles
from tests.moteur.entrepot.fabrique import ligne, mois, table


def visible(depot: Entrepot, manifeste: Manifeste) -> list[dict]:
    return depot.observations(manifeste).to_pyarrow().to_pylist()


def somme(depot: Entrepot, manifeste: Manifeste) -> int:
    """The cube and the observations must say the same."""
    par_cube = depot.cube(manifeste).n.sum().to_pyarrow().as_py() or 0
    par_lignes = sum(li["n"] or 0 for li in visible(depot, manifeste))
    assert par_cube == par_lignes
    return par_cube


@pytest.fixture
def depot(tmp_path):
    return Entrepot(tmp_path / "entrepot")


def test_a_month_taken_away_and_given_back(depot):
    ancienne = depot.sceller(table(mois(2025, [1, 2, 4, 8])), "c", "s", "a")
    nouvelle = depot.sceller(table([ligne("a", date(2025, 3, 1), 40)]), "c", "s", "b")
    premier = depot.compacter("c", [ancienne])
    assert somme(depot, premier) == 15
    corrigee = ancienne.sans([("mois", "2025-03-01", "T")])
    second = depot.compacter("c", [corrigee, nouvelle], premier)
    assert somme(depot, second) == 1 + 2 + 40 + 8
    # The former state is still whole for whoever reads it.
    assert somme(depot, premier) == 15
    assert Manifeste.from_json(second.to_json()) == second
    assert second.empreinte_de("s") != premier.empreinte_de("s")
    # Withdrawing something else from the same file is another state, even though the file has not changed.
    troisieme = depot.compacter("c", [ancienne.sans([("mois", "2025-04-01", "T")]), nouvelle], second)
    assert somme(depot, troisieme) == 1 + 2 + 4 + 40


def test_manifests_written_before_withdrawals_are_read(depot):
    scelle = depot.sceller(table(mois(2025, [1])), "c", "s", "a")
    brut = scelle.to_dict()
    del brut["retraits"]
    assert Scelle.from_dict(brut) == scelle
    assert scelle.cite == f"a:{scelle.sha256}"


def test_a_quote_in_the_name_of_a_place(depot):
    lignes = mois(2025, [1, 2], territoire="CIAT D'ARRAS") + mois(2025, [4, 8], territoire="CIAT DE LENS")
    scelle = depot.sceller(table(lignes), "c", "s", "a").sans([("mois", "2025-01-01", "CIAT D'ARRAS")])
    assert somme(depot, depot.compacter("c", [scelle])) == 14


def test_facts_go_by_months_or_by_weeks(depot):
    jours = [date(2025, 9, 29), date(2025, 9, 30), date(2025, 10, 1), date(2025, 10, 5), date(2025, 10, 6)]
    lignes = [ligne("a", j, 10**i, "jour", territoire=None) for i, j in enumerate(jours)]
    scelle = depot.sceller(table(lignes), "c", "s", "a")
    du_mois = scelle.sans([("mois:faits", "2025-10-01", "")])
    assert somme(depot, depot.compacter("c", [du_mois])) == 11
    de_la_semaine = scelle.sans([("semaine:faits", "2025-09-29", "")])
    assert somme(depot, depot.compacter("c", [de_la_semaine])) == 10_000


LIEUX = st.sampled_from(["94028", "94002", None])
GRANULARITES = st.sampled_from(["jour", "semaine", "mois", "trimestre", "annee"])


@st.composite
def observations(draw):
    lignes = []
    for _ in range(draw(st.integers(1, 14))):
        granularite = draw(GRANULARITES)
        jour = date(draw(st.integers(2023, 2025)), draw(st.integers(1, 12)), draw(st.integers(1, 28)))
        if granularite not in ("jour", "semaine"):
            jour = jour.replace(day=1)
        lignes.append(
            ligne(
                "a", jour, draw(st.integers(1, 9)), granularite, commune=draw(LIEUX), territoire=draw(LIEUX)
            )
        )
    return table(lignes)


@settings(max_examples=60, deadline=None)
@given(observations(), st.data(), st.booleans())
def test_the_store_and_the_catalogue_agree_on_what_is_withdrawn(tmp_path_factory, lues, data, hebdomadaire):
    """What SQL leaves out is exactly what the coverage calls those cells."""
    depot = Entrepot(tmp_path_factory.mktemp("e"))
    cases = Couverture.de_table(lues, hebdomadaire=hebdomadaire).en_json()
    retires = data.draw(st.lists(st.sampled_from(cases), unique_by=tuple))
    scelle = depot.sceller(lues, "c", "s", "a").sans([tuple(c) for c in retires])
    restent = somme(depot, depot.compacter("c", [scelle]))
    par_ligne = zip(*(cles(lues, hebdomadaire=hebdomadaire)[c].to_pylist() for c in "gdl"), strict=True)
    partis = {tuple(c) for c in retires}
    garde = pa.array([(g, d.isoformat(), lieu) not in partis for g, d, lieu in par_ligne])
    assert restent == (pc.sum(lues["n"].filter(garde)).as_py() or 0)
