import os
import threading
import time
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pupitre.moteur.entrepot import Connexion, Entrepot, Manifeste, Reglages, Scelle
from pupitre.moteur.observations import SCHEMA_LECTURE, SCHEMA_OBSERVATION
from tests.moteur.entrepot.fabrique import ligne, mois, table


@pytest.fixture
def depot(tmp_path):
    return Entrepot(tmp_path / "depot")


def sceller(depot, lignes, livraison="l1", source="police", conseil="c1"):
    return depot.sceller(table(lignes), conseil, source, livraison)


def test_une_livraison_scellee_garde_ses_lignes_dans_l_ordre_du_fichier(depot):
    s = sceller(depot, mois(2026, [3, 1, 2]))
    lu = pq.read_table(depot.racine / s.chemin)
    assert lu.schema.equals(SCHEMA_OBSERVATION)
    assert lu["n"].to_pylist() == [3, 1, 2]
    assert set(lu["conseil"].to_pylist()) == {"c1"}
    assert (s.lignes, s.annees, s.debut, s.fin) == (3, (2026,), date(2026, 1, 1), date(2026, 3, 31))
    assert depot.verifier(Manifeste("c1", (s,)), contenu=True) == []


def test_sceller_deux_fois_la_meme_chose_ne_fait_qu_un_fichier(depot):
    assert sceller(depot, mois(2026, [1])) == sceller(depot, mois(2026, [1]))
    assert len(list(depot.racine.rglob("*.parquet"))) == 1


@pytest.mark.parametrize("nom", ["../c2", "a/b", "", ".cache", "a..b", "é", "a\x00"])
def test_un_nom_qui_sortirait_du_dossier_est_refuse(depot, nom):
    with pytest.raises(ValueError, match="nommer un fichier"):
        sceller(depot, mois(2026, [1]), livraison=nom)
    assert not depot.racine.exists()


@pytest.mark.parametrize("colonne", ["nature", "debut", "fin", "granularite", "unite"])
def test_une_observation_sans_valeur_obligatoire_est_refusee(depot, colonne):
    with pytest.raises(ValueError, match=colonne):
        sceller(depot, [{**ligne("a", date(2026, 1, 1), 1), colonne: None}])
    assert not depot.racine.exists()


def test_une_periode_a_l_envers_ou_un_autre_schema_sont_refuses(depot):
    with pytest.raises(ValueError, match="période"):
        sceller(depot, [ligne("a", date(2026, 2, 1), 1, fin=date(2026, 1, 1))])
    with pytest.raises(TypeError):
        depot.sceller(pa.table({"n": [1]}), "c1", "police", "l1")


def test_sans_livraison_les_tables_sont_vides_mais_entieres(depot):
    m = depot.compacter("c1", [])
    assert m.cube is None
    assert depot.cube(m).to_pyarrow().num_rows == 0
    assert depot.observations(m).to_pyarrow().schema.equals(SCHEMA_OBSERVATION)


def test_une_livraison_vide_se_publie(depot):
    s = depot.sceller(SCHEMA_LECTURE.empty_table(), "c1", "police", "l0")
    m = depot.compacter("c1", [s])
    assert depot.observations(m).to_pyarrow().num_rows == 0
    assert m.livraisons == (s,)


def test_le_cube_somme_et_compte_ce_qui_n_est_pas_diffuse(depot):
    lignes = [
        ligne("a", date(2026, 1, 5), 1, "jour", secteur="s1"),
        ligne("a", date(2026, 1, 5), 1, "jour", secteur="s1"),
        ligne("a", date(2026, 1, 31), 1, "jour", secteur="s1"),
        ligne("a", date(2026, 1, 1), 7),
        ligne("a", date(2026, 1, 1), None),
        ligne("a", date(2026, 1, 1), 80, "annee"),
    ]
    m = depot.compacter("c1", [sceller(depot, lignes)])
    obtenu = {
        (r["granularite"], r["secteur"]): (r["debut"], r["fin"], r["n"], r["n_lignes"], r["n_null"])
        for r in depot.cube(m).to_pyarrow().to_pylist()
    }
    janvier = (date(2026, 1, 1), date(2026, 1, 31))
    assert obtenu == {
        ("jour", "s1"): (*janvier, 3, 3, 0),
        ("mois", None): (*janvier, 7, 2, 1),
        ("annee", None): (date(2026, 1, 1), date(2026, 12, 31), 80, 1, 0),
    }


def test_une_publication_ne_refait_que_les_annees_touchees(depot):
    a = sceller(depot, mois(2024, [1] * 12) + mois(2025, [2] * 12))
    un = depot.compacter("c1", [a])
    b = sceller(depot, mois(2026, [3]), "l2")
    deux = depot.compacter("c1", [a, b], un)
    assert dict(deux.annees)[2024] == dict(un.annees)[2024]
    assert dict(deux.annees)[2025] == dict(un.annees)[2025]
    assert deux.cube != un.cube
    seul = depot.compacter("c1", [b, a])
    assert depot.cube(deux).to_pyarrow().equals(depot.cube(seul).to_pyarrow())
    assert deux.annees == seul.annees


def test_une_correction_remplace_et_l_ancien_manifeste_reste_lisible(depot):
    a = sceller(depot, mois(2026, [5, 5]))
    un = depot.compacter("c1", [a])
    avant = depot.observations(un).to_pyarrow()
    corrigee = sceller(depot, mois(2026, [5, 9]), "l2")
    deux = depot.compacter("c1", [corrigee], un)
    assert depot.cube(deux).n.sum().to_pyarrow().as_py() == 14
    assert depot.observations(un).to_pyarrow().equals(avant)
    assert depot.cube(un).n.sum().to_pyarrow().as_py() == 10


def test_republier_la_meme_chose_n_ecrit_rien(depot):
    a = sceller(depot, mois(2026, [5, 5]))
    un = depot.compacter("c1", [a])
    dates = {f: f.stat().st_mtime_ns for f in depot.racine.rglob("*.parquet")}
    assert depot.compacter("c1", [a], un).empreinte == un.empreinte
    assert {f: f.stat().st_mtime_ns for f in depot.racine.rglob("*.parquet")} == dates


def test_la_livraison_d_un_autre_conseil_est_refusee(depot):
    voisine = sceller(depot, mois(2026, [1]), conseil="c2")
    with pytest.raises(ValueError, match="autre conseil"):
        depot.compacter("c1", [voisine])
    assert not (depot.racine / "annees").exists()


def test_deux_fois_la_meme_livraison_est_refuse(depot):
    a = sceller(depot, mois(2026, [1]))
    with pytest.raises(ValueError, match="deux fois"):
        depot.compacter("c1", [a, a])


def test_un_scelle_disparu_empeche_la_publication(depot):
    a = sceller(depot, mois(2026, [1]))
    (depot.racine / a.chemin).unlink()
    with pytest.raises(FileNotFoundError):
        depot.compacter("c1", [a])


def test_un_fichier_altere_ou_manquant_est_signale(depot):
    a = sceller(depot, mois(2026, [1]))
    m = depot.compacter("c1", [a])
    cube = depot.racine / m.cube.chemin
    octets = bytearray(cube.read_bytes())
    octets[20] ^= 1
    cube.write_bytes(octets)
    (depot.racine / a.chemin).unlink()
    assert depot.verifier(m) == [a.chemin]
    assert depot.verifier(m, contenu=True) == [a.chemin, m.cube.chemin]


def test_le_manifeste_va_et_vient_par_json(depot):
    m = depot.compacter("c1", [sceller(depot, mois(2026, [1]))])
    assert Manifeste.from_json(m.to_json()) == m
    assert Manifeste.from_json(Manifeste("c9").to_json()) == Manifeste("c9")
    assert Scelle.from_dict(m.livraisons[0].to_dict()) == m.livraisons[0]
    with pytest.raises(ValueError, match="version"):
        Manifeste.from_json('{"version": 99}')


def test_les_fichiers_sont_nommes_par_le_manifeste_et_par_la_periode(depot):
    m = depot.compacter("c1", [sceller(depot, [x for a in range(2020, 2027) for x in mois(a, [1] * 12)])])
    (depot.racine / "annees" / "c1" / "2025-intrus.parquet").write_bytes(b"pas un parquet")
    assert len(m.fichiers()) == 7
    assert len(m.fichiers(date(2025, 3, 1), date(2026, 2, 1))) == 2
    lues = depot.observations(m, date(2025, 3, 1), date(2026, 2, 1)).to_pyarrow()
    assert {a.year for a in lues["debut"].to_pylist()} == {2025, 2026}
    assert m.chemins() == {f.chemin for _, f in m.annees} | {m.cube.chemin, m.communal.chemin}


def test_le_balayage_ne_prend_que_les_vieux_orphelins(depot):
    a = sceller(depot, mois(2026, [1]))
    un = depot.compacter("c1", [a])
    b = sceller(depot, mois(2026, [2]), "l2")
    deux = depot.compacter("c1", [b], un)
    partiel = depot.racine / "cubes" / "c1" / ".cube.abc.partiel"
    partiel.write_bytes(b"coupe")
    etranger = depot.racine / "cubes" / "LISEZMOI.txt"
    etranger.write_text("posé là par quelqu’un")
    connues = [a.chemin, b.chemin]
    assert depot.balayer([un, deux], connues) == []
    demain = datetime.now(UTC) + timedelta(days=2)
    assert depot.balayer([un, deux], connues, maintenant=demain) == ["cubes/c1/.cube.abc.partiel"]
    supprimes = depot.balayer([deux], [b.chemin], maintenant=demain)
    assert set(supprimes) == un.chemins() | {a.chemin}
    assert depot.verifier(deux, contenu=True) == []
    assert etranger.exists()


def test_le_temps_est_en_utc_et_les_extensions_ne_se_telechargent_pas():
    c = Connexion(Reglages(threads=1, memoire="200MB"))
    lu = c.executer(
        "select current_setting('TimeZone') z, current_setting('threads') t,"
        " current_setting('autoinstall_known_extensions') e"
    ).to_pylist()
    assert lu == [{"z": "UTC", "t": 1, "e": False}]


def test_plusieurs_fils_lisent_ensemble(depot):
    m = depot.compacter("c1", [sceller(depot, mois(2026, [1, 2, 3]))])
    sommes, erreurs = [], []

    def lire():
        try:
            for _ in range(10):
                sommes.append(depot.cube(m).n.sum().to_pyarrow().as_py())
        except Exception as e:
            erreurs.append(e)

    fils = [threading.Thread(target=lire) for _ in range(4)]
    for f in fils:
        f.start()
    for f in fils:
        f.join()
    assert erreurs == []
    assert sommes == [6] * 40


def test_un_processus_fils_rouvre_sa_propre_base(depot):
    m = depot.compacter("c1", [sceller(depot, mois(2026, [1, 2, 3]))])
    assert depot.cube(m).n.sum().to_pyarrow().as_py() == 6
    lecture, ecriture = os.pipe()
    enfant = os.fork()
    if enfant == 0:  # pragma: no cover
        try:
            somme = depot.cube(m).n.sum().to_pyarrow().as_py()
            os.write(ecriture, str(somme).encode())
        finally:
            os._exit(0)
    os.close(ecriture)
    limite = time.monotonic() + 30
    while os.waitpid(enfant, os.WNOHANG)[0] == 0:
        if time.monotonic() > limite:
            os.kill(enfant, 9)
            os.waitpid(enfant, 0)
            pytest.fail("le processus fils est resté bloqué")
        time.sleep(0.02)
    assert os.read(lecture, 16) == b"6"
    os.close(lecture)
    assert depot.cube(m).n.sum().to_pyarrow().as_py() == 6


def test_les_vues_d_un_curseur_ne_s_accumulent_pas(depot, monkeypatch):
    monkeypatch.setattr("pupitre.moteur.moteurs.duckdb.VUES_PAR_CURSEUR", 3)
    c = Connexion()
    for i in range(10):
        c.nommer(f"v{i}", f"select {i} as x")
    noms = c.executer("select view_name from duckdb_views() where view_name like 'v_'")[
        "view_name"
    ].to_pylist()
    assert sorted(noms) == ["v7", "v8", "v9"]
    c.nommer("v0", "select 0 as x")
    assert c.executer("select x from v0").to_pylist() == [{"x": 0}]
