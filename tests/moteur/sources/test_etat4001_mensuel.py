from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.nomenclatures import etat4001
from pupitre.moteur.observations import Gravite, Releve
from pupitre.moteur.sources import Description, lire, reconnaitre
from tests.moteur.sources.fichiers import anomalie, codes, lignes, xlsx

INDEX = [(i.numero, i.libelle_publie) for i in etat4001.index().values() if i.utilise]


def mensuel(*entetes: object, titre: str = "CSP CRETEIL - Etat 4001 - Année 2024") -> list[list[object]]:
    """The 103 index in use, with 2 × index in the first column of counts, 3 × in the second…"""
    corps = [[n, lib, *(n * (k + 2) for k in range(len(entetes)))] for n, lib in INDEX]
    return [[titre], [], ["Index", "Libellé", *entetes], *corps]


def lire_un(
    tmp_path: Path, rangees: list[list[object]], description: Description | None = None, nom: str = "f.xlsx"
) -> Releve:
    return lire(xlsx(tmp_path / nom, {"Feuil1": rangees}), "etat4001_mensuel", description)


def test_index_by_months(tmp_path: Path) -> None:
    fichier = xlsx(tmp_path / "f.xlsx", {"Feuil1": mensuel("janv", "févr.")})
    assert reconnaitre(fichier) == "etat4001_mensuel"
    r = lire(fichier)
    assert codes(r) == []
    assert r.observations.num_rows == 206
    assert (
        "4001:27",
        date(2024, 2, 1),
        date(2024, 2, 29),
        "mois",
        "CSP CRETEIL",
        81,
        "infraction",
    ) in lignes(r, "nature", "debut", "fin", "granularite", "territoire", "n", "unite")


@pytest.mark.parametrize("entete", ["janv-24", "Janvier 2024", "01/2024", "2024-01", date(2024, 1, 1)])
def test_months_as_people_write_them(tmp_path: Path, entete: object) -> None:
    r = lire_un(tmp_path, mensuel(entete, titre="Circonscription"))
    assert {d for (d,) in lignes(r, "debut")} == {date(2024, 1, 1)}


def test_totals_and_variations_are_never_counted(tmp_path: Path) -> None:
    rangees = mensuel("janv", "févr.", "Cumul 2024", "Evolution")
    for r in rangees[3:]:
        r[4] = r[2] + r[3]  # type: ignore[operator]
    rangees.append([None, "TOTAL GENERAL", sum(2 * n for n, _ in INDEX), 1])
    r = lire_un(tmp_path, rangees)
    assert sum(n for (n,) in lignes(r, "n")) == sum(5 * n for n, _ in INDEX)
    assert codes(r) == ["colonne_ignoree", "total_faux", "total_ecarte"]
    assert (anomalie(r, "total_faux").lieu.ligne, anomalie(r, "total_faux").lieu.colonne) == (107, "D")


def test_a_quarter_among_months_is_blocking(tmp_path: Path) -> None:
    r = lire_un(tmp_path, mensuel("janv 2024", "T1 2024"))
    assert anomalie(r, "periodes_melees").gravite is Gravite.BLOQUANTE


def test_the_same_month_twice_is_blocking(tmp_path: Path) -> None:
    r = lire_un(tmp_path, mensuel("janv 2024", "01/2024"))
    assert (anomalie(r, "doublon").lieu.ligne, anomalie(r, "doublon").lieu.colonne) == (3, "D")
    assert r.observations.num_rows == 103


def test_months_without_a_year_are_blocking(tmp_path: Path) -> None:
    r = lire_un(tmp_path, mensuel("janv", titre="Circonscription"))
    assert anomalie(r, "periode_illisible").gravite is Gravite.BLOQUANTE
    assert lire_un(tmp_path, mensuel("janv", titre="C"), Description(annee=2024)).observations.num_rows == 103


@pytest.mark.parametrize(
    ("titre", "nom"), [("Etat 4001 octobre 2024", "f.xlsx"), ("Etat 4001", "4001_2024-10.xlsx")]
)
def test_index_by_communes(tmp_path: Path, titre: str, nom: str) -> None:
    d = Description(communes={"Créteil": "94028", "Limeil": "94044"})
    r = lire_un(tmp_path, mensuel("CRETEIL", "94002 Alfortville", "Limeil", titre=titre), d, nom)
    assert codes(r) == []
    assert set(lignes(r, "commune", "debut", "granularite", "precision_lieu")) == {
        (c, date(2024, 10, 1), "mois", "commune") for c in ("94028", "94002", "94044")
    }


def test_unknown_commune(tmp_path: Path) -> None:
    rangees = mensuel("Créteil", "Ailleurs", titre="octobre 2024")
    connue = lire_un(tmp_path, rangees, Description(communes={"Créteil": "94028"}))
    assert anomalie(connue, "commune_inconnue").gravite is Gravite.BLOQUANTE
    sans = lire_un(tmp_path, rangees)
    assert [a.gravite for a in sans.anomalies] == [Gravite.AVERTISSEMENT] * 2
    assert {p for (p,) in lignes(sans, "precision_lieu")} == {"territoire"}


def test_communes_without_a_month_are_blocking(tmp_path: Path) -> None:
    r = lire_un(tmp_path, mensuel("Créteil", "Alfortville", titre="Etat 4001"))
    assert anomalie(r, "periode_illisible").gravite is Gravite.BLOQUANTE
    assert r.observations.num_rows == 0


def test_a_numbered_list_is_not_a_4001(tmp_path: Path) -> None:
    fichier = tmp_path / "f.csv"
    fichier.write_text(
        "N°;Nature;Date\n1;Tapage;12/03/2024\n2;Tapage;13/03/2024\n3;Tapage;14/03/2024\n", "utf-8"
    )
    assert reconnaitre(fichier) == "faits"
    with pytest.raises(FichierRefuse):
        lire(fichier, "etat4001_mensuel")


def test_missing_index_are_said(tmp_path: Path) -> None:
    r = lire_un(tmp_path, mensuel("janv 2024")[:100])
    assert "6 index" in anomalie(r, "index_absent").message
