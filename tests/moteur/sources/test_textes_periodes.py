from __future__ import annotations

from datetime import date

import pytest

from pupitre.moteur.observations import Granularite
from pupitre.moteur.sources.fichiers.feuille import lettre
from pupitre.moteur.sources.lecture.periodes import lire_heure, lire_jour, lire_periode, periode_dans
from pupitre.moteur.sources.lecture.personnes import est_nominative
from pupitre.moteur.sources.lecture.textes import Compte, est_total, lire_compte


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("12", Compte(12)),
        (" 12 ", Compte(12)),
        ("0", Compte(0)),
        ("1 234", Compte(1234)),
        ("1\u202f234\u202f567", Compte(1234567)),
        ("12.0", Compte(12)),
        ("1e3", Compte(1000)),
        ("", Compte(vide=True)),
        (None, Compte(vide=True)),
        ("-", Compte(vide=True)),
        ("N.D.", Compte()),
        ("ndiff", Compte()),
        ("***", Compte()),
        ("-3", Compte(faute="negatif")),
        ("2,5", Compte(faute="decimal", fraction=2.5)),
        ("#REF!", Compte(faute="erreur_tableur")),
        ("#VALEUR!", Compte(faute="erreur_tableur")),
        ("9" * 17, Compte(faute="trop_grand")),
        ("1e300", Compte(faute="trop_grand")),
        ("1*", Compte(n=1, renvoi=True)),
        ("12 (1)", Compte(n=12, renvoi=True)),
        ("1 234²", Compte(n=1234, renvoi=True)),
        ("2,5*", Compte(faute="decimal", fraction=2.5, renvoi=True)),
        ("5 (dont 2 de nuit)", Compte(n=5, renvoi=True)),
        ("1 (dont 2)", Compte(faute="pas_un_nombre")),
        ("12 faits", Compte(faute="pas_un_nombre")),
        ("1 23", Compte(faute="pas_un_nombre")),
        ("١٢", Compte(faute="pas_un_nombre")),
    ],
)
def test_counts(texte: str | None, attendu: Compte) -> None:
    assert lire_compte(texte) == attendu


@pytest.mark.parametrize(
    "texte",
    [
        "TOTAL",
        "Sous-total",
        "S/Total",
        "Total général",
        "Ensemble",
        "Ensemble des sites",
        "Cumul 2024",
        "Totaux",
    ],
)
def test_totals(texte: str) -> None:
    assert est_total(texte)


@pytest.mark.parametrize(
    "texte", ["Ensemble Les Bleuets", "Grand Ensemble", "Résidence Total Énergie", "", None]
)
def test_places_that_are_not_totals(texte: str | None) -> None:
    assert not est_total(texte)


@pytest.mark.parametrize(
    ("texte", "debut", "fin", "granularite"),
    [
        ("oct-24", date(2024, 10, 1), date(2024, 10, 31), "mois"),
        ("Octobre 2024", date(2024, 10, 1), date(2024, 10, 31), "mois"),
        ("févr. 2024", date(2024, 2, 1), date(2024, 2, 29), "mois"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "mois"),
        ("2011M02", date(2011, 2, 1), date(2011, 2, 28), "mois"),
        ("2024-03-01 00:00:00", date(2024, 3, 1), date(2024, 3, 31), "mois"),
        ("2024-03-02 00:00:00", date(2024, 3, 2), date(2024, 3, 2), "jour"),
        ("T3 2024", date(2024, 7, 1), date(2024, 9, 30), "trimestre"),
        ("3e trimestre 2024", date(2024, 7, 1), date(2024, 9, 30), "trimestre"),
        ("S2 2024", date(2024, 7, 1), date(2024, 12, 31), "semestre"),
        ("1er semestre 2024", date(2024, 1, 1), date(2024, 6, 30), "semestre"),
        ("semaine 42 2024", date(2024, 10, 14), date(2024, 10, 20), "semaine"),
        ("2024-W42", date(2024, 10, 14), date(2024, 10, 20), "semaine"),
        ("2023-2024", date(2023, 9, 1), date(2024, 8, 31), "annee_scolaire"),
        ("2023/24", date(2023, 9, 1), date(2024, 8, 31), "annee_scolaire"),
        ("Année 2024", date(2024, 1, 1), date(2024, 12, 31), "annee"),
    ],
)
def test_periods(texte: str, debut: date, fin: date, granularite: str) -> None:
    lue = lire_periode(texte)
    assert lue is not None
    assert (lue.debut, lue.fin, lue.granularite) == (debut, fin, Granularite(granularite))


@pytest.mark.parametrize(
    "texte", ["octobre", "2024-13", "2020-2024", "deux mille", "", "semaine 60 2024", "31/02/2024", "1850"]
)
def test_what_is_not_a_period(texte: str) -> None:
    assert lire_periode(texte) is None


def test_a_month_takes_the_year_of_the_file() -> None:
    lue = lire_periode("octobre", 2024)
    assert lue is not None
    assert lue.debut == date(2024, 10, 1)


@pytest.mark.parametrize("texte", ["Statistiques - Octobre 2024.xlsx", "4001_2024-10", "relevé 10.2024"])
def test_a_month_in_a_title(texte: str) -> None:
    lue = periode_dans(texte)
    assert lue is not None
    assert lue.debut == date(2024, 10, 1)


@pytest.mark.parametrize(
    ("texte", "jour", "heure"),
    [
        ("12/03/2024", date(2024, 3, 12), None),
        ("12/03/24", date(2024, 3, 12), None),
        ("2024-03-12 00:00:00", date(2024, 3, 12), None),
        ("2024-03-12 14:30:00", date(2024, 3, 12), 14),
        ("mardi 12 mars 2024", date(2024, 3, 12), None),
        ("1er août 2024 à 9h05", date(2024, 8, 1), 9),
        ("12.03.2024 23h", date(2024, 3, 12), 23),
    ],
)
def test_days(texte: str, jour: date, heure: int | None) -> None:
    lu = lire_jour(texte)
    assert lu is not None
    assert (lu.jour, lu.heure) == (jour, heure)


def test_a_declared_format_is_the_only_one() -> None:
    lu = lire_jour("03/12/2024", "%m/%d/%Y")
    assert lu is not None
    assert lu.jour == date(2024, 3, 12)
    assert lire_jour("2024-03-12", "%m/%d/%Y") is None


@pytest.mark.parametrize(
    ("texte", "heure"),
    [
        ("14h30", 14),
        ("14:30:00", 14),
        ("9 h", 9),
        ("0", 0),
        ("1899-12-31 18:30:00", 18),
        ("0,75", 18),
        ("24h", None),
        ("25:00", None),
        ("soir", None),
        ("12:75", None),
    ],
)
def test_hours(texte: str, heure: int | None) -> None:
    assert lire_heure(texte) == heure


@pytest.mark.parametrize(
    "texte",
    [
        "Nom",
        "Prénom",
        "Nom de la victime",
        "Nom du requérant",
        "Téléphone",
        "Courriel",
        "Date de naissance",
        "Immatriculation",
    ],
)
def test_headers_of_persons(texte: str) -> None:
    assert est_nominative(texte)


@pytest.mark.parametrize(
    "texte",
    [
        "Nombre",
        "Nom de la commune",
        "Nom du quartier",
        "Nom de la résidence",
        "Date",
        "Nature",
        "Adresse",
        "Nombre de victimes",
    ],
)
def test_headers_of_places(texte: str) -> None:
    assert not est_nominative(texte)


def test_column_letters() -> None:
    assert [lettre(i) for i in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
