"""Whatever is dropped: a reading, or an error that a person can act upon; and counts are conserved."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.sources import Description, Role, lire
from pupitre.moteur.sources.lecture.comptes import Etat, lire_comptes
from pupitre.moteur.sources.lecture.textes import lire_compte

MOIS = st.builds("{:04d}-{:02d}".format, st.integers(2000, 2040), st.integers(1, 12))
TEXTES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
D = Description(
    roles={"Mois": Role.PERIODE, "Lieu": Role.TERRITOIRE, "Nb": Role.NOMBRE},
    nature_fixe="inc:occupation_hall",
)


def lire_octets(octets: bytes, description: Description | None = None):
    with tempfile.TemporaryDirectory() as dossier:
        fichier = Path(dossier) / "f.csv"
        fichier.write_bytes(octets)
        return lire(fichier, description=description)


def lire_ou_refuser(octets: bytes, description: Description | None = None) -> ErreurPupitre | None:
    """Any other exception is a failure of the test."""
    try:
        lire_octets(octets, description)
    except ErreurPupitre as erreur:
        return erreur
    return None


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
@example(b"\xef\xbb\xbf")
@example(b"PK\x05\x06" + bytes(18))
@example(b"a;b\r\r\n;\r")
def test_any_bytes(octets: bytes) -> None:
    refus = lire_ou_refuser(octets)
    assert refus is None or all((refus.quoi, refus.pourquoi, refus.que_faire))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(TEXTES, max_size=5), max_size=8),
    st.sampled_from(";,\t"),
    st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]),
)
def test_any_table(rangees: list[list[str]], separateur: str, encodage: str) -> None:
    flux = io.StringIO()
    ecrivain = csv.writer(flux, delimiter=separateur)
    ecrivain.writerow(["Mois", "Lieu", "Nb"])
    ecrivain.writerows(rangees)
    for description in (D, None):
        refus = lire_ou_refuser(flux.getvalue().encode(encodage), description)
        assert refus is None or refus.que_faire


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.tuples(MOIS, st.sampled_from(["Gare", "Lac", "Mont-Mesly", "L’Échat; sud", 'dit "le Bois"'])),
        st.integers(0, 10**9),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from(";,\t"),
    st.sampled_from(["utf-8", "cp1252", "utf-8-sig"]),
    st.booleans(),
)
def test_counts_are_conserved(
    faits: dict[tuple[str, str], int], separateur: str, encodage: str, total: bool
) -> None:
    flux = io.StringIO()
    ecrivain = csv.writer(flux, delimiter=separateur)
    ecrivain.writerow(["Mois", "Lieu", "Nb"])
    ecrivain.writerows([m, lieu, n] for (m, lieu), n in faits.items())
    if total:
        ecrivain.writerow(["Total", "", sum(faits.values())])
    description = Description.from_dict({**D.to_dict(), "separateur": separateur})
    r = lire_octets(flux.getvalue().encode(encodage), description)
    assert not r.bloquee
    assert sum(r.observations["n"].to_pylist()) == sum(faits.values())
    assert r.observations.num_rows == len(faits)
    assert [a.code for a in r.anomalies] == (["total_ecarte"] if total else [])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(st.none(), TEXTES, st.integers(-5, 10**16).map(str), st.floats().map(str)), max_size=20
    )
)
def test_a_block_reads_as_its_cells(cellules: list[str | None]) -> None:
    bloc = lire_comptes(pa.array(cellules, pa.string()))
    for rang, cellule in enumerate(cellules):
        seul = lire_compte(cellule)
        etat = Etat(int(bloc.etat[rang]))
        assert (etat is Etat.FAUTE) == bool(seul.faute)
        assert (etat is Etat.VIDE) == seul.vide
        assert (etat is Etat.NOMBRE) == (seul.n is not None)
        assert seul.n is None or bloc.n[rang] == seul.n


@pytest.mark.parametrize("encodage", ["utf-8", "cp1252"])
def test_an_empty_table_has_no_observation(encodage: str) -> None:
    r = lire_octets("Mois;Lieu;Nb\n".encode(encodage), D)
    assert r.observations.num_rows == 0


@pytest.mark.parametrize("ecrit", ["0x1F", "0X10"])
def test_un_nombre_a_la_facon_des_programmes_n_est_pas_un_compte(ecrit):
    bloc = lire_comptes(pa.array(["12", ecrit], pa.string()))
    assert bloc.etat.tolist() == [Etat.NOMBRE, Etat.FAUTE]
    assert lire_compte(ecrit).faute
