from datetime import date

import pytest

from pupitre.moteur.consolidation import consolider
from pupitre.moteur.entrepot import Entrepot
from pupitre.moteur.observations import Granularite
from pupitre.moteur.selection import Selection
from tests.moteur.entrepot.fabrique import ligne, table

AN = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def depot(tmp_path):
    return Entrepot(tmp_path)


def conseil(depot, nom, *lignes, source="police"):
    return depot.compacter(nom, [depot.sceller(table(list(lignes)), nom, source, f"l-{source}")])


def lus(depot, manifestes, *periode, **options):
    lignes = consolider(depot, manifestes, *(periode or AN), **options).to_pylist()
    return {
        (li["mois"].isoformat()[:7], li["source"], li["nature"], li["departement"]): (
            li["n"],
            li["precedent"],
        )
        for li in lignes
    }


def test_councils_of_one_departement_add_up_beside_the_year_before(depot):
    a = conseil(
        depot,
        "a",
        ligne("x", date(2026, 3, 1), 5, commune="94028", secteur="s1"),
        ligne("x", date(2026, 3, 1), 2, commune="94028", secteur="s2"),
        ligne("x", date(2025, 3, 1), 4, commune="94028"),
        # Dated facts are counted by month; other paces say the same facts again and are left out.
        ligne("x", date(2026, 4, 17), 1, "jour", commune="94028"),
        ligne("x", date(2026, 1, 1), 500, "annee", commune="94028"),
    )
    b = conseil(
        depot,
        "b",
        ligne("x", date(2026, 3, 1), 10, commune="94002"),
        ligne("x", date(2026, 3, 1), 7, commune="97105"),
        ligne("y", date(2026, 3, 1), 3, territoire="CSP", commune=None),
        ligne("x", date(2025, 5, 1), 8, commune="94002"),
    )
    assert lus(depot, [a, b]) == {
        ("2026-03", "police", "x", "94"): (17, 4),
        ("2026-04", "police", "x", "94"): (1, None),
        ("2026-03", "police", "x", "971"): (7, None),
        ("2026-03", "police", "y", None): (3, None),
    }
    # Months before the first one wanted serve to compare and are not shown.
    assert ("2025-03", "police", "x", "94") in lus(depot, [a, b], date(2025, 1, 1), AN[1])


def test_sources_stay_apart_and_a_selection_keeps_one(depot):
    a = conseil(depot, "a", ligne("x", date(2026, 3, 1), 5, commune="94028"))
    b = conseil(depot, "b", ligne("x", date(2026, 3, 1), 9, commune="94002"), source="bailleur")
    assert set(lus(depot, [a, b]).values()) == {(5, None), (9, None)}
    bailleur = Selection("bailleur", unite="fait", granularite=Granularite.MOIS)
    assert lus(depot, [a, b], selection=bailleur) == {("2026-03", "bailleur", "x", "94"): (9, None)}


def test_nothing_published_gives_no_line(depot):
    assert consolider(depot, [depot.compacter("a", [])], *AN).num_rows == 0
    assert consolider(depot, [], *AN).column_names[-2:] == ["n", "precedent"]


def test_what_cannot_be_added_is_refused(depot):
    a = conseil(depot, "a", ligne("x", date(2026, 3, 1), 5, commune="94028"))
    with pytest.raises(ValueError, match="twice"):
        consolider(depot, [a, a], *AN)
    for debut, fin in ((date(2026, 1, 2), AN[1]), (AN[1].replace(day=1), AN[0])):
        with pytest.raises(ValueError, match="period"):
            consolider(depot, [a], debut, fin)
