"""vCard and tables: what is written is read again, whatever is in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pupitre.annuaire import fichiers, vcartes
from pupitre.annuaire.vcartes import Carte, CarteIllisible
from pupitre.documents.tableaux import Table, table_csv, table_xlsx

TEXTES = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn"), exclude_characters="\x85"), max_size=90
).map(str.strip)
NOMS = TEXTES.filter(bool)


@given(
    st.builds(
        Carte, nom=NOMS, prenom=TEXTES, email=TEXTES.filter(lambda t: not t.lower().startswith("mailto:")),
        telephone=TEXTES.filter(lambda t: not t.lower().startswith("tel:")), organisation=NOMS, service=TEXTES,
        fonction=TEXTES, note=TEXTES,
        etiquettes=st.lists(NOMS, unique=True, max_size=3).map(tuple),
    )
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_une_carte_ecrite_se_relit(carte):
    octets = vcartes.ecrire([carte])
    assert max(len(li) for li in octets.split(b"\r\n")) <= 75
    relue = vcartes.lire(octets)[0]
    for champ in ("nom", "prenom", "organisation", "service", "note", "etiquettes", "fonction"):
        if getattr(carte, champ):
            assert getattr(relue, champ) == getattr(carte, champ), champ


@given(st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_n_importe_quels_octets_laissent_la_carte_entiere_lisible(octets):
    entiere = b"BEGIN:VCARD\r\nN:Diallo;Fatou\r\nEND:VCARD\r\n"
    cartes = vcartes.lire(octets.replace(b"BEGIN", b"") + b"\r\n" + entiere)
    assert "Diallo" in {c.nom for c in cartes} or octets[:2] in (b"\xff\xfe", b"\xfe\xff")


def test_la_version_4_et_les_types():
    (carte,) = vcartes.lire(
        b"BEGIN:VCARD\nVERSION:4.0\nFN:Awa Ciss\xc3\xa9\nitem1.EMAIL;PREF=1:mailto:awa@exemple.fr\n"
        b'TEL;VALUE=uri;TYPE="home,voice":tel:+33 6 00 00 00 00\nTEL;TYPE=work:01 02\n'
        b"ORG:Parquet;Mineurs\\, familles\nTITLE:substitut\nADR:;;1 rue A;Cr\xc3\xa9teil;;94000;France\nEND:VCARD\n"
    )
    assert (carte.prenom, carte.nom) == ("Awa", "Cissé")
    assert (carte.email, carte.telephone) == ("awa@exemple.fr", "01 02")
    assert carte.telephone_prive == "+33 6 00 00 00 00"
    assert (carte.organisation, carte.service) == ("Parquet", "Mineurs, familles")
    assert carte.adresse == "1 rue A\n94000 Créteil\nFrance"


def test_la_version_2_1_en_quoted_printable():
    (carte,) = vcartes.lire(
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:L=C3=A9vy;=\r\nAnne\r\n"
        b"TEL;HOME:06\r\nEND:VCARD\r\n"
    )
    assert (carte.nom, carte.prenom, carte.telephone_prive) == ("Lévy", "Anne", "06")


@pytest.mark.parametrize("octets", [b"", b"Nom;Prenom\n", b"BEGIN:VCARD\nFN:A\n"])
def test_un_fichier_coupe_est_refuse(octets):
    with pytest.raises(CarteIllisible):
        vcartes.lire(octets)


CELLULES = TEXTES.filter(lambda t: not t.startswith("'") and '"' not in t)


@given(st.lists(st.tuples(NOMS.filter(lambda t: not t.startswith("'")), CELLULES), min_size=1, max_size=8))
@settings(max_examples=80, deadline=None)
def test_notre_propre_csv_se_relit(tmp_path_factory, lignes):
    lignes = [tuple(c.strip("\ufeff\u200b\u200e ") or "x" for c in li) for li in lignes]
    if any(c[:1] in "＝＋－＠" for li in lignes for c in li):
        return
    chemin = tmp_path_factory.mktemp("csv") / "a.csv"
    chemin.write_bytes(table_csv(Table("Essai", ("Nom", "Prénom"), tuple(lignes))))
    tableau = fichiers.lire(chemin, "a.csv")
    assert tableau.roles == ["nom", "prenom"]
    assert [tuple(li) for li in tableau.lignes] == [tuple(c.strip() for c in li) for li in lignes]


def test_le_classeur_et_les_colonnes_proposees(tmp_path):
    entetes = ("NOM", "Prénom", "Organisme", "Fonction", "Adresse mail", "Tel. portable", "Couleur")
    chemin = tmp_path / "contacts.xlsx"
    chemin.write_bytes(
        table_xlsx(Table("Contacts", entetes, (("Cissé", "Awa", "Parquet", "", "", "06", ""),)))
    )
    tableau = fichiers.lire(chemin, "contacts.xlsx")
    assert tableau.roles == [
        "nom", "prenom", "organisation", "fonction", "email", "telephone_prive", "",
    ]  # fmt: skip
    assert tableau.lignes[0][:3] == ["Cissé", "Awa", "Parquet"]


@pytest.mark.parametrize("octets", [b"", b"Nom\n", b"PK\x03\x04rien", b"\x00\x01\x02"])
def test_un_fichier_illisible_dit_pourquoi(tmp_path, octets):
    chemin = tmp_path / "x.xlsx"
    chemin.write_bytes(octets)
    with pytest.raises(fichiers.FichierRefuse) as refus:
        fichiers.lire(chemin, "x.xlsx")
    assert refus.value.que_faire


def test_un_tableau_de_windows_en_cp1252(tmp_path):
    chemin = tmp_path / "x.csv"
    chemin.write_bytes("Nom,Prénom\nLévy,Anne\n".encode("cp1252"))
    assert fichiers.lire(chemin, "x.csv").lignes == [["Lévy", "Anne"]]
