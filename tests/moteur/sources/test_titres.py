"""A year merged over its months, a title merged down: what spreadsheets do to titles."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pupitre.moteur.sources import lire, proposer_description
from tests.moteur.sources.fichiers import xlsx


def deux_annees(dossier: Path) -> Path:
    mois = ["janv.", "févr.", "mars"]
    return xlsx(
        dossier / "halls.xlsx",
        {
            "Halls": [
                ["Occupations de hall, suivi du bailleur"],
                ["Résidence", "2024", None, None, "2025"],
                [None, *mois, *mois],
                ["Les Bleuets", 3, 1, 4, 1, 5, 9],
                ["Les Sablières", 2, 6, 5, 3, 5, 8],
            ]
        },
        {"Halls": ["A2:A3", "B2:D2", "E2:G2"]},
    )


def test_merged_years_go_down_to_their_months(tmp_path: Path) -> None:
    fichier = deux_annees(tmp_path)
    description = proposer_description(fichier)
    assert description.roles == {"Résidence": "territoire"}
    assert description.nature_fixe == "inc:occupation_hall"
    releve = lire(fichier, description=description)
    assert not releve.bloquee
    par_mois = {
        (ligne["territoire"], ligne["debut"]): ligne["n"] for ligne in releve.observations.to_pylist()
    }
    assert len(par_mois) == 12
    assert par_mois[("Les Bleuets", date(2024, 3, 1))] == 4
    assert par_mois[("Les Sablières", date(2025, 1, 1))] == 3


def test_a_year_over_years_changes_nothing(tmp_path: Path) -> None:
    fichier = xlsx(
        tmp_path / "f.xlsx",
        {
            "F": [
                ["Occupations de hall"],
                ["Commune", "2023", "2024"],
                ["Créteil", 1, 2],
                ["Alfortville", 3, 4],
            ]
        },
    )
    releve = lire(fichier, description=proposer_description(fichier))
    assert sorted(releve.observations["debut"].to_pylist()) == [date(2023, 1, 1)] * 2 + [date(2024, 1, 1)] * 2
