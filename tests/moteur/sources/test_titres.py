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


def test_titles_merged_down_beside_quarters_merged_over_their_months(tmp_path: Path) -> None:
    """What a landlord draws: two rows of titles, quarters above, places and kinds written once, subtotals, a note."""
    fichier = xlsx(
        tmp_path / "bilan.xlsx",
        {
            "2026": [
                ["RÉSIDENCES DU VAL – Bilan tranquillité 2026"],
                ["Ville", "Type de fait", "1er trimestre", None, None, "2e trimestre"],
                [None, None, "janv.", "févr.", "mars", "avr."],
                ["CRÉTEIL", "Occupation de hall", 3, 4, "5 (dont 2 de nuit)", 6],
                [None, "Trouble de jouissance", 12, 9, 7, 8],
                ["Sous-total", None, 15, 13, 12, 14],
                ["ALFORTVILLE", "Occupation de hall", 1, 1, 2, 0],
                ["TOTAL", None, 16, 14, 14, 14],
            ]
        },
        {"2026": ["A2:A3", "B2:B3", "C2:E2"]},
    )
    description = proposer_description(fichier)
    assert description.roles == {"Ville": "commune", "Type de fait": "nature"}
    releve = lire(fichier, description=description)
    assert releve.observations.num_rows == 12
    mars = {
        ligne["nature"]: ligne["n"]
        for ligne in releve.observations.to_pylist()
        if ligne["debut"] == date(2026, 3, 1) and ligne["territoire"] == "CRÉTEIL"
    }
    assert mars == {"inc:occupation_hall": 5, "inc:trouble_jouissance": 7}


def test_a_banner_above_an_untitled_column_is_not_its_title(tmp_path: Path) -> None:
    fichier = xlsx(
        tmp_path / "f.xlsx",
        {"F": [["Occupations de hall"], [None, "2023", "2024"], ["Créteil", 1, 2], ["Alfortville", 3, 4]]},
    )
    assert "Occupations de hall" not in proposer_description(fichier).roles


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
