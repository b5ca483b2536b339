"""A description that serves next year, and the texts that people write around a table."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pupitre.moteur.observations import Gravite
from pupitre.moteur.sources import Description, Role, lire, proposer_description
from tests.moteur.sources.fichiers import anomalie, codes, lignes, xlsx
from tests.moteur.sources.test_comptages_faits import LONG, PM, texte
from tests.moteur.sources.test_etat4001_mensuel import INDEX, lire_un, mensuel

WIDE = Description(roles={"Résidence": Role.TERRITOIRE, "Nature": Role.NATURE}, colonnes_periode_auto=True)


def large(*entetes: str, titre: str = "Créteil Habitat") -> str:
    nombres = ";".join("2" for _ in entetes)
    return f"{titre}\nRésidence;Nature;{';'.join(entetes)}\nLes Bleuets;Occupation de hall;{nombres}\n"


@pytest.mark.parametrize(
    ("entetes", "debuts"),
    [
        (("01/2026", "02/2026"), ["2026-01-01", "2026-02-01"]),
        (("janv. 2027", "févr. 2027"), ["2027-01-01", "2027-02-01"]),
        (("2026-01", "2026-02"), ["2026-01-01", "2026-02-01"]),
        (("T1 2026", "T2 2026"), ["2026-01-01", "2026-04-01"]),
        (("2024", "2025"), ["2024-01-01", "2025-01-01"]),
    ],
)
def test_one_description_serves_every_year(
    tmp_path: Path, entetes: tuple[str, ...], debuts: list[str]
) -> None:
    r = lire(texte(tmp_path, large(*entetes)), description=WIDE)
    assert codes(r) == []
    assert [str(d) for (d,) in lignes(r, "debut")] == debuts


def test_the_proposal_of_one_year_reads_the_next(tmp_path: Path) -> None:
    def classeur(annee: int) -> Path:
        rangees = [
            [f"Incidents {annee}"],
            ["Résidence", "Nature", "Janvier", "Février", "Total"],
            ["Les Bleuets", "Occupation de hall", 3, 4, 7],
        ]
        return xlsx(tmp_path / f"{annee}.xlsx", {f"Année {annee}": rangees, "Notes": [["rien"]]})

    d = proposer_description(classeur(2025))
    assert (d.annee, d.periode_fixe, d.feuille) == (0, "", "Année 2025")
    r = lire(classeur(2026), description=d)
    assert lignes(r, "debut", "n") == [(date(2026, 1, 1), 3), (date(2026, 2, 1), 4)]
    assert codes(r) == ["feuille_renommee", "total_ecarte"]
    assert not r.bloquee


def test_a_year_said_twice_and_differently_is_a_warning(tmp_path: Path) -> None:
    d = Description(roles=WIDE.roles, colonnes_periode_auto=True, annee=2025)
    r = lire(texte(tmp_path, large("Janvier", titre="Incidents 2026")), description=d)
    assert anomalie(r, "annee_incoherente").gravite is Gravite.AVERTISSEMENT
    assert lignes(r, "debut") == [(date(2025, 1, 1),)]


def test_months_without_any_year_are_blocking(tmp_path: Path) -> None:
    r = lire(texte(tmp_path, large("Janvier", "Février")), description=WIDE)
    assert codes(r) == ["periode_illisible"] * 2
    assert r.bloquee
    assert r.observations.num_rows == 0


def test_the_year_column_of_a_monthly_table_is_not_added(tmp_path: Path) -> None:
    contenu = large("01/2026", "02/2026", "2026")
    r = lire(texte(tmp_path, contenu), description=WIDE)
    assert sum(n for (n,) in lignes(r, "n")) == 4
    assert anomalie(r, "colonne_ignoree").lieu.colonne == "E"


@pytest.mark.parametrize(("nom", "debut"), [("halls octobre 2026.csv", date(2026, 10, 1)), ("a.csv", None)])
def test_the_month_of_the_file_is_in_its_name(tmp_path: Path, nom: str, debut: date | None) -> None:
    d = Description(roles={"Nature": Role.NATURE, "Nb": Role.NOMBRE})
    gardee = texte(tmp_path, "Nature;Nb\nRodéo;3\n", nom="0f2025e1b8c94d0aa1b2c3d4e5f60718.csv")
    r = lire(gardee, description=d, nom=nom)
    assert [x for (x,) in lignes(r, "debut")] == ([debut] if debut else [])
    assert codes(r) == (["periode_trouvee"] if debut else ["periode_absente"])


def test_an_identifier_never_tells_a_year(tmp_path: Path) -> None:
    d = Description(roles={"Nature": Role.NATURE, "Nb": Role.NOMBRE})
    r = lire(
        texte(tmp_path, "Nature;Nb\nRodéo;3\n", nom="a" * 14 + "2025" + "b" * 14 + ".csv"), description=d
    )
    assert codes(r) == ["periode_absente"]


def test_titles_that_moved_are_found(tmp_path: Path) -> None:
    d = Description(roles=LONG.roles, ligne_entete=1)
    r = lire(texte(tmp_path, "Nouveau bandeau;;\nMois;Nature;Nb\n2024-01;Rodéo;1\n"), description=d)
    assert (codes(r), lignes(r, "n")) == (["titres_deplaces"], [(1,)])


PIEDS = (
    "Edité le 3 janvier 2026;;",
    "Source : police nationale;;",
    "Nombre d’évènements : 3;;",
    ";;Fait à Créteil",
    "Le commandant Durand;;",
)


@pytest.mark.parametrize("pied", PIEDS)
@pytest.mark.parametrize("place", ["dessous", "dessus"])
def test_texts_around_a_table_of_counts(tmp_path: Path, pied: str, place: str) -> None:
    corps = "2024-01;Rodéo;1\n2024-02;Rodéo;2\n"
    contenu = f"Mois;Nature;Nb\n{corps}{pied}\n" if place == "dessous" else f"Mois;Nature;Nb\n{pied}\n{corps}"
    r = lire(texte(tmp_path, contenu), description=LONG)
    assert lignes(r, "n") == [(1,), (2,)]
    a = anomalie(r, "ligne_ecartee")
    assert (a.gravite, a.lieu.ligne) == (Gravite.INFORMATION, 4 if place == "dessous" else 2)
    assert r.vides == 0
    assert "Durand" not in a.message


@pytest.mark.parametrize(
    "pied", ["Nombre d’évènements : 4;;", "Total : 4;;", ";Nombre de faits :;4", "Total;;4"]
)
def test_an_announced_total_is_compared(tmp_path: Path, pied: str) -> None:
    contenu = f"Mois;Nature;Nb\n2024-01;Rodéo;1\n2024-02;Rodéo;2\n{pied}\n"
    r = lire(texte(tmp_path, contenu), description=LONG)
    assert (anomalie(r, "total_faux").gravite, anomalie(r, "total_faux").lieu.ligne) == (
        Gravite.AVERTISSEMENT,
        4,
    )
    assert lignes(r, "n") == [(1,), (2,)]
    assert not r.bloquee
    juste = lire(texte(tmp_path, contenu.replace("4\n", "3\n").replace("4;;\n", "3;;\n")), description=LONG)
    assert "total_faux" not in codes(juste)


@pytest.mark.parametrize(
    ("ligne", "code"),
    [
        ("Nombre d’habitants;;92000", "periode_illisible"),
        ("Les Bleuets;Rodéo;beaucoup", "pas_un_nombre"),
        (";;7", "doublon"),
    ],
)
def test_a_row_with_a_figure_is_never_set_aside(tmp_path: Path, ligne: str, code: str) -> None:
    r = lire(texte(tmp_path, f"Mois;Nature;Nb\n2024-02;Rodéo;2\n{ligne}\n"), description=LONG)
    assert code in codes(r)
    assert r.bloquee


def test_the_name_of_a_group_above_its_rows_is_kept(tmp_path: Path) -> None:
    d = Description(
        roles={"Lieu": Role.TERRITOIRE, "Nature": Role.NATURE, "Nb": Role.NOMBRE}, periode_fixe="2024"
    )
    contenu = "Lieu;Nature;Nb\nLes Bleuets;;\n;Rodéo;1\nMont-Mesly;;\n;Rodéo;2\nLe directeur;;\n"
    r = lire(texte(tmp_path, contenu), description=d)
    assert lignes(r, "territoire", "n") == [("Les Bleuets", 1), ("Mont-Mesly", 2)]


def test_a_total_in_a_column_that_is_not_read(tmp_path: Path) -> None:
    contenu = "N°;Mois;Nature;Nb\n1;2024-01;Rodéo;1\n2;2024-02;Rodéo;2\nTotal;;;3\n"
    r = lire(texte(tmp_path, contenu), description=LONG)
    assert (lignes(r, "n"), codes(r)) == ([(1,), (2,)], ["total_ecarte"])


FAITS = Description(
    format="faits",
    roles={"Date": Role.DATE, "Nature": Role.NATURE, "Quartier": Role.SECTEUR, "Heure": Role.HEURE},
)


@pytest.mark.parametrize(
    ("pied", "code"),
    [
        (";Edité le 3 janvier 2026", "ligne_ecartee"),
        (";Nombre d’évènements : 3", "ligne_ecartee"),
        (";Nombre d’évènements : 184", "total_faux"),
        (";Total;;;;184", "total_faux"),
        (";Source : police municipale", "ligne_ecartee"),
        (";31/02/2024", "date_illisible"),
        (";;;Rodéo;Lac", "date_absente"),
        ("4;hier;12h;Soucoupe;Lac", "date_illisible"),
    ],
)
def test_texts_under_a_list_of_events(tmp_path: Path, pied: str, code: str) -> None:
    r = lire(texte(tmp_path, PM + pied + "\n"), description=FAITS)
    assert r.observations.num_rows == 3
    assert anomalie(r, code).lieu.ligne == 5
    assert r.bloquee == code.startswith("date")


@pytest.mark.parametrize(
    ("pied", "code", "gravite"),
    [
        (["Edité le 3 janvier 2026"], "ligne_ecartee", Gravite.INFORMATION),
        ([None, None, None, "Fait à Créteil, le 3 janvier"], "ligne_ecartee", Gravite.INFORMATION),
        ([None, None, None, None, "Edité le 3/1/2026"], "ligne_ecartee", Gravite.INFORMATION),
        (["Nombre d’évènements : 12"], "total_faux", Gravite.AVERTISSEMENT),
        (["Nombre de faits", None, 12], "total_faux", Gravite.AVERTISSEMENT),
        ([108, "Index inconnu", 4], "index_inconnu", Gravite.BLOQUANTE),
        (["27 bis", "Autres", 4], "index_inconnu", Gravite.BLOQUANTE),
        ([None, "Oublié", 4], "index_inconnu", Gravite.BLOQUANTE),
        ([None, "Oublié", "#REF!"], "index_inconnu", Gravite.BLOQUANTE),
    ],
)
def test_texts_under_a_4001(tmp_path: Path, pied: list[object], code: str, gravite: Gravite) -> None:
    r = lire_un(tmp_path, [*mensuel("janv 2024"), pied])
    assert r.observations.num_rows == len(INDEX)
    a = anomalie(r, code)
    assert (a.gravite, a.lieu.ligne) == (gravite, 107)


def test_the_right_announced_total_of_a_4001(tmp_path: Path) -> None:
    total = sum(2 * n for n, _ in INDEX)
    r = lire_un(tmp_path, [*mensuel("janv 2024"), [f"Total : {total} faits"]])
    assert "concorde" in anomalie(r, "ligne_ecartee").message
