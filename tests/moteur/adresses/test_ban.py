from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pupitre.moteur.adresses import Index, lire_ban, lire_lieux, localiser_adresses
from pupitre.moteur.adresses.ecriture import aplatir, jetons, reparer
from pupitre.moteur.erreurs import FichierRefuse
from tests.moteur.adresses import fabrique


def test_reads_what_is_published_and_says_what_it_leaves(tmp_path):
    lignes = fabrique.lignes()
    lignes += [
        ";;1;;;94000;94028;Créteil;;;2.45;48.79;",  # no street
        ";;1;;Rue Sans Point;94000;94028;Créteil;;;;;",
        ";;1;;Rue d’Ailleurs;75001;75101;Paris;;;2.34;48.86;",
    ]
    lu = lire_ban(fabrique.ecrire(tmp_path, lignes), ["94028", "94002"])
    assert lu.lignes == len(lignes) - 1
    assert (lu.ailleurs, lu.sans_nom, lu.sans_point) == (1, 1, 1)
    assert lu.table.num_rows == lu.lignes - 3
    assert set(lu.table["commune"].to_pylist()) == {"94028", "94002"}


def test_the_compressed_file_of_a_departement_is_the_same(tmp_path):
    clair = fabrique.ecrire(tmp_path)
    comprime = tmp_path / "adresses-94.csv.gz"
    comprime.write_bytes(gzip.compress(clair.read_bytes()))
    assert lire_ban(comprime, ["94002"]).table.equals(lire_ban(clair, ["94002"]).table)


def test_commas_lost_zeros_and_lambert_coordinates(tmp_path):
    chemin = fabrique.ecrire(
        tmp_path,
        [
            "numero,rep,nom_voie,code_insee,nom_commune,x,y",
            '3.0,BIS,"Rue, du Port",1001,Bourg,662524.1,6866064.08',
        ],
    )
    (ligne,) = lire_ban(chemin).table.to_pylist()
    assert (ligne["commune"], ligne["numero"], ligne["rep"], ligne["voie"]) == (
        "01001",
        3,
        "bis",
        "Rue, du Port",
    )
    assert (ligne["lon"], ligne["lat"]) == (
        pytest.approx(2.488881, abs=1e-5),
        pytest.approx(48.893494, abs=1e-5),
    )


def test_text_spoilt_upstream_is_put_right(tmp_path):
    titres, ligne = "numero;nom_voie;code_insee;lon;lat", "1;AllÃ©e de lâ€™Orme;94028;2.45;48.79"
    ban = lire_ban(fabrique.ecrire(tmp_path, [titres, ligne])).table
    assert ban["voie"].to_pylist() == ["Allée de l’Orme"]
    assert localiser_adresses(["1 allee de l orme"], Index([ban]))[0].place is not None


@pytest.mark.parametrize(
    ("contenu", "pourquoi"),
    [
        (["nom;prenom", "a;b"], "Il y manque les colonnes code_insee, nom_voie, numero."),
        (["numero;nom_voie;code_insee;lon;lat"], "Il n’a que sa ligne de titres."),
        (["numero;nom_voie;code_insee", "1;Rue A;94028"], "Il y manque les colonnes lon et lat."),
        (
            ["numero;nom_voie;code_insee;lon;lat", "1;Rue A;94028;48.79;2.45"],
            "1 lignes sont hors de ses limites\u202f: longitude et latitude sont peut-être inversées.",
        ),
        (
            ["numero;nom_voie;code_insee;nom_commune;lon;lat", "1;Rue A;75101;Paris;2.34;48.86"],
            "Il porte sur Paris.",
        ),
        (
            ["numero;nom_voie;code_insee;lon;lat", "1;;94028;2.45;48.79"],
            "Toutes ses lignes sont sans nom ou sans point.",
        ),
        (
            ["numero;nom_voie;code_insee;lon;lat", "1;Rue A;94028;2.45;48.79", "2;Rue"],
            "Ses lignes n’ont pas toutes le même nombre de colonnes\u202f: il est abîmé ou incomplet.",
        ),
    ],
)
def test_what_is_no_extract_is_refused_with_the_reason(tmp_path, contenu, pourquoi):
    with pytest.raises(FichierRefuse) as refus:
        lire_ban(fabrique.ecrire(tmp_path, contenu), ["94028"])
    assert refus.value.pourquoi == pourquoi
    assert refus.value.que_faire


@pytest.mark.parametrize(
    "octets", [b"%PDF-1.7", b"PK\x03\x04", b"\x1f\x8b\x08\x00tronque", b"\x00\x01\x02", b""]
)
def test_what_is_no_text_is_refused(tmp_path, octets):
    chemin = tmp_path / "ban.csv"
    chemin.write_bytes(octets)
    with pytest.raises(FichierRefuse):
        lire_ban(chemin)


def test_places_take_the_only_commune_of_the_council(tmp_path):
    chemin = fabrique.ecrire(tmp_path, ["Nom,Lon,Lat", "Stade Duvauchelle,2.45,48.79"], "lieux.csv")
    assert lire_lieux(chemin, ["94028"]).table["commune"].to_pylist() == ["94028"]
    with pytest.raises(FichierRefuse, match="de quelle commune"):
        lire_lieux(chemin, ["94028", "94002"])


def test_a_list_without_names_is_no_list_of_places(tmp_path):
    with pytest.raises(FichierRefuse, match="ne nomme pas de lieux"):
        lire_lieux(fabrique.ecrire(tmp_path, ["lon;lat", "2.4;48.7"]), ["94028"])


@given(st.text())
def test_repairing_leaves_sound_text_alone(texte):
    """What was not spoilt is not touched; what was comes back."""
    if texte.isascii():
        assert reparer(texte) == texte
    assert set("".join(jetons(aplatir(texte)))) <= set("abcdefghijklmnopqrstuvwxyz0123456789ADLN")


@given(st.text(alphabet="abcéèêàçôûïœ’ -ÉÀ", min_size=1))
def test_what_was_read_in_the_wrong_encoding_comes_back(texte):
    try:
        gate = texte.encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return
    if gate != texte:
        assert aplatir(gate) == aplatir(texte)
