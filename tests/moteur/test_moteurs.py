"""Every measure gives on Spark what it gives on DuckDB: nulls, ties, order and floating points."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pyarrow as pa
import pytest

from pupitre.moteur import brutes, moteurs
from pupitre.moteur.entrepot import Entrepot
from pupitre.moteur.mesures import Case, Pas, calendrier
from pupitre.moteur.mesures.schema import agreger
from pupitre.moteur.moteurs.duckdb import Connexion
from pupitre.moteur.observations import Granularite
from pupitre.moteur.resultats import Audience
from pupitre.moteur.secret import Regles, referencer
from pupitre.moteur.selection import Selection
from tests.moteur.conftest import sur_spark
from tests.moteur.entrepot.fabrique import ligne, mois, table

AN25, AN26 = Case(date(2025, 1, 1), date(2025, 12, 31)), Case(date(2026, 1, 1), date(2026, 12, 31))
LIVRE = ((date(2025, 1, 1), date(2026, 8, 31)),)
TRIMESTRES = tuple(calendrier(Pas.TRIMESTRE, AN25.debut, AN26.fin, LIVRE))
GLISSANTES = tuple(Case(date(2025, m, 1), date(2026, m, 1) - timedelta(1), m < 9) for m in range(1, 13))
COMPTES = Selection("bailleur", unite="fait", granularite=Granularite.MOIS)
ANNUELS = Selection("ssmsi", unite="fait", granularite=Granularite.ANNEE)
FAITS = Selection("police", unite="fait", granularite=Granularite.JOUR, debut=AN25.debut, fin=AN26.fin)
BLANCS = Selection("bailleur", unite="fait", granularite=Granularite.MOIS, vide_vaut_zero=True)

MESURES = {
    "serie": (COMPTES, TRIMESTRES, ("secteur", "nature")),
    "serie des blancs": (BLANCS, TRIMESTRES),
    "periodes": (COMPTES, (("n", AN26), ("avant", AN25)), ("nature", "commune", "secteur")),
    "evolution": (FAITS, AN26, AN25, ("secteur",)),
    "cumul": (FAITS, AN26, AN25),
    "fenetres": (FAITS, GLISSANTES, ("commune",)),
    "repartition": (FAITS, AN26, ("nature",)),
    "repartition inconnue": (COMPTES, AN26, ("secteur",)),
    "taux": (ANNUELS, AN26, ("commune",)),
    "taux par nature": (ANNUELS, AN26, ("nature",), "logements"),
    "classement": (FAITS, AN26, AN25, "secteur"),
    "classement troue": (COMPTES, AN26, AN25, "secteur"),
    "sectorises": (),
    "inventaire": (),
}


def _faits(alea: random.Random) -> list[dict]:
    """Dated facts: equal counts in several secteurs, places and hours unknown."""
    lieux = [("94028", "s1"), ("94028", "s2"), ("94002", None), (None, None)]
    lignes = []
    for i in range(400):
        commune, secteur = lieux[i % 4]
        jour = date(2025, 1, 1) + timedelta(alea.randrange(720))
        point = {"lon": 2.4 + alea.random() / 10, "lat": 48.7 + alea.random() / 10} if i % 3 else {}
        heure = alea.choice([None, 0, 23])
        lignes.append(
            ligne(alea.choice("ab"), jour, 1, "jour", commune=commune, secteur=secteur, heure=heure, **point)
        )
    return [*lignes, lignes[0], lignes[1]]


def _comptes(alea: random.Random) -> list[dict]:
    """Monthly counts that tie, zeroes, withheld values, months that nobody sent."""
    return [
        li
        for secteur in ("s1", "s2", "s3", "É", "e", None)
        for nature in ("a", "b")
        for annee in (2025, 2026)
        for li in mois(
            annee,
            [alea.choice([0, 3, 3, 12] if secteur != "s3" else [None, 7]) for _ in range(8)],
            nature,
            secteur=secteur,
            commune="94028",
        )
        if alea.random() < 0.9
    ]


def _annuels(alea: random.Random) -> list[dict]:
    """Producers' exposures: natures that disagree at one date, a later vintage, fractions, places without any."""
    return [
        ligne(
            nature,
            date(annee, 1, 1),
            alea.choice([0, 5, 5, None]),
            "annee",
            commune=f"940{c:02d}",
            population=None if c == 3 or (c == 4 and nature == "a") else 1000 * c + alea.choice([0.25, 0.5]),
            logements=alea.choice([None, 0.0, 417.5]),
        )
        for annee in (2025, 2026)
        for c in range(1, 9)
        for nature in ("a", "b", "c")
    ]


@pytest.fixture(scope="module")
def publie(tmp_path_factory):
    racine, alea = tmp_path_factory.mktemp("entrepot"), random.Random(2026)
    depot = Entrepot(racine)
    lots = {"police": _faits(alea), "bailleur": _comptes(alea), "ssmsi": _annuels(alea)}
    return racine, depot.compacter("c1", [depot.sceller(table(lot), "c1", s, s) for s, lot in lots.items()])


def _identiques(obtenue: pa.Table, attendue: pa.Table) -> None:
    """Same schema, same rows in the same order, floating points to the bit.

    Exposures are counts: their sums are exact in whatever order executors add them.
    """
    assert obtenue.schema == attendue.schema
    for nom in attendue.column_names:
        assert obtenue[nom].to_pylist() == attendue[nom].to_pylist(), nom


@sur_spark
@pytest.mark.parametrize("mesure", MESURES)
def test_une_mesure_rend_les_memes_lignes_que_sur_duckdb(moteur, publie, mesure):
    racine, manifeste = publie
    nom, arguments = mesure.split()[0], MESURES[mesure]
    attendue = brutes.lire(Entrepot(racine), manifeste, nom, *arguments)
    assert attendue.num_rows
    _identiques(brutes.lire(Entrepot(racine, moteur=moteur), manifeste, nom, *arguments), attendue)


@sur_spark
def test_les_faits_dates_sortent_dans_le_meme_ordre(moteur, publie):
    racine, manifeste = publie
    attendus = brutes.evenements(Entrepot(racine), manifeste, FAITS)
    assert attendus.num_rows == 402
    _identiques(brutes.evenements(Entrepot(racine, moteur=moteur), manifeste, FAITS), attendus)


@sur_spark
def test_le_cube_se_refait_sur_spark_depuis_les_observations(moteur, publie):
    racine, manifeste = publie
    depot = Entrepot(racine, moteur=moteur)
    refait = agreger(depot.observations(manifeste))
    cles = [*refait.columns]
    _identiques(
        refait.order_by(*cles).to_pyarrow(), Entrepot(racine).cube(manifeste).order_by(*cles).to_pyarrow()
    )


@sur_spark
def test_le_secret_retient_les_memes_cases(moteur, publie):
    racine, manifeste = publie
    motifs = [
        referencer(
            brutes.lire(Entrepot(racine, moteur=m), manifeste, "filtrer", COMPTES),
            Audience.PARTENAIRE,
            Regles(),
            couvertures=LIVRE,
        )
        for m in (None, moteur)
    ]
    assert motifs[0].retenues
    assert motifs[0] == motifs[1]


@sur_spark
def test_sans_publication_les_tables_sont_vides_mais_entieres(moteur, publie):
    from pupitre.moteur.entrepot import Manifeste

    racine, _ = publie
    depots = Entrepot(racine), Entrepot(racine, moteur=moteur)
    vides = [d.observations(Manifeste("c1")).to_pyarrow() for d in depots]
    assert vides[0].num_rows == vides[1].num_rows == 0
    assert vides[0].schema == vides[1].schema


@sur_spark
def test_la_grappe_a_bien_deux_executeurs(moteur):
    contexte = moteur.session().sparkContext
    # The driver counts as one.
    assert contexte._jsc.sc().getExecutorMemoryStatus().size() == (3 if "cluster" in contexte.master else 1)


def test_une_session_ouverte_avant_un_fork_est_refusee():
    from pupitre.moteur.moteurs.spark import Spark

    spark = Spark()
    spark._session, spark._pid = object(), -2
    with pytest.raises(RuntimeError, match="fork"):
        spark.executer("SELECT 1")
    # Nor is the parent's session stopped by its child.
    spark.fermer()
    assert spark._session is None


def test_un_moteur_inconnu_est_refuse_en_francais():
    with pytest.raises(moteurs.MoteurRefuse, match=r"« flink » est inconnu.*« duckdb » ou « spark »"):
        moteurs.choisir("flink")


def test_spark_sans_son_lot_ou_sans_java_est_refuse(monkeypatch):
    monkeypatch.setattr(moteurs, "find_spec", lambda nom: None)
    with pytest.raises(moteurs.MoteurRefuse, match=r"requirements/spark\.txt"):
        moteurs.verifier("spark")
    monkeypatch.setattr(moteurs, "find_spec", lambda nom: object())
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(moteurs.shutil, "which", lambda nom: None)
    with pytest.raises(moteurs.MoteurRefuse, match="Java 17"):
        moteurs.verifier("spark")


def test_duckdb_se_rouvre_apres_avoir_ete_ferme():
    connexion = Connexion()
    assert connexion.lignes("SELECT 1 AS x") == [{"x": 1}]
    connexion.fermer()
    assert connexion.lignes("SELECT 2 AS x") == [{"x": 2}]


def test_un_motif_dans_un_chemin_n_en_est_pas_un_pour_hadoop():
    from pupitre.moteur.moteurs.spark import adresse

    assert adresse("/srv/a[1]/{x}*.parquet") == r"file:///srv/a\[1\]/\{x\}\*.parquet"
    assert adresse("s3://bucket/cubes/c1/cube.parquet") == "s3a://bucket/cubes/c1/cube.parquet"
    assert adresse("abfs://c@h/f") == "abfs://c@h/f"
