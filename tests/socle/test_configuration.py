"""An installation in production refuses to start when it is unsafe, and says all that is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pupitre.socle.configuration import (
    Configuration,
    ConfigurationRefusee,
    Mode,
    base_de_donnees,
    charger,
    verifier,
)

CLE = "k" * 50


@pytest.fixture
def dossier(tmp_path):
    tmp_path.chmod(0o750)
    return tmp_path


def _bonne(dossier, **champs) -> Configuration:
    return Configuration(
        **{"donnees": dossier, "cle_secrete": CLE, "cle_chiffrement": CLE, "hotes": ("pupitre.ville.fr",)}
        | champs
    )


def test_une_bonne_configuration_passe(dossier):
    verifier(_bonne(dossier))


@pytest.mark.parametrize(
    ("champs", "tort"),
    [
        ({"debogage": True}, "débogage"),
        ({"cle_secrete": ""}, "cle_secrete"),
        ({"cle_chiffrement": "courte"}, "cle_chiffrement"),
        ({"hotes": ()}, "nom d’hôte"),
    ],
)
def test_chaque_tort_est_refuse_et_nomme(dossier, champs, tort):
    with pytest.raises(ConfigurationRefusee, match=tort):
        verifier(_bonne(dossier, **champs))


def test_un_dossier_modifiable_par_tous_est_refuse(dossier):
    dossier.chmod(0o777)
    with pytest.raises(ConfigurationRefusee, match="modifiable par tous"):
        verifier(_bonne(dossier))


def test_un_fichier_de_cles_lisible_par_tous_est_refuse(dossier):
    fichier = dossier / "pupitre.toml"
    fichier.write_text(f'cle_secrete = "{CLE}"', "utf-8")
    fichier.chmod(0o644)
    with pytest.raises(ConfigurationRefusee, match="lisible par tous"):
        verifier(_bonne(dossier, fichier=fichier))


def test_tous_les_torts_sont_dits_ensemble(dossier):
    with pytest.raises(ConfigurationRefusee) as refus:
        verifier(Configuration(donnees=dossier, debogage=True))
    assert all(tort in str(refus.value) for tort in ("débogage", "cle_secrete", "cle_chiffrement", "hôte"))


def test_la_demonstration_n_est_pas_une_production(dossier):
    verifier(Configuration(donnees=dossier, mode=Mode.DEMONSTRATION))


def test_l_environnement_l_emporte_sur_le_fichier(dossier):
    (dossier / "pupitre.toml").write_text('hotes = ["fichier.fr"]\nmode = "production"\n', "utf-8")
    lue = charger({"PUPITRE_DONNEES": str(dossier), "PUPITRE_HOTES": "a.fr, b.fr"})
    assert lue.hotes == ("a.fr", "b.fr")
    assert lue.mode is Mode.PRODUCTION
    assert charger({"PUPITRE_DONNEES": str(dossier)}).hotes == ("fichier.fr",)


@pytest.mark.parametrize(
    ("contenu", "tort"),
    [("hotez = 'a.fr'", "hotez"), ("hotes = [", "n’a pas pu être lu"), ("mode = 'essai'", "inconnu")],
)
def test_un_fichier_fautif_est_refuse(dossier, contenu, tort):
    (dossier / "pupitre.toml").write_text(contenu, "utf-8")
    with pytest.raises(ConfigurationRefusee, match=tort):
        charger({"PUPITRE_DONNEES": str(dossier)})


def test_le_moteur_et_l_entrepot_par_defaut_et_choisis(dossier):
    simple = charger({"PUPITRE_DONNEES": str(dossier)})
    assert (simple.moteur, simple.entrepot) == ("duckdb", dossier.resolve() / "entrepot")
    for adresse in ("/srv/commun", "file:///srv/commun"):
        lue = charger({"PUPITRE_DONNEES": str(dossier), "PUPITRE_ENTREPOT": adresse})
        assert lue.entrepot == Path("/srv/commun")


@pytest.mark.parametrize(
    ("variables", "tort"),
    [
        ({"PUPITRE_MOTEUR": "flink"}, "« flink » est inconnu"),
        ({"PUPITRE_MOTEUR": "spark"}, "Installez « requirements/spark.txt »"),
        ({"PUPITRE_ENTREPOT": "s3://seau"}, "demande fsspec"),
    ],
)
def test_un_moteur_ou_un_entrepot_impossible_est_refuse(dossier, monkeypatch, variables, tort):
    monkeypatch.setattr("pupitre.moteur.moteurs.find_spec", lambda nom: None)
    with pytest.raises(ConfigurationRefusee, match=tort):
        charger({"PUPITRE_DONNEES": str(dossier), **variables})


def test_un_entrepot_en_memoire_ne_va_pas_avec_spark(dossier, monkeypatch):
    monkeypatch.setattr("pupitre.moteur.moteurs.verifier", lambda nom: None)
    monkeypatch.setattr("pupitre.moteur.moteurs.verifier_adresse", lambda adresse: None)
    variables = {"PUPITRE_DONNEES": str(dossier), "PUPITRE_ENTREPOT": "memory://e"}
    assert charger(variables).entrepot == "memory://e"
    with pytest.raises(ConfigurationRefusee, match="exécuteur"):
        charger({**variables, "PUPITRE_MOTEUR": "spark"})


def test_la_base_par_defaut_et_par_adresse(dossier):
    assert base_de_donnees("", dossier)["NAME"] == dossier / "pupitre.sqlite3"
    lue = base_de_donnees("postgresql://elle:mot%20de@hote:5433/base", dossier)
    assert (lue["USER"], lue["PASSWORD"], lue["HOST"], lue["PORT"], lue["NAME"]) == (
        "elle",
        "mot de",
        "hote",
        "5433",
        "base",
    )
    assert lue["OPTIONS"] == {"options": "-c jit=off -c random_page_cost=1.1"}
    # a pooler may want none: what the address says prevails, be it nothing
    assert base_de_donnees("postgresql:///base?options=", dossier)["OPTIONS"] == {"options": ""}
    with pytest.raises(ConfigurationRefusee, match="postgresql"):
        base_de_donnees("mysql://hote/base", dossier)


def test_django_lui_meme_refuse_de_demarrer(dossier):
    """Not only the function: the settings module, as `pupitre servir` would load it."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PUPITRE_", "DJANGO_"))}
    env |= {"PUPITRE_DONNEES": str(dossier), "PUPITRE_MODE": "production"}
    fini = subprocess.run(
        [sys.executable, "-c", "import pupitre.projet.settings"], env=env, capture_output=True, text=True
    )
    assert fini.returncode != 0
    assert "ConfigurationRefusee" in fini.stderr
