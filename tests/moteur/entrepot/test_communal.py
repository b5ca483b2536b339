"""The cube summed by commune: the same answers as the cube, in fewer rows, and never where a place is told apart."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random

import pyarrow.parquet as pq
import pytest

from pupitre.moteur import brutes
from pupitre.moteur.consolidation import consolider
from pupitre.moteur.entrepot import Entrepot, Manifeste
from pupitre.moteur.mesures import Case
from pupitre.moteur.observations import Granularite
from pupitre.moteur.selection import Selection
from tests.moteur.entrepot.fabrique import ligne, mois, table

AN = (date(2025, 1, 1), date(2026, 12, 31))
CASES = (Case(*AN), Case(date(2026, 1, 1), date(2026, 12, 31)))
FAITS = Selection("police", unite="fait", granularite=Granularite.JOUR, debut=AN[0], fin=AN[1])
COMPTES = replace(FAITS, source="bailleur", granularite=Granularite.MOIS)


def desordre(source: str, granularite: str) -> list[dict]:
    """Two years of two communes, of places told and untold, of values withheld, of exposures that do not add up."""
    alea = Random(f"{source} {granularite}")
    lignes = []
    for _ in range(400):
        jour = alea.randint(1, 28) if granularite == "jour" else 1
        debut = date(alea.choice((2025, 2026)), alea.randint(1, 12), jour)
        n = None if granularite == "mois" and alea.random() < 0.1 else alea.randint(0, 9)
        lignes.append(
            ligne(
                alea.choice("abc"),
                debut,
                1 if granularite == "jour" else n,
                granularite,
                commune=alea.choice(("94046", "94028", None)),
                secteur=alea.choice(("s1", "s2", "s3", None)),
                territoire=alea.choice(("T", "U", None)),
                population=float(alea.randint(100, 900)),
            )
        )
    return lignes


@pytest.fixture
def depot(tmp_path) -> Entrepot:
    return Entrepot(tmp_path)


def publier(depot: Entrepot, lots: dict[str, list[dict]], precedent: Manifeste | None = None) -> Manifeste:
    scelles = [depot.sceller(table(lot), "c1", source, f"{source}-1") for source, lot in lots.items()]
    return depot.compacter("c1", scelles, precedent)


@pytest.fixture
def manifeste(depot) -> Manifeste:
    return publier(
        depot,
        {
            "police": desordre("police", "jour") + desordre("police", "mois"),
            "bailleur": desordre("bailleur", "mois"),
        },
    )


def rangees(lu) -> list[tuple]:
    return sorted((tuple(li.values()) for li in lu.to_pylist()), key=repr)


QUESTIONS = [
    *(("sommes", s, par) for s, par in product((FAITS, COMPTES), ((), ("nature",), ("nature", "commune")))),
    ("sommes", replace(FAITS, natures=("a", "b"), communes=("94046",)), ()),
    *(("sommes_masquees", s, CASES, ("commune",)) for s in (FAITS, COMPTES)),
    ("sommes_ensemble", (FAITS, replace(COMPTES, natures=("a",)), COMPTES)),
    ("sommes_ensemble", (FAITS, COMPTES), ("commune", "nature"), CASES),
    ("consolidation", date(2026, 1, 1), date(2026, 12, 31), None),
    ("consolidation", date(2026, 1, 1), date(2026, 12, 31), FAITS),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: str(q[0]))
def test_the_answers_are_those_of_the_cube(depot, manifeste, question):
    sans = replace(manifeste, communal=None)
    assert manifeste.communal.lignes < manifeste.cube.lignes
    mesure, *arguments = question
    obtenu = rangees(brutes.lire(depot, manifeste, mesure, *arguments))
    assert obtenu == rangees(brutes.lire(depot, sans, mesure, *arguments))
    assert obtenu


@pytest.mark.parametrize(
    "question",
    [
        ("sommes", replace(FAITS, secteurs=("s1",)), ()),
        ("sommes", replace(FAITS, territoires=("T",)), ()),
        ("sommes", FAITS, ("secteur",)),
        ("sommes_masquees", FAITS, CASES, ("territoire",)),
        ("sommes_ensemble", (replace(FAITS, secteurs=("s1",)), replace(COMPTES, secteurs=("s1",)))),
        ("sommes_ensemble", (FAITS, COMPTES), ("secteur",), CASES),
        ("consolidation", date(2026, 1, 1), date(2026, 12, 31), replace(FAITS, secteurs=("s1",))),
        ("taux", FAITS, CASES[1], ("commune",), "population"),
        ("sectorises",),
        ("inventaire",),
    ],
    ids=lambda q: str(q[0]),
)
def test_what_tells_a_place_apart_or_an_exposure_reads_the_cube(depot, manifeste, question):
    mesure, *arguments = question
    # The commune's file is not even there to be read.
    depot.support.supprimer(manifeste.communal.chemin)
    assert brutes.lire(depot, manifeste, mesure, *arguments).num_rows


def test_councils_of_before_and_of_today_are_read_together(depot, manifeste):
    scelle = depot.sceller(table(desordre("pm", "jour")), "c2", "pm", "pm-1")
    ancien = replace(depot.compacter("c2", [scelle]), communal=None)
    bornes = (date(2026, 1, 1), date(2026, 12, 31))
    obtenu = consolider(depot, [manifeste, ancien], *bornes)
    attendu = consolider(depot, [replace(manifeste, communal=None), ancien], *bornes)
    assert rangees(obtenu) == rangees(attendu)


def test_a_cube_without_places_is_not_written_twice(tmp_path):
    depot = Entrepot(tmp_path)
    m = publier(depot, {"police": mois(2026, [3, 4], territoire=None, commune="94046")})
    assert m.communal is None
    assert brutes.lire(depot, m, "sommes", replace(FAITS, granularite=Granularite.MOIS), ()).num_rows == 2


def test_a_state_of_before_keeps_its_fingerprint_and_gains_the_file_when_published_again(tmp_path):
    depot = Entrepot(tmp_path)
    lots = {"police": desordre("police", "jour")}
    m = publier(depot, lots)
    ancien = replace(m, communal=None)
    assert "communal" not in json.loads(ancien.to_json())
    assert Manifeste.from_json(ancien.to_json()).empreinte == ancien.empreinte != m.empreinte
    assert Manifeste.from_json(m.to_json()) == m
    dates = {f: f.stat().st_mtime_ns for f in (tmp_path / "cubes").rglob("cube-*.parquet")}
    depot.support.supprimer(m.communal.chemin)
    assert publier(depot, lots, ancien) == m
    assert {f: f.stat().st_mtime_ns for f in (tmp_path / "cubes").rglob("cube-*.parquet")} == dates


def test_a_publication_by_pieces_gives_the_same_file(tmp_path):
    depot = Entrepot(tmp_path)
    lignes = desordre("police", "jour")
    un = depot.sceller(table([li for li in lignes if li["debut"].year == 2025]), "c1", "police", "l1")
    deux = depot.sceller(table([li for li in lignes if li["debut"].year == 2026]), "c1", "police", "l2")
    par_morceaux = depot.compacter("c1", [un, deux], depot.compacter("c1", [un]))
    entiere = depot.compacter("c1", [un, deux])

    def lu(m):
        return pq.read_table(tmp_path / m.communal.chemin)

    assert lu(par_morceaux).equals(lu(entiere))
    assert set(lu(entiere)["population"].to_pylist()) == {None}


def test_an_altered_or_missing_file_is_told_and_the_used_one_is_not_swept(tmp_path):
    depot = Entrepot(tmp_path)
    m = publier(depot, {"police": desordre("police", "jour")})
    demain = datetime.now(UTC) + timedelta(days=2)
    assert depot.balayer([m], [s.chemin for s in m.livraisons], maintenant=demain) == []
    octets = bytearray((tmp_path / m.communal.chemin).read_bytes())
    octets[20] ^= 1
    (tmp_path / m.communal.chemin).write_bytes(octets)
    assert depot.verifier(m) == []
    assert depot.verifier(m, contenu=True) == [m.communal.chemin]
    assert depot.balayer([], [], maintenant=demain).count(m.communal.chemin) == 1
    assert depot.verifier(m)[-1] == m.communal.chemin
