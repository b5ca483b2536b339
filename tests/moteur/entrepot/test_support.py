"""The same store at an address: what is written there, read there and swept there.

`PUPITRE_ENTREPOT_D_ESSAI=s3://bucket/essai` runs them on a real address; in memory otherwise.
"""

from __future__ import annotations

import os
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from pupitre.moteur import brutes, calcul, moteurs
from pupitre.moteur.entrepot import Connexion, Entrepot
from pupitre.moteur.mesures import Case
from pupitre.moteur.observations import Granularite
from pupitre.moteur.resultats import Audience
from pupitre.moteur.secret import Regles
from pupitre.moteur.selection import Selection
from tests.moteur.entrepot.fabrique import ligne, mois, table

S = Selection("police", unite="fait", granularite=Granularite.MOIS)
AN = Case(date(2026, 1, 1), date(2026, 12, 31)), Case(date(2025, 1, 1), date(2025, 12, 31))


def publier(depot):
    lots = {"l1": mois(2025, [1, 2, None]), "l2": mois(2026, [5] * 12, secteur="s1")}
    return depot.compacter("c1", [depot.sceller(table(lot), "c1", "police", n) for n, lot in lots.items()])


@pytest.fixture
def distant():
    pytest.importorskip("fsspec")
    adresse = os.environ.get("PUPITRE_ENTREPOT_D_ESSAI", "memory:/")
    return Entrepot(f"{adresse}/{uuid.uuid4().hex}/entrepot/")


def test_un_entrepot_distant_tient_les_memes_fichiers_et_rend_les_memes_chiffres(distant, tmp_path):
    local = Entrepot(tmp_path)
    manifeste = publier(local)
    assert publier(distant) == manifeste
    assert distant.verifier(manifeste, contenu=True) == []
    for lire in (
        lambda d: d.observations(manifeste).to_pyarrow(),
        lambda d: d.cube(manifeste).to_pyarrow(),
        lambda d: brutes.lire(d, manifeste, "evolution", S, *AN, ("secteur",)),
        lambda d: d.lire_scelle(manifeste.livraisons[0].chemin, ["nature", "n"]),
    ):
        assert lire(distant).equals(lire(local))


def test_une_publication_distante_garde_ce_qui_n_a_pas_change(distant):
    un = publier(distant)
    nouvelle = distant.sceller(table(mois(2027, [1])), "c1", "police", "l3")
    deux = distant.compacter("c1", [*un.livraisons, nouvelle], un)
    assert deux.annees[:2] == un.annees
    assert deux.cube.lignes == un.cube.lignes + 1


def test_un_fichier_distant_absent_ou_altere_est_signale(distant):
    manifeste = publier(distant)
    annee, cube = manifeste.annees[0][1].chemin, manifeste.cube.chemin
    distant.support.supprimer(annee)
    distant.support.supprimer(annee)
    distant.support.poser(cube, distant.support.lire(cube)[:-1] + b"?")
    assert set(distant.verifier(manifeste)) == {annee}
    assert set(distant.verifier(manifeste, contenu=True)) == {annee, cube}
    distant.support.supprimer(manifeste.livraisons[0].chemin)
    with pytest.raises(FileNotFoundError):
        distant.compacter("c1", manifeste.livraisons)


def test_le_motif_du_secret_se_garde_et_se_balaie_a_distance(distant, monkeypatch):
    lot = [ligne("a", date(2026, 1, 1), n, secteur=s) for s, n in (("s1", 2), ("s2", 30), ("s3", 40))]
    scelle = distant.sceller(table(lot), "c1", "police", "l1")
    manifeste = distant.compacter("c1", [scelle])
    arguments = (
        distant,
        manifeste,
        S,
        Audience.PARTENAIRE,
        Regles(),
        ((date(2026, 1, 1), date(2026, 6, 30)),),
    )
    motif = calcul.referer(*arguments)
    assert motif.retenues
    calcul.oublier()
    monkeypatch.setattr(calcul, "referencer", lambda *a, **k: pytest.fail("motif recalculé"))
    assert calcul.referer(*arguments) == motif
    demain = datetime.now(UTC) + timedelta(days=2)
    assert distant.balayer([manifeste], [scelle.chemin], maintenant=demain) == []
    assert distant.balayer([], [scelle.chemin]) == []
    supprimes = distant.balayer([], [scelle.chemin], maintenant=demain)
    assert {c.split("/")[0] for c in supprimes} == {"annees", "cubes", "derives"}
    assert list(distant.support.lister("livraisons")) == [scelle.chemin]


def test_duckdb_deja_ouvert_apprend_une_nouvelle_adresse(distant):
    manifeste = publier(distant)
    connexion = Connexion()
    assert connexion.lignes("SELECT 1 AS x") == [{"x": 1}]
    autre = Entrepot(distant.racine, connexion)
    assert autre.cube(manifeste).n.sum().to_pyarrow().as_py() == 63


def test_une_adresse_de_fichier_est_un_dossier(tmp_path):
    depot = Entrepot(f"file://{tmp_path}/a b")
    assert depot.racine == tmp_path / "a b"
    assert depot.verifier(publier(depot), contenu=True) == []


@pytest.mark.parametrize(
    ("adresse", "raison"), [("s4://seau", "n’est pas d’une sorte connue"), ("s3:/seau", "s’écrit")]
)
def test_une_adresse_impossible_est_refusee(adresse, raison):
    pytest.importorskip("fsspec")
    with pytest.raises(moteurs.MoteurRefuse, match=raison):
        moteurs.verifier_adresse(adresse)


def test_une_adresse_sans_fsspec_est_refusee(monkeypatch):
    monkeypatch.setattr(moteurs, "find_spec", lambda nom: None)
    moteurs.verifier_adresse("/srv/pupitre")
    with pytest.raises(moteurs.MoteurRefuse, match="fsspec"):
        moteurs.verifier_adresse("s3://seau/pupitre")
