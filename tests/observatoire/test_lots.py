"""What is worked on some rows at a time says what the whole says."""

from __future__ import annotations

import random
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import shapely

from pupitre.moteur.observations import Granularite, PrecisionLieu, jour_de_fin
from pupitre.moteur.sources.lecture.fabrique import Codes, table
from pupitre.observatoire.chiffres import catalogue
from pupitre.observatoire.collecte import localisation, vraisemblance
from pupitre.observatoire.collecte.couverture import Couverture
from pupitre.territoires.decoupages import importer_decoupage
from tests.moteur.geographie.formes import carre, en_degres, quartiers
from tests.observatoire import fabrique

LIGNES = 400
LUS_PAR_LOTS = (
    "sources.fichiers.debord",
    "sources.lecture.fabrique",
    "sources.fichiers.feuille",
    "sources.tableaux.points",
)
# More secteurs than a byte tells apart.
RANGEES, COLONNES = 10, 15


@pytest.fixture
def par_sept(monkeypatch):
    def couper():
        for module in ("colonnes", *LUS_PAR_LOTS):
            monkeypatch.setattr(f"pupitre.moteur.{module}.LOT", 7)

    return couper


@pytest.fixture
def decoupe(conseil):
    carres = [carre(x * 100, y * 100, 100) for x in range(COLONNES) for y in range(RANGEES)]
    importer_decoupage(
        conseil=conseil,
        fichier=quartiers(*en_degres(*carres)),
        nom="Carreaux",
        debut=date(2020, 1, 1),
        origine="Service de cartographie",
    )
    return conseil


def coder(hasard, choix):
    return Codes(np.array([hasard.randrange(len(choix)) for _ in range(LIGNES)], dtype=np.int16), choix)


def observations(graine: int, genres: tuple[Granularite, ...]) -> pa.Table:
    hasard = random.Random(graine)
    (centre,) = en_degres(carre(0, 0, 1700))
    x0, y0, x1, y1 = shapely.bounds(centre)
    sans_point = [hasard.random() < 0.3 or i < 30 for i in range(LIGNES)]
    lon = [None if sans else hasard.uniform(x0, x1) for sans in sans_point]
    lat = [None if sans else hasard.uniform(y0, y1) for sans in sans_point]
    jours = [date(2025, 1, 1) + timedelta(days=31 * hasard.randrange(12)) for _ in range(20)]
    genre = hasard.choice(genres)
    rangs = coder(hasard, jours)
    return table(
        LIGNES,
        nature=coder(hasard, ["inc:occupation_hall", "inc:epave"]),
        debut=rangs,
        fin=Codes(rangs.positions, [jour_de_fin(j, genre) for j in jours]),
        granularite=genre.value,
        commune=coder(hasard, ["94028", "94002", None]),
        territoire=coder(hasard, ["Nord", "Sud", None]),
        secteur=coder(hasard, ["Quartier 3", "q12", "Ailleurs", "Zut", None, None]),
        lon=pa.array(lon, pa.float64()),
        lat=pa.array(lat, pa.float64()),
        precision_lieu=coder(hasard, [PrecisionLieu.COMMUNE.value, PrecisionLieu.TERRITOIRE.value]),
        n=pa.array([hasard.choice([1, 2, None]) for _ in range(LIGNES)], pa.int64()),
        unite="fait",
    )


@pytest.mark.parametrize("graine", range(4))
def test_facts_located_by_lots_are_where_they_are(decoupe, tmp_path, par_sept, graine):
    source = fabrique.source(decoupe, format="faits", description={})
    lues = observations(graine, (Granularite.JOUR,))
    entieres = localisation.rattacher(lues, source)
    assert pc.max(entieres.table["secteur"].combine_chunks().indices).as_py() > np.iinfo(np.int8).max
    par_sept()
    assert localisation.rattacher(lues, source, tmp_path) == entieres


@pytest.mark.parametrize("graine", range(8))
def test_what_a_file_covers_and_how_plausible_it_is_do_not_depend_on_lots(decoupe, par_sept, graine):
    source = fabrique.source(decoupe)
    lues = observations(graine, (Granularite.JOUR, Granularite.MOIS, Granularite.TRIMESTRE))

    def dire():
        couvertures = [Couverture.de_table(lues, hebdomadaire=h) for h in (False, True)]
        return couvertures, vraisemblance._series(lues), vraisemblance.controler(lues, source)

    entiere = dire()
    par_sept()
    assert dire() == entiere


def test_a_delivery_sealed_beside_long_constants_has_the_same_bytes(decoupe, par_sept):
    lues = observations(0, (Granularite.JOUR,))
    entier = catalogue.entrepot().sceller(lues, decoupe.slug, "halls", "une")
    par_sept()
    assert catalogue.entrepot().sceller(lues, decoupe.slug, "halls", "une").sha256 == entier.sha256
