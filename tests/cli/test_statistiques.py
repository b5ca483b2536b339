"""`pupitre proximite` and `pupitre deplacement` as a person types them."""

from __future__ import annotations

import json

import pytest

from pupitre.cli.entree import main


def _json(capsys, *mots, code=0):
    assert main([*mots, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_deplacement_publie(capsys):
    d = _json(
        capsys, "deplacement", "--temoin", "308,318", "--traite", "207,110",
        "--deplacement-temoin", "150,140", "--deplacement-traite", "178,157",
    )  # fmt: skip
    assert d["estimation"] == -118
    assert d["z"] == pytest.approx(-2.98, abs=0.005)
    assert [round(b) for b in d["intervalle"]] == [-196, -40]


def test_deplacement_se_dit_en_francais(capsys):
    assert main(["deplacement", "--temoin", "20,20", "--traite", "20,10"]) == 0
    dit = capsys.readouterr().out
    assert "10,0 faits de moins" in dit
    assert "Le hasard suffit" in dit


@pytest.mark.parametrize(
    "mots",
    [
        ("--temoin", "20", "--traite", "20,10"),
        ("--temoin", "20,vingt", "--traite", "20,10"),
        ("--temoin", "20,20", "--traite", "20,10", "--deplacement-temoin", "1,2"),
        ("--temoin", "0,0", "--traite", "0,0"),
        ("--temoin", "20,20", "--traite", "20,10", "--surfaces", "1,0"),
    ],
)
def test_deplacement_refuse_en_disant_pourquoi(capsys, mots):
    erreur = _json(capsys, "deplacement", *mots, code=2)["erreur"]
    assert erreur["quoi"]
    assert erreur["que_faire"]


def _table(tmp_path, entetes="x;y;date", lignes=None):
    chemin = tmp_path / "faits.csv"
    if lignes is None:
        # forty scattered facts, and ten that repeat at one place within a week
        lignes = [f"{1000 * i};{(700 * i) % 9000};{1 + i % 28:02}/{1 + i % 12:02}/2025" for i in range(1, 41)]
        lignes += [f"{50_000 + i};50000;{10 + i % 6:02}/06/2025" for i in range(10)]
    chemin.write_text("\n".join([entetes, *lignes]), encoding="utf-8")
    return str(chemin)


def test_proximite_trouve_la_serie_et_se_refait(capsys, tmp_path):
    mots = ("proximite", _table(tmp_path), "--distances", "0.1,200", "--jours", "7,14", "--tirages", "99")
    k = _json(capsys, *mots)
    assert k["n"] == 50
    assert k["observes"][1][0] == 45
    assert k["p"][1][0] == 0.01
    assert k == _json(capsys, *mots)
    assert main(list(mots)) == 0
    assert "se répètent plus que le hasard" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("entetes", "options", "mot"),
    [
        ("a;b;c", (), "manque"),
        ("x;y;date", ("--distances", "200,100"), "--distances"),
        ("x;y;date", ("--jours", "sept"), "--jours"),
        ("x;y;date", ("--tirages", "5"), "tirages"),
    ],
)
def test_proximite_refuse_en_disant_pourquoi(capsys, tmp_path, entetes, options, mot):
    erreur = _json(capsys, "proximite", _table(tmp_path, entetes), *options, code=2)["erreur"]
    assert mot in erreur["quoi"]


def test_la_table_reste_alignee_quand_les_nombres_sont_grands(capsys, tmp_path):
    assert (
        main(["proximite", _table(tmp_path), "--distances", "0.1,200", "--jours", "7", "--tirages", "19"])
        == 0
    )
    lignes = capsys.readouterr().out.splitlines()[2:6]
    assert len({len(ligne) for ligne in lignes}) == 1


def test_des_surfaces_donnees_se_disent(capsys):
    assert main(["deplacement", "--temoin", "20,20", "--traite", "20,10", "--durees", "12,12"]) == 0
    assert "par unité de surface et de durée" in capsys.readouterr().out


def test_trop_peu_de_faits_se_dit(capsys, tmp_path):
    chemin = _table(tmp_path, lignes=["1;2;01/01/2025", "1;2;", ";;"])
    assert "1\u00a0fait se lit" in _json(capsys, "proximite", chemin, code=2)["erreur"]["quoi"]
