from __future__ import annotations

import argparse
import subprocess
import sys
from importlib import import_module

import pytest

from pupitre.cli.arguments import MauvaisUsage, en_francais
from pupitre.cli.entree import COMMANDES, analyseur
from tests.cli.terminal import PUPITRE, ailleurs, environ, ici


@pytest.mark.parametrize("nom", sorted(COMMANDES))
def test_each_command_has_its_module(nom):
    module = import_module(f"pupitre.cli.commandes.{nom}")
    if nom == "administrer":
        assert callable(module.passer)
    else:
        assert callable(module.executer)
        assert isinstance(analyseur(nom), argparse.ArgumentParser)


def test_help_is_quick_french_and_complete():
    """Nothing heavy is imported to say what the commands are."""
    retour = ailleurs("--help")
    assert retour.code == 0
    assert "Usage\u202f: pupitre" in retour.sortie
    assert all(f"    {nom} " in retour.sortie for nom in COMMANDES)
    code = (
        "import sys; from pupitre.cli.entree import analyseur; analyseur('lire'); print(sorted(sys.modules))"
    )
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for lourd in ("django", "pyarrow", "ibis", "duckdb", "polars", "scipy", "numpy"):
        assert f"'{lourd}'" not in modules


@pytest.mark.parametrize(
    ("mots", "attendu"),
    [
        (["lire", "--json"], "FICHIER"),
        (["lire", "a.csv", "--jsn", "--json"], "--jsn"),
        (["mesurer", "a.csv", "--json"], "--nature"),
        (["mesurer", "a.csv", "--nature", "--json"], "une valeur est attendue"),
        (["evolution", "46", "--json"], "MAINTENANT"),
        (["chose", "--json"], "chose"),
        (["servir", "--port", "abc", "--json"], "abc"),
        (["--json"], "COMMANDE"),
        (["initialiser", "--commune", "94028", "--epci", "200058006", "--json"], "--commune"),
    ],
)
def test_a_command_line_that_is_not_understood_is_an_error_like_the_others(capsys, mots, attendu):
    erreur = ici(capsys, *mots).erreur
    assert attendu in erreur["pourquoi"]
    assert erreur["feuille"] is erreur["ligne"] is erreur["colonne"] is None
    for anglais in ("required", "argument ", "expected", "invalid", "unrecognized"):
        assert anglais not in erreur["pourquoi"]


def test_without_json_errors_go_to_standard_error(capsys):
    retour = ici(capsys, "lire")
    assert (retour.code, retour.sortie) == (2, "")
    assert "Que faire\u202f: " in retour.erreurs


def test_a_place_in_a_file_is_said(capsys):
    from pupitre.cli.reponse import ecrire_erreur
    from pupitre.moteur.erreurs import ErreurPupitre, Lieu

    ecrire_erreur(ErreurPupitre("Q.", "P.", "F.", Lieu("PN 2020", 12, "C")), en_json=False)
    assert "feuille «\u202fPN 2020\u202f», ligne 12, colonne C" in capsys.readouterr().err


def test_the_parser_never_leaves_the_process():
    with pytest.raises(MauvaisUsage):
        analyseur("lire").parse_args(["lire"])


def test_english_that_is_not_known_is_kept():
    assert en_francais("something new") == "something new"


def test_a_reader_that_leaves_is_not_a_failure():
    """`pupitre evolution 1 2 | true`."""
    commande = subprocess.Popen(
        [*PUPITRE, "evolution", "1", "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ()
    )
    commande.stdout.close()
    with commande.stderr:
        erreurs = commande.stderr.read().decode()
    assert commande.wait(timeout=60) in {0, 141}
    assert erreurs == ""


def test_version(capsys):
    from pupitre import __version__

    with pytest.raises(SystemExit) as fin:
        ici(capsys, "--version")
    assert fin.value.code == 0
    assert __version__ in capsys.readouterr().out
