from __future__ import annotations

import pytest

from pupitre.moteur.sources import Description, Role, lire, proposer_description


def ecrire(dossier, *lignes: str):
    chemin = dossier / "faits.csv"
    chemin.write_text("\n".join(lignes), encoding="utf-8")
    return chemin


DESCRIPTION = Description(
    format="faits",
    roles={"Date": Role.DATE, "N°": Role.ADRESSE, "Voie": Role.ADRESSE},
    nature_fixe="inc:occupation_hall",
)


def test_the_columns_of_an_address_are_read_together_beside_the_observations(tmp_path):
    releve = lire(
        ecrire(
            tmp_path,
            "Date;N°;Voie",
            "03/10/2026;12.0;rue Carnot",
            "04/10/2026;;place de l’Église",
            "05/10/2026;;",
            "06/10/2026;12;rue Carnot",
        ),
        description=DESCRIPTION,
    )
    assert releve.adresses.to_pylist() == ["12 rue Carnot", "place de l’Église", None, "12 rue Carnot"]
    assert "rue Carnot" not in str(releve.observations.to_pylist())


def test_addresses_follow_the_rows_that_are_kept(tmp_path):
    releve = lire(
        ecrire(tmp_path, "Date;N°;Voie", "hier;1;rue A", "04/10/2026;2;rue B"), description=DESCRIPTION
    )
    assert releve.observations.num_rows == 1
    assert releve.adresses.to_pylist() == ["2 rue B"]


def test_counts_of_two_addresses_of_one_commune_are_not_the_same_count(tmp_path):
    description = Description(
        roles={"Mois": Role.PERIODE, "Adresse": Role.ADRESSE, "Nombre": Role.NOMBRE},
        nature_fixe="inc:occupation_hall",
        commune_fixe="94028",
    )
    titres = "Mois;Adresse;Nombre"
    deux = lire(ecrire(tmp_path, titres, "2026-10;1 rue A;3", "2026-10;2 rue A;4"), description=description)
    assert (deux.bloquee, deux.adresses.to_pylist()) == (False, ["1 rue A", "2 rue A"])
    une = lire(ecrire(tmp_path, titres, "2026-10;1 rue A;3", "2026-10;1 rue A;4"), description=description)
    assert une.bloquee


def test_without_a_column_of_addresses_there_is_none(tmp_path):
    description = Description(format="faits", roles={"Date": Role.DATE}, nature_fixe="inc:occupation_hall")
    assert lire(ecrire(tmp_path, "Date", "03/10/2026"), description=description).adresses is None


@pytest.mark.parametrize(
    ("titres", "ligne", "adresses"),
    [
        ("Date;Nature;Adresse", "03/10/2026;Occupation de hall;12 rue Carnot", ["Adresse"]),
        ("Date;Nature;N°;Voie", "03/10/2026;Occupation de hall;12;av. Pasteur", ["N°", "Voie"]),
        ("Date;Nature;Lieu des faits", "03/10/2026;Occupation de hall;Bd Mendès-France, 3", ["Lieu des faits"]),
        ("Date;Nature;Lieu", "03/10/2026;Occupation de hall;Mont-Mesly", []),
        ("Date;Nature;N° de dossier;Secteur", "03/10/2026;Occupation de hall;12;Centre", []),
        ("Date;Nature;Adresse de la victime", "03/10/2026;Occupation de hall;12 rue Carnot", []),
    ],
)  # fmt: skip
def test_what_is_proposed_as_an_address(tmp_path, titres, ligne, adresses):
    proposee = proposer_description(ecrire(tmp_path, titres, *[ligne] * 5))
    assert {t for t, r in proposee.roles.items() if r is Role.ADRESSE} == set(adresses)
