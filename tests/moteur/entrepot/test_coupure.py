"""A publication killed at each of its steps leaves the old state whole, and the next one succeeds."""

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pupitre.moteur.entrepot import Entrepot, Manifeste
from tests.moteur.entrepot.fabrique import mois, table

RACINE = Path(__file__).resolve().parents[3]

# Counts every call that makes something durable, and dies before or after the k-th one. Modules are loaded once,
# then each publication runs in its own forked process.
PROGRAMME = """
import json, os, signal, sys
from pathlib import Path
import ibis, pyarrow as pa, pyarrow.parquet as pq
import ibis.backends.duckdb
from pupitre.moteur.entrepot import Connexion, Entrepot, Manifeste
from pupitre.moteur.mesures.schema import agreger, sql, table_observations

# Everything slow to load is loaded before the forks: the SQL compiler, and what the first scalar brings in.
sql(agreger(table_observations()), "")
pa.scalar("")
vus = []

def mourir():
    os.kill(os.getpid(), signal.SIGKILL)

def piege(nom, fonction, cible, moment, ebauche=lambda *a: None):
    def appel(*args, **kwargs):
        vus.append(nom)
        moi = len(vus)
        if moi == cible and moment == "avant":
            ebauche(*args)
            mourir()
        resultat = fonction(*args, **kwargs)
        if moi == cible and moment == "apres":
            mourir()
        return resultat
    return appel

def debut_de_copie(connexion, sql):
    Path(sql.rsplit(" TO '", 1)[1].split("'")[0]).write_bytes(b"PAR1 debut")

def debut_d_ecriture(table, chemin):
    Path(chemin).write_bytes(b"PAR1")

def publier(dossier, cible, moment):
    Connexion.ordonner = piege("copie", Connexion.ordonner, cible, moment, debut_de_copie)
    pq.write_table = piege("scelle", pq.write_table, cible, moment, debut_d_ecriture)
    os.fsync = piege("fsync", os.fsync, cible, moment)
    os.replace = piege("replace", os.replace, cible, moment)
    depot = Entrepot(Path(dossier))
    avant = Manifeste.from_json(Path(dossier, "ancien.json").read_text())
    neuve = depot.sceller(pq.read_table(Path(dossier, "neuve.parquet")), "c1", "police", "l3")
    manifeste = depot.compacter("c1", [*avant.livraisons, neuve], avant)
    Path(dossier, "rendu.json").write_text(json.dumps({"etapes": vus, "manifeste": manifeste.to_json()}))

codes = []
for dossier, cible, moment in json.load(sys.stdin):
    enfant = os.fork()
    if enfant == 0:
        try:
            publier(dossier, cible, moment)
        except BaseException as e:
            print(repr(e), file=sys.stderr, flush=True)
            os._exit(3)
        os._exit(0)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(enfant, 0)[1]))
print(json.dumps(codes))
"""


def preparer(dossier: Path) -> Manifeste:
    depot = Entrepot(dossier)
    a = depot.sceller(table(mois(2025, [1] * 12)), "c1", "police", "l1")
    b = depot.sceller(table(mois(2026, [2] * 3)), "c1", "police", "l2")
    ancien = depot.compacter("c1", [a, b])
    (dossier / "ancien.json").write_text(ancien.to_json())
    pq.write_table(table(mois(2026, [0, 0, 0, 7])), dossier / "neuve.parquet")
    return ancien


ETAPES = 16
CAS = [(etape, moment) for etape in range(1, ETAPES + 1) for moment in ("avant", "apres")]


@pytest.fixture(scope="module")
def coupures(tmp_path_factory):
    """Folder and exit status of each cut publication; (0, "") is the one that nobody cuts."""
    base = tmp_path_factory.mktemp("coupures")
    ancien = preparer(base / "modele")
    dossiers = {cas: base / f"{cas[0]}{cas[1]}" for cas in [(0, ""), *CAS]}
    for dossier in dossiers.values():
        shutil.copytree(base / "modele", dossier)
    fin = subprocess.run(
        [sys.executable, "-c", PROGRAMME],
        input=json.dumps([(str(d), *cas) for cas, d in dossiers.items()]),
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(RACINE / "src")},
        timeout=240,
    )
    assert fin.returncode == 0, fin.stderr
    codes = dict(zip(dossiers, json.loads(fin.stdout), strict=True))
    rendu = json.loads((dossiers[0, ""] / "rendu.json").read_text())
    return ancien, dossiers, codes, rendu["etapes"], Manifeste.from_json(rendu["manifeste"])


def test_le_nombre_d_etapes_est_celui_que_l_on_coupe(coupures):
    _, _, codes, etapes, _ = coupures
    # Sealing, one year, the two cubes: write, fsync, replace, fsync of the folder.
    assert etapes == ["scelle", "fsync", "replace", "fsync", *["copie", "fsync", "replace", "fsync"] * 3]
    assert len(etapes) == ETAPES
    assert codes[0, ""] == 0


@pytest.mark.parametrize(("etape", "moment"), CAS)
def test_une_coupure_laisse_l_ancien_etat(coupures, etape, moment):
    ancien, dossiers, codes, _, entiere = coupures
    dossier = dossiers[etape, moment]
    assert codes[etape, moment] == -signal.SIGKILL
    assert not (dossier / "rendu.json").exists()
    depot, modele = Entrepot(dossier), Entrepot(dossiers[0, ""])
    assert depot.verifier(ancien, contenu=True) == []
    assert depot.observations(ancien).to_pyarrow().equals(modele.observations(ancien).to_pyarrow())
    assert depot.cube(ancien).to_pyarrow().equals(modele.cube(ancien).to_pyarrow())
    # Every file with a final name is whole.
    for fichier in dossier.rglob("[!.]*.parquet"):
        pq.read_table(fichier)
    # Published again after the cut, it is the same state as without one, and the debris goes.
    neuve = depot.sceller(pq.read_table(dossier / "neuve.parquet"), "c1", "police", "l3")
    apres = depot.compacter("c1", [*ancien.livraisons, neuve], ancien)
    assert apres == entiere
    demain = datetime.now(UTC) + timedelta(days=2)
    depot.balayer([apres], [s.chemin for s in apres.livraisons], maintenant=demain)
    restes = {
        p.relative_to(dossier).as_posix()
        for famille in ("livraisons", "annees", "cubes")
        for p in (dossier / famille).rglob("*")
        if p.is_file()
    }
    assert restes == apres.chemins() | {s.chemin for s in apres.livraisons}
