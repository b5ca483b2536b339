"""`pupitre adresses`: found, doubtful, not found, and how precisely."""

from __future__ import annotations

import pytest

from tests.cli.terminal import ailleurs, ici
from tests.moteur.adresses import fabrique


@pytest.fixture
def ban(tmp_path):
    return fabrique.ecrire(tmp_path)


def ecrire(dossier, contenu: str, nom: str = "faits.csv"):
    chemin = dossier / nom
    chemin.write_text(contenu, encoding="utf-8")
    return chemin


FAITS = (
    "Date;N°;Voie;Suite\n"
    "01/10/2026;12;av. du Gal de Gaulle;a\n"
    "02/10/2026;5;rue Carnot;b\n"
    "03/10/2026;;place de l’Église;c\n"
    "04/10/2026;3;rue du Puits;d\n"
    "05/10/2026;;;e\n"
)


def test_one_object_with_counts_and_each_row(capsys, tmp_path, ban):
    dit = ici(capsys, "adresses", ecrire(tmp_path, FAITS), "--ban", ban, "--json").json
    assert {c: dit[c] for c in ("adresses", "trouvees", "douteuses", "introuvables", "vides")} == {
        "adresses": 4,
        "trouvees": 2,
        "douteuses": 1,
        "introuvables": 1,
        "vides": 1,
    }
    assert dit["precision"] == {"numero": 1, "voie": 1, "lieu": 0}
    assert dit["colonnes"] == ["N°", "Voie"]
    assert dit["part_trouvees"] == 0.5
    assert dit["ban"]["communes"] == {"94002": "Alfortville", "94028": "Créteil"}
    premiere, doute, _, puits, vide = dit["resultats"]
    assert premiere == {
        "ligne": 2,
        "texte": "12 av. du Gal de Gaulle",
        "statut": "trouvee",
        "libelle": "12 Avenue du Général de Gaulle, Créteil",
        "precision": "numero",
        "score": 1.0,
        "commune": "94028",
        "lon": 2.4524,
        "lat": 48.79,
    }
    assert (doute["statut"], doute["raison"], len(doute["candidats"])) == (
        "douteuse",
        "plusieurs lieux possibles",
        3,
    )
    assert (puits["statut"], puits["candidats"]) == ("introuvable", [])
    assert vide == {"ligne": 6, "texte": "", "statut": "vide"}


def test_in_words(capsys, tmp_path, ban):
    dit = ici(capsys, "adresses", ecrire(tmp_path, FAITS), "--ban", ban)
    assert (dit.code, dit.erreurs) == (0, "")
    assert "Trouvées\u202f: 2 (50,0\u202f%), dont 1 au numéro, 1 à la voie, 0 au lieu." in dit.sortie
    assert "ligne 3, «\u202f5 rue Carnot\u202f», plusieurs lieux possibles" in dit.sortie


def test_kept_to_one_commune_there_is_no_doubt_left(capsys, tmp_path, ban):
    dit = ici(capsys, "adresses", ecrire(tmp_path, FAITS), "--ban", ban, "--commune", "94002", "--json").json
    assert [r["statut"] for r in dit["resultats"]] == [
        "introuvable",
        "trouvee",
        "introuvable",
        "introuvable",
        "vide",
    ]


def test_a_text_of_one_address_a_line(capsys, tmp_path, ban):
    texte = ecrire(
        tmp_path, "3 impasse Carnot, 94000 Créteil\n12, avenue du Général de Gaulle\n", "liste.txt"
    )
    dit = ici(capsys, "adresses", texte, "--ban", ban, "--json").json
    assert [(r["ligne"], r["libelle"]) for r in dit["resultats"]] == [
        (1, "3 Impasse Carnot, Créteil"),
        (2, "12 Avenue du Général de Gaulle, Créteil"),
    ]


def test_named_columns_and_named_places(capsys, tmp_path, ban):
    table = ecrire(tmp_path, "quand;où\n01/10/2026;collège Simone de Beauvoir\n")
    lieux = fabrique.lieux(tmp_path)
    dit = ici(capsys, "adresses", table, "--ban", ban, "--lieux", lieux, "--colonne", "où", "--json").json
    assert dit["precision"] == {"numero": 0, "voie": 0, "lieu": 1}


@pytest.mark.parametrize(
    ("contenu", "mots", "quoi"),
    [
        ("a;b\n1;2\n", (), "Aucune colonne d’adresses n’a été reconnue."),
        (FAITS, ("--colonne", "Rue"), "La colonne «\u202fRue\u202f» n’est pas dans le fichier."),
        (FAITS, ("--commune", "75101"), "Ce fichier ne porte sur aucune commune du conseil."),
    ],
)
def test_refusals_say_why(capsys, tmp_path, ban, contenu, mots, quoi):
    assert (
        ici(capsys, "adresses", ecrire(tmp_path, contenu), "--ban", ban, *mots, "--json").erreur["quoi"]
        == quoi
    )


def test_a_bad_extract_is_refused(capsys, tmp_path):
    table = ecrire(tmp_path, FAITS)
    erreur = ici(capsys, "adresses", table, "--ban", table, "--json").erreur
    assert erreur["quoi"] == "Ce fichier n’est pas un extrait de la Base Adresse Nationale."


def test_needs_neither_django_nor_any_setting(tmp_path, ban):
    assert ailleurs("adresses", ecrire(tmp_path, FAITS), "--ban", ban, "--json").json["trouvees"] == 2
