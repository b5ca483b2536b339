"""What a measure reads, in counts that depend on no machine: queries, files opened, rows kept, bytes.

A page that opens one file more, or filters in Python what the scan could leave out, fails here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from benchmarks.pays import _magasin
from benchmarks.pays._conseils import ordre
from benchmarks.pays._faits import sources
from benchmarks.pays._questions import AN, AVANT, CHIFFRES, DEPUIS, TOUT, en_mesures

from pupitre.moteur import brutes, inventaire
from pupitre.moteur.consolidation import consolider
from pupitre.moteur.entrepot import Connexion, Entrepot
from pupitre.moteur.mesures import Case
from pupitre.moteur.mesures.schema import COLONNES_CUBE
from pupitre.moteur.resultats import Audience
from pupitre.moteur.selection import Selection

COMMUNE = ordre()[1]


@dataclass
class Lectures:
    """`gardees`: rows that left the scans of each query; `rendues`: rows handed to Python."""

    requetes: list[str] = field(default_factory=list)
    fichiers: list[int] = field(default_factory=list)
    gardees: list[int] = field(default_factory=list)
    rendues: list[int] = field(default_factory=list)
    octets: int = 0


@pytest.fixture(scope="module")
def depot(tmp_path_factory) -> Entrepot:
    return Entrepot(tmp_path_factory.mktemp("entrepot"), Connexion())


@pytest.fixture(scope="module")
def manifeste(depot):
    """The median council of the country: ten years, ten sources, 23,500 observations."""
    lus = depot.compacter(
        COMMUNE.conseil, [s for source in sources() for s in _magasin.livrer(depot, COMMUNE, source)]
    )
    inventaire.inventorier(depot, lus)  # kept once for all readers
    return lus


def _parcours(noeud: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield noeud
    for enfant in noeud.get("children", ()):
        yield from _parcours(enfant)


@contextmanager
def compter(depot: Entrepot, monkeypatch) -> Iterator[Lectures]:
    """What is read of figures that nobody has asked yet in this process."""
    brutes.LUES.oublier()
    lectures = Lectures()
    vraies = {nom: getattr(Connexion, nom) for nom in ("lignes", "executer")}

    def espion(nom):
        def lire(connexion, sql):
            resultat = vraies[nom](connexion, sql)
            explique = connexion.backend().con.execute(f"EXPLAIN (ANALYZE, FORMAT json) {sql}")
            profil = json.loads(explique.fetchall()[0][1])
            noeuds = _parcours({"children": profil["operator"]})
            scans = [n for n in noeuds if "Total Files Read" in n.get("extra_info", ())]
            lectures.requetes.append(sql)
            lectures.fichiers.append(sum(int(n["extra_info"]["Total Files Read"]) for n in scans))
            lectures.gardees.append(sum(n["intermediate_rows"] for n in scans))
            lectures.rendues.append(len(resultat) if isinstance(resultat, list) else resultat.num_rows)
            lectures.octets += profil["io"]["total_bytes_read"]
            return resultat

        return lire

    with monkeypatch.context() as m:
        for nom in vraies:
            m.setattr(Connexion, nom, espion(nom))
        # One after the other, so that queries are told in the order in which they are asked.
        m.setattr(Connexion, "ensemble", lambda _, lectures: [lecture() for lecture in lectures])
        yield lectures


def lignes_du_communal(depot, manifeste, source: str, depuis: date, natures=()) -> int:
    cube = depot.moteur.table(depot.vue_cube(manifeste, par_commune=True), COLONNES_CUBE)
    lus = cube.filter(cube.source == source, cube.debut >= depuis)
    if natures:
        lus = lus.filter(lus.nature.isin(natures))
    return lus.count().to_pyarrow().as_py()


def test_a_dashboard_is_two_queries_on_one_file(depot, manifeste, monkeypatch):
    mesures = en_mesures(depot, manifeste, COMMUNE, Audience.PARTENAIRE)
    mesures.tableau()  # patterns, kept once for all readers
    with compter(depot, monkeypatch) as lues:
        mesures.tableau()
    assert lues.fichiers == [1, 1]
    # Neither the sealed deliveries nor the yearly files: figures of the commune read its sums, and only what tells
    # secteurs apart reads the cube; of either, never more than twice its size.
    assert depot.source_cube(manifeste, par_commune=True) in lues.requetes[0]
    assert depot.source_cube(manifeste) in lues.requetes[1]
    assert lues.octets <= 2 * (manifeste.cube.octets + manifeste.communal.octets)
    # Nor the columns of which the inventory has already said all.
    assert not [c for c in ("unite", "granularite", "n_lignes", "n_null") if c in lues.requetes[1]]
    # Figures hand over their months; a ranking, a few rows a secteur and not one a month.
    assert lues.rendues[0] == 37 * len(CHIFFRES)
    assert lues.rendues[1] <= 4 * COMMUNE.secteurs


def test_a_state_read_once_is_not_read_again_whoever_reads(depot, manifeste, monkeypatch):
    partenaire = en_mesures(depot, manifeste, COMMUNE, Audience.PARTENAIRE)
    interne = en_mesures(depot, manifeste, COMMUNE, Audience.INTERNE)
    premiere = partenaire.tableau()
    with compter(depot, monkeypatch) as lues:
        tout = interne.tableau()
        assert len(lues.requetes) == 2
        # The rows are those before the control, which each reader goes through.
        assert partenaire.tableau() == premiere
        assert interne.tableau() == tout
    assert len(lues.requetes) == 2
    assert premiere.classement != tout.classement


def test_the_scan_keeps_only_the_source_and_the_months(depot, manifeste, monkeypatch):
    mesures = en_mesures(depot, manifeste, COMMUNE, Audience.INTERNE)
    with compter(depot, monkeypatch) as lues:
        mesures.series([("mairies", None)])
        mesures.series([("etat4001", "4001:1")])
    assert lues.gardees == [
        lignes_du_communal(depot, manifeste, "mairies", DEPUIS),
        lignes_du_communal(depot, manifeste, "etat4001", DEPUIS, ("4001:1",)),
    ]


def test_the_series_of_a_city_reads_no_row_of_its_secteurs(depot, monkeypatch):
    ville = ordre()[0]
    source = next(s for s in sources() if s.code == "mairies")
    lus = depot.compacter(ville.conseil, _magasin.livrer(depot, ville, source))
    inventaire.inventorier(depot, lus)
    with compter(depot, monkeypatch) as lues:
        en_mesures(depot, lus, ville, Audience.INTERNE).series([("mairies", None)])
    # Nine natures and thirty-seven months, whatever the number of secteurs.
    assert lues.gardees == [9 * 37]
    assert lus.communal.lignes * 20 < lus.cube.lignes


def test_the_control_costs_no_query_once_the_pattern_is_ready(depot, manifeste, monkeypatch):
    interne = en_mesures(depot, manifeste, COMMUNE, Audience.INTERNE)
    partenaire = en_mesures(depot, manifeste, COMMUNE, Audience.PARTENAIRE)
    partenaire.tableau()
    with compter(depot, monkeypatch) as sans:
        interne.tableau()
    with compter(depot, monkeypatch) as avec:
        partenaire.tableau()
    assert avec.requetes == sans.requetes
    assert avec.octets == sans.octets


@pytest.mark.parametrize(("debut", "fin", "annees"), [((2025, 3), (2025, 9), 1), ((2024, 11), (2026, 2), 3)])
def test_dated_facts_open_the_years_of_the_period_only(depot, manifeste, monkeypatch, debut, fin, annees):
    selection = Selection("mairies", debut=date(*debut, 1), fin=date(*fin, 28))
    ouverts = []
    vraie = depot.moteur.vue

    def vue(adresses, colonnes, **options):
        ouverts.append(len(adresses))
        return vraie(adresses, colonnes, **options)

    monkeypatch.setattr(depot.moteur, "vue", vue)
    assert brutes.evenements(depot, manifeste, selection).num_rows
    assert ouverts == [annees]


def test_councils_together_open_one_cube_each(depot, manifeste, monkeypatch):
    autre = ordre()[2]
    second = depot.compacter(autre.conseil, list(_magasin.livrer(depot, autre, sources()[-1])))
    with compter(depot, monkeypatch) as lues:
        table = consolider(depot, [manifeste, second], date(2025, 1, 1), date(2025, 12, 31))
    assert len(lues.requetes) == 1
    assert lues.fichiers == [2]
    # Read once, whatever the year before asks.
    cube = depot.moteur.table(depot.vue_cube(manifeste, par_commune=True), COLONNES_CUBE)
    periode = cube.filter(cube.debut >= date(2024, 1, 1), cube.fin <= date(2025, 12, 31)).count()
    assert lues.gardees[0] >= periode.to_pyarrow().as_py()
    assert lues.octets <= 2 * (manifeste.communal.octets + second.communal.octets)
    assert {li["departement"] for li in table.to_pylist()} == {"35", autre.code[:2]}


def test_the_months_of_a_ranking_are_summed_where_they_are(depot, manifeste, monkeypatch):
    """Ten years by secteur: what leaves the engine does not grow with the number of months."""
    mesures = en_mesures(depot, manifeste, COMMUNE, Audience.INTERNE)
    with compter(depot, monkeypatch) as lues:
        mesures.classement({"an": Case(*AN), "precedent": Case(*AVANT), "tout": Case(*TOUT)})
    assert lues.gardees[0] > 1000
    assert lues.rendues[0] <= 4 * COMMUNE.secteurs
