"""A real untidy file, read without help: the ministry's list of municipal police of 2017."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from pupitre.moteur.observations import Gravite, Releve
from pupitre.moteur.sources import CommuneDeReference, CommunesConnues, lire, proposer_description
from pupitre.territoires.reference import lire_reference

POLICIERS, ASVP = 22_083, 7_012


@pytest.fixture(scope="module")
def communes() -> CommunesConnues:
    reference = lire_reference()
    return CommunesConnues(
        (CommuneDeReference(c["code"], c["nom"], c["departement"]) for c in reference.communes),
        departements={d["code"]: d["nom"] for d in reference.departements},
    )


@pytest.fixture(scope="module")
def fichier(donnees_partagees: Path) -> Path:
    return donnees_partagees / "police_municipale" / "effectifs-police-municipale-2017.csv"


@pytest.fixture(scope="module")
def releve(fichier: Path, communes: CommunesConnues) -> Releve:
    return lire(fichier, description=proposer_description(fichier), communes=communes)


def somme(releve: Releve, nature: str) -> int:
    lignes = releve.observations.filter(pc.equal(releve.observations["nature"], nature))
    return int(pc.sum(lignes["n"]).as_py())


def test_every_agent_is_read_and_no_total_is(releve: Releve) -> None:
    assert somme(releve, "eff:policier_municipal") == POLICIERS
    # 7 015 on the rows: two halves are kept as not published.
    assert somme(releve, "eff:asvp") == 7_014
    assert somme(releve, "eff:garde_champetre") == 761
    assert set(releve.observations["unite"].unique().to_pylist()) == {"agent", "chien"}


def test_the_period_is_the_year_of_the_survey(releve: Releve) -> None:
    periodes = releve.observations.select(["debut", "fin", "granularite"]).group_by(
        ["debut", "fin", "granularite"]
    )
    (ligne,) = periodes.aggregate([]).to_pylist()
    assert (str(ligne["debut"]), str(ligne["fin"]), ligne["granularite"]) == (
        "2017-01-01",
        "2017-12-31",
        "annee",
    )


def test_totals_are_a_check(releve: Releve) -> None:
    france = {t.titre: t for t in releve.totaux if t.ensemble}
    assert len(releve.totaux) == 98 * 5 + 5
    policiers, asvp = france["Nombre de policiers municipaux"], france["Nombre d’ASVP"]
    assert (policiers.annonce, policiers.somme, policiers.concorde) == (POLICIERS, POLICIERS, True)
    assert (asvp.annonce, asvp.somme, asvp.concorde) == (ASVP, 7_015, False)
    dit = next(a for a in releve.anomalies if a.lieu.ligne == 5084 and a.lieu.colonne == "E")
    assert "7\u202f012" in dit.message
    assert "7\u202f015" in dit.message
    assert "ligne 176, 2633" in dit.message


def test_where_the_totals_disagree(releve: Releve) -> None:
    faux = [(t.lieu.ligne, t.annonce, t.somme) for t in releve.totaux if not t.concorde and not t.ensemble]
    assert faux == [(176, 21.0, 22.0), (2633, 15.0, 17.0)]
    note = next(a for a in releve.anomalies if a.lieu.ligne == 176)
    assert "renvoi de note" in note.message


def test_communes_are_recognised(releve: Releve) -> None:
    libelles = len({t for t in releve.observations["territoire"].to_pylist() if t})
    reconnues = 1 - len(releve.inconnus) / libelles
    assert reconnues >= 0.97
    par_libelle = {i.libelle: i for i in releve.inconnus}
    assert par_libelle["HAUTEVILLE LOMPNES"].candidats[0] == ("01185", "Plateau d'Hauteville")
    # Agents shared between communes: who counts them is for a person to say.
    partage = par_libelle["SAINGHIN EN WEPPES – DON"]
    assert [nom for _, nom in partage.candidats[:2]] == ["Sainghin-en-Weppes", "Don"]
    assert all(i.departement for i in releve.inconnus)


@pytest.mark.parametrize(
    ("libelle", "code"),
    [
        ("AMBERIEU EN BUGEY (convention avec CHATEAU GAILLARD et DOUVRES)", "01004"),
        ("THAIRE D’AUNIS", "17443"),
        ("CASTELLET (le)", "83035"),
        ("COMPS /ARTUBY", "83044"),
        ("COURCOURONNES", "91228"),
        ("PITHIVIERS-LE-VEIL", "45253"),
        ("Grigny", "69096"),
    ],
)
def test_names_as_they_are_written(releve: Releve, libelle: str, code: str) -> None:
    table = releve.observations
    trouvees = table.filter(pc.equal(table["territoire"], libelle))
    assert set(trouvees["commune"].to_pylist()) >= {code}


def test_merged_communes_do_not_become_their_neighbours(releve: Releve) -> None:
    """Valleraugue is no longer a commune; Vallérargues, two letters away, is another place."""
    assert "VALLERAUGUE" in {i.libelle for i in releve.inconnus}


def test_rows_written_twice_are_faults(releve: Releve) -> None:
    doubles = [a.lieu.ligne for a in releve.anomalies if a.gravite is Gravite.BLOQUANTE]
    assert doubles == [1376, 2053, 2056, 2075, 4926]
    assert {a.code for a in releve.anomalies if a.gravite is Gravite.BLOQUANTE} == {"doublon"}


def test_marks_on_the_file_itself(releve: Releve) -> None:
    assert releve.reperes is not None
    par_numero = {li.numero: li for li in releve.reperes.lignes}
    assert par_numero[3].genre == "bandeau"
    assert par_numero[9].genre == "titres"
    assert par_numero[10].marques[1] == "note"
    assert par_numero[12].marques[0] == "reportee"
    assert par_numero[12].marques[2] == "non_lue"
    assert par_numero[118].genre == "total"
    assert par_numero[162].marques[4] == "note"
    assert par_numero[5084].genre == "total"
    constats = dict(releve.reperes.constats)
    assert constats["Séparateur"] == "virgule"
    assert constats["Lignes de bandeau"] == "3"
    assert constats["Lignes de total, mises de côté"] == "99"
    assert "Départements" in constats["Valeurs écrites une fois et reportées"]
