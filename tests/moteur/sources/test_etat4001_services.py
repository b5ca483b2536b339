from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.nomenclatures import etat4001
from pupitre.moteur.observations import Gravite, Releve
from pupitre.moteur.sources import lire, reconnaitre
from tests.moteur.sources.fichiers import anomalie, codes, lignes, xlsx

REEL = "etat4001/crimes-et-delits-services-depuis-2012.xlsx"


@pytest.fixture(scope="module")
def releve(donnees_partagees: Path) -> Releve:
    return lire(donnees_partagees / REEL)


def valeur(releve: Releve, territoire: str, annee: int, *index: int) -> int:
    o = releve.observations
    masque = pc.and_(
        pc.and_(pc.equal(o["territoire"], territoire), pc.equal(o["debut"], date(annee, 1, 1))),
        pc.is_in(o["nature"], pa.array([f"4001:{i}" for i in index])),
    )
    return pc.sum(o.filter(masque)["n"]).as_py()


def test_the_real_workbook_is_recognised(donnees_partagees: Path) -> None:
    assert reconnaitre(donnees_partagees / REEL) == "etat4001_services"


def test_every_cell_of_the_real_workbook(releve: Releve) -> None:
    """1,010,615 cells, of which 13,568 are empty."""
    assert releve.observations.num_rows == 997_047
    assert releve.vides == 13_568
    assert releve.observations["n"].null_count == 0
    assert not releve.bloquee
    assert codes(releve) == ["feuille_ignoree"]
    assert anomalie(releve, "feuille_ignoree").lieu.feuille == "Présentation"
    assert len(releve.feuilles) == 18
    assert releve.millesime == "2012–2020"
    assert len(pc.unique(releve.observations["territoire"])) == 1345


def test_empty_cells_are_the_unused_index_of_the_gendarmerie(releve: Releve) -> None:
    inutilises = pa.array([f"4001:{i}" for i in (96, 97, 99, 100)])
    restants = releve.observations.filter(pc.is_in(releve.observations["nature"], inutilises))
    assert pc.sum(restants["n"]).as_py() == 0
    assert not any(t.startswith("CGD ") for t in pc.unique(restants["territoire"]).to_pylist())


def test_known_cells(releve: Releve) -> None:
    """Read by eye in the workbook."""
    assert valeur(releve, "DTSP94 CRETEIL", 2020, 27) == 188
    assert valeur(releve, "DTSP94 CRETEIL", 2020, 28) == 7
    assert valeur(releve, "DTSP94 CRETEIL", 2012, 27, 28) == 203
    assert valeur(releve, "CIAT DE NOUMEA", 2012, 1) == 0
    # PN sheets have one more header row than GN sheets: both first and last rows must be read.
    assert valeur(releve, "DIDPAF PREVESSIN 01", 2012, 107) == 57
    assert valeur(releve, "CGD BELLEY", 2020, 107) == 105


def test_sums_agree_with_another_reader(releve: Releve, donnees_partagees: Path) -> None:
    import openpyxl

    classeur = openpyxl.load_workbook(donnees_partagees / REEL, read_only=True, data_only=True)
    rangees = list(classeur["Services GN 2015"].iter_rows(min_row=2, min_col=3, values_only=True))
    classeur.close()
    compagnies = pa.array(rangees[0])
    o = releve.observations
    masque = pc.and_(pc.is_in(o["territoire"], compagnies), pc.equal(o["debut"], date(2015, 1, 1)))
    assert pc.sum(o.filter(masque)["n"]).as_py() == sum(v for r in rangees[1:] for v in r if v is not None)


def test_gaps_between_groupings_and_the_ssmsi(releve: Releve, donnees_partagees: Path) -> None:
    """National sums of index against the départemental base, 2016–2020: the recorded bounds are the measured ones."""
    base = lire(next((donnees_partagees / "ssmsi").glob("donnee-dep-*.csv"))).observations

    def somme(table: pa.Table, natures: tuple[str, ...], annee: int) -> int:
        masque = pc.and_(
            pc.is_in(table["nature"], pa.array(natures)), pc.equal(table["debut"], date(annee, 1, 1))
        )
        return pc.sum(table.filter(masque)["n"]).as_py()

    mesures = {}
    for g in etat4001.groupements().values():
        if g.ecart_base:
            ecarts = [
                100 * (somme(releve.observations, g.natures, a) / somme(base, (f"ssmsi:{g.ssmsi}",), a) - 1)
                for a in range(2016, 2021)
            ]
            mesures[g.code] = (round(min(ecarts), 1) + 0.0, round(max(ecarts), 1) + 0.0)
            assert g.comparable == (max(map(abs, ecarts)) < 10)
    assert mesures == {g.code: g.ecart_base for g in etat4001.groupements().values() if g.ecart_base}
    assert len(mesures) == 9


def feuille(
    titre: str = "Année 2019 - services de police",
    noms: tuple[str, ...] = ("CIAT DE X", "CIAT DE Y"),
    departements: tuple[str, ...] = ("01", "02"),
    perimetres: tuple[str, ...] = ("DCSP", "DCSP"),
    suite: tuple[tuple[object, ...], ...] = (),
) -> list[list[object]]:
    return [
        [titre, "Départements", *departements],
        [None, "Périmètres", *perimetres],
        ["Code index", "Libellé index \\ CSP", *noms],
        [27, "Cambriolages de locaux d'habitations principales", 5, 6],
        [28, "Cambriolages de résidences secondaires", 1, 0],
        *[list(r) for r in suite],
    ]


def lire_feuille(tmp_path: Path, rangees: list[list[object]], nom: str = "Services PN 2019") -> Releve:
    return lire(xlsx(tmp_path / "f.xlsx", {nom: rangees}), "etat4001_services")


def test_same_name_twice_is_kept_apart(tmp_path: Path) -> None:
    r = lire_feuille(tmp_path, feuille(noms=("SRPJ", "SRPJ")))
    assert {t for (t,) in lignes(r, "territoire")} == {"SRPJ (01, DCSP)", "SRPJ (02, DCSP)"}
    assert codes(r).count("nom_repete") == 2
    assert not r.bloquee


def test_same_name_same_place_is_blocking(tmp_path: Path) -> None:
    r = lire_feuille(tmp_path, feuille(noms=("SRPJ", "SRPJ"), departements=("01", "01")))
    a = anomalie(r, "doublon")
    assert (a.gravite, a.lieu.ligne, a.lieu.colonne) == (Gravite.BLOQUANTE, 3, "D")


def test_totals_are_set_aside_and_checked(tmp_path: Path) -> None:
    rangees = [[*r, t] for r, t in zip(feuille(), [None, None, "TOTAL", 11, 2], strict=True)]
    r = lire_feuille(tmp_path, [*rangees, ["TOTAL", None, 6, 6, None]])
    assert sum(n for (n,) in lignes(r, "n")) == 12
    faux = anomalie(r, "total_faux")
    assert (faux.lieu.ligne, faux.lieu.colonne) == (5, "E")
    assert "2" in faux.message
    assert "1" in faux.message
    assert anomalie(r, "total_ecarte").lieu.ligne == 6


@pytest.mark.parametrize(
    ("valeur", "code"),
    [
        (-1, "negatif"),
        (2.5, "decimal"),
        ("#REF!", "erreur_tableur"),
        ("#N/A", "erreur_tableur"),
        ("beaucoup", "pas_un_nombre"),
    ],
)
def test_a_bad_cell_is_blocking_at_its_place(tmp_path: Path, valeur: object, code: str) -> None:
    r = lire_feuille(tmp_path, feuille(suite=((35, "Vols d'automobiles", 4, valeur),)))
    a = anomalie(r, code)
    assert a.gravite is Gravite.BLOQUANTE
    assert (a.lieu.feuille, a.lieu.ligne, a.lieu.colonne) == ("Services PN 2019", 6, "D")
    assert r.observations.num_rows == 5


def test_real_error_cells_are_not_taken_for_empty_ones(tmp_path: Path) -> None:
    import openpyxl

    fichier = xlsx(tmp_path / "f.xlsx", {"Services PN 2019": feuille()})
    classeur = openpyxl.load_workbook(fichier)
    cellule = classeur.active["C5"]
    cellule.value, cellule.data_type = "#REF!", "e"
    classeur.save(fichier)
    r = lire(fichier, "etat4001_services")
    assert (anomalie(r, "erreur_tableur").lieu.ligne, anomalie(r, "erreur_tableur").lieu.colonne) == (5, "C")
    assert r.vides == 0


@pytest.mark.parametrize("numero", [108, 0, "A12"])
def test_unknown_index_is_blocking(tmp_path: Path, numero: object) -> None:
    r = lire_feuille(tmp_path, feuille(suite=((numero, "Autre chose", 4, 4),)))
    assert (anomalie(r, "index_inconnu").lieu.ligne, r.observations.num_rows) == (6, 4)


def test_repeated_index_is_blocking(tmp_path: Path) -> None:
    r = lire_feuille(tmp_path, feuille(suite=((27, "Cambriolages", 4, 4),)))
    assert anomalie(r, "doublon").lieu.ligne == 6
    assert sum(n for (n,) in lignes(r, "n")) == 12


def test_shifted_labels_are_seen(tmp_path: Path) -> None:
    r = lire_feuille(tmp_path, feuille(suite=((35, "Recels", 4, 4),)))
    assert anomalie(r, "libelle_inattendu").lieu.ligne == 6


def test_a_year_in_words_is_blocking(tmp_path: Path) -> None:
    r = lire_feuille(tmp_path, feuille("Année deux mille dix-neuf - services de police"), nom="Services PN")
    assert anomalie(r, "annee_illisible").gravite is Gravite.BLOQUANTE
    assert r.observations.num_rows == 0


def test_two_years_are_blocking(tmp_path: Path) -> None:
    r = lire_feuille(tmp_path, feuille(), nom="Services PN 2018")
    assert anomalie(r, "annee_incoherente").gravite is Gravite.BLOQUANTE


def test_merged_service_names_are_seen(tmp_path: Path) -> None:
    fichier = xlsx(tmp_path / "f.xlsx", {"Services PN 2019": feuille()}, {"Services PN 2019": ["C3:D3"]})
    r = lire(fichier, "etat4001_services")
    a = anomalie(r, "entete_vide")
    assert (a.gravite, a.lieu.ligne, a.lieu.colonne) == (Gravite.BLOQUANTE, 3, "D")


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FichierRefuse, match="Code index"):
        lire(xlsx(tmp_path / "f.xlsx", {"A": [["a", "b", "c"], [1, 2, 3]]}), "etat4001_services")
