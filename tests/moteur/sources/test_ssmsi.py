from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.observations import Gravite
from pupitre.moteur.sources import Description, lire, reconnaitre
from tests.moteur.sources.fichiers import anomalie, codes, lignes, xlsx

C2022 = (
    "CODGEO_2023;annee;classe;unité.de.compte;valeur.publiée;faits;tauxpourmille;"
    "complementinfoval;complementinfotaux;POP;millPOP;LOG;millLOG"
)
C2025 = (
    "CODGEO_2025;annee;indicateur;unite_de_compte;nombre;taux_pour_mille;est_diffuse;insee_pop;"
    "insee_pop_millesime;insee_log;insee_log_millesime;complement_info_nombre;"
    "complement_info_taux"
)
D2025 = (
    "Code_departement;Code_region;annee;indicateur;unite_de_compte;nombre;taux_pour_mille;"
    "insee_pop;insee_pop_millesime;insee_log;insee_log_millesime"
)
L2022 = [
    "01004;22;Cambriolages de logement;infraction;diff;57;8,10;NA;NA;14288;20;7123,5;20",
    "2A004;22;Cambriolages de logement;infraction;ndiff;NA;NA;12,5;3,2;71000;20;41000;20",
]
L2025 = [
    '"01004";2023;"Cambriolages de logement";"Infraction";57;8,1;"diff";14288;2020;7123,5;2020;NA;NA',
    '"2A004";2023;"Violences physiques intrafamiliales";"Victime";NA;NA;"ndiff";71000;2020;41000;2020;12,5;3,2',
]


def ecrire(fichier: Path, entete: str, rangees: list[str], encodage: str = "utf-8-sig") -> Path:
    fichier.write_bytes(("\n".join([entete, *rangees]) + "\n").encode(encodage))
    return fichier


def test_departemental_base_as_published(donnees_partagees: Path) -> None:
    fichier = next((donnees_partagees / "ssmsi").glob("donnee-dep-*.csv"))
    assert reconnaitre(fichier) == "ssmsi_departemental"
    r = lire(fichier)
    assert (r.observations.num_rows, codes(r), r.vides, r.millesime) == (12_928, [], 0, "2016–2023")
    assert ("ssmsi:cambriolages_logement", 4504, "infraction", 1407972.0, 654339.6426977786) in lignes(
        r, "nature", "n", "unite", "population", "logements"
    )
    cambriolages = r.observations.filter(
        pc.and_(
            pc.equal(r.observations["nature"], "ssmsi:cambriolages_logement"),
            pc.and_(
                pc.equal(r.observations["territoire"], "94"),
                pc.equal(r.observations["debut"], date(2020, 1, 1)),
            ),
        )
    ).to_pylist()[0]
    # The SSMSI's own rate for that row, per 1,000 dwellings.
    assert 1000 * cambriolages["n"] / cambriolages["logements"] == pytest.approx(6.88327545222607)


def test_communal_parquet(donnees_partagees: Path) -> None:
    fichier = donnees_partagees / "ssmsi" / "communal_76_2016_2023.parquet"
    assert reconnaitre(fichier) == "ssmsi_communal"
    r = lire(fichier)
    assert r.observations.num_rows == 708 * 14 * 8
    assert r.observations["n"].null_count == 39_064
    assert len(pc.unique(r.observations["commune"])) == 708
    assert r.millesime == "2016–2023 (géographie 2024)"


@pytest.mark.parametrize(("entete", "rangees"), [(C2022, L2022), (C2025, L2025)])
@pytest.mark.parametrize("forme", ["csv", "virgule", "latin", "gz", "parquet", "xlsx"])
def test_every_communal_generation(tmp_path: Path, entete: str, rangees: list[str], forme: str) -> None:
    fichier = tmp_path / "base"
    if forme == "csv":
        ecrire(fichier, entete, rangees)
    elif forme == "latin":
        ecrire(fichier, entete, rangees, "cp1252")
    elif forme == "gz":
        fichier.write_bytes(gzip.compress(ecrire(tmp_path / "b", entete, rangees).read_bytes()))
    elif forme == "virgule":
        ecrire(fichier, entete.replace(";", ","), [x.replace(",", ".").replace(";", ",") for x in rangees])
    else:
        colonnes = [x.replace('"', "").split(";") for x in rangees]
        if forme == "xlsx":
            xlsx(fichier, {"F": [entete.split(";"), *colonnes]})
        else:
            pq.write_table(
                pa.table(
                    {
                        nom: [None if c[i] == "NA" else c[i] for c in colonnes]
                        for i, nom in enumerate(entete.split(";"))
                    }
                ),
                fichier,
            )
    assert reconnaitre(fichier) == "ssmsi_communal"
    r = lire(fichier)
    assert codes(r) == []
    annee = 2022 if entete == C2022 else 2023
    premiere, seconde = r.observations.to_pylist()
    assert (premiere["n"], premiere["unite"], premiere["commune"]) == (57, "infraction", "01004")
    assert (premiere["population"], premiere["logements"]) == (14288.0, 7123.5)
    assert (premiere["debut"], premiere["fin"]) == (date(annee, 1, 1), date(annee, 12, 31))
    # Not published is null: neither zero, nor the départemental mean of complement_info.
    assert (seconde["n"], seconde["commune"], seconde["precision_lieu"]) == (None, "2A004", "commune")


def test_departemental_2025(tmp_path: Path) -> None:
    fichier = ecrire(
        tmp_path / "d.csv", D2025, ['"1";"84";2024;"Homicides";"Victime";5;0,1;663202;2021;330000;2021']
    )
    assert reconnaitre(fichier) == "ssmsi_departemental"
    r = lire(fichier)
    assert lignes(r, "territoire", "commune", "n", "unite") == [("01", None, 5, "victime")]
    assert codes(r) == ["zero_perdu"]


def test_lost_zeros_are_put_back_and_said(tmp_path: Path) -> None:
    r = lire(ecrire(tmp_path / "c.csv", C2022, [L2022[0].replace("01004", "1004")]))
    assert (lignes(r, "commune"), codes(r)) == ([("01004",)], ["zero_perdu"])


@pytest.mark.parametrize(
    ("avant", "apres", "code"),
    [
        ("Cambriolages de logement", "Vols de bicyclettes", "indicateur_inconnu"),
        (";22;", ";deux mille;", "annee_illisible"),
        ("01004", "Créteil", "commune_illisible"),
        (";57;", ";-57;", "negatif"),
        (";57;", ";57,5;", "decimal"),
        (";57;", ";#REF!;", "erreur_tableur"),
        (";NA;NA;14288", ";14288", "ligne_mal_coupee"),
    ],
)
def test_faults_are_blocking_and_located(tmp_path: Path, avant: str, apres: str, code: str) -> None:
    r = lire(ecrire(tmp_path / "c.csv", C2022, [L2022[1], L2022[0].replace(avant, apres)]))
    a = anomalie(r, code)
    assert (a.gravite, a.lieu.ligne) == (Gravite.BLOQUANTE, 3)
    assert r.observations.num_rows == 1


def test_published_without_a_number_is_empty_not_withheld(tmp_path: Path) -> None:
    r = lire(ecrire(tmp_path / "c.csv", C2022, [L2022[0].replace(";57;", ";;")]))
    assert (r.observations.num_rows, r.vides, codes(r)) == (0, 1, ["valeur_absente"])


def test_withheld_wins_over_a_number(tmp_path: Path) -> None:
    r = lire(ecrire(tmp_path / "c.csv", C2022, [L2022[0].replace(";diff;", ";ndiff;")]))
    assert lignes(r, "n") == [(None,)]


def test_same_row_twice_is_blocking(tmp_path: Path) -> None:
    r = lire(ecrire(tmp_path / "c.csv", C2022, [L2022[0], L2022[1], L2022[0].replace(";22;", ";2022;")]))
    assert anomalie(r, "doublon").gravite is Gravite.BLOQUANTE


def test_another_unit_is_said(tmp_path: Path) -> None:
    r = lire(ecrire(tmp_path / "c.csv", C2022, [L2022[0].replace("infraction", "Victime")]))
    assert (lignes(r, "unite"), codes(r)) == ([("victime",)], ["unite_changee"])


def test_only_the_communes_asked_for(tmp_path: Path) -> None:
    fichier = ecrire(tmp_path / "c.csv", C2025, L2025)
    r = lire(fichier, description=Description(format="ssmsi_communal", communes_gardees=("2A004",)))
    assert lignes(r, "commune") == [("2A004",)]


def test_wrong_level_and_other_files_are_refused(tmp_path: Path) -> None:
    fichier = ecrire(tmp_path / "c.csv", C2025, L2025)
    with pytest.raises(FichierRefuse, match="niveau"):
        lire(fichier, "ssmsi_departemental")
    with pytest.raises(FichierRefuse, match="SSMSI"):
        lire(ecrire(tmp_path / "x.csv", "a;b", ["1;2"]), "ssmsi_communal")


def test_a_truncated_gz_is_refused(tmp_path: Path) -> None:
    entier = gzip.compress(ecrire(tmp_path / "b", C2025, L2025 * 5000).read_bytes())
    (tmp_path / "c.csv.gz").write_bytes(entier[: len(entier) // 2])
    with pytest.raises(FichierRefuse, match="abîmé"):
        lire(tmp_path / "c.csv.gz", "ssmsi_communal")
