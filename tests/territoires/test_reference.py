"""The official code: complete, faithful to its leading zeros and letters, and loaded once."""

import pytest

from pupitre.territoires.models import Commune, Departement, Epci, Millesime
from pupitre.territoires.reference import contours_des_communes
from pupitre.territoires.services import charger_reference
from tests.territoires.fabrique import ecrire_reference


@pytest.mark.django_db
def test_the_whole_of_france(django_assert_num_queries):
    bilan = charger_reference()
    assert (bilan.communes, bilan.epci, bilan.departements) == (34_969, 1_266, 109)
    assert (bilan.creees, bilan.modifiees, bilan.disparues) == (34_969 + 1_266 + 109, 0, 0)
    assert Commune.objects.count() == 34_969
    assert Millesime.objects.get().annee == 2026
    noms = dict(
        Commune.objects.filter(code__in=["94028", "94002", "94044", "01001"]).values_list("code", "nom")
    )
    assert noms == {
        "94028": "Créteil",
        "94002": "Alfortville",
        "94044": "Limeil-Brévannes",
        "01001": "L'Abergement-Clémenciat",
    }
    assert Commune.objects.filter(departement_id="2A").count() == 124
    assert Commune.objects.filter(departement_id="2B").count() == 236
    creteil = Commune.objects.get(code="94028")
    assert (creteil.population, creteil.epci_id, creteil.ept) == (93_397, "200054781", "200058006")
    assert (creteil.qpv_codes, creteil.codes_postaux) == (["QN09405M", "QN09406I"], "94000")
    assert creteil.departement.region == "Île-de-France"
    assert Commune.objects.de_epci("200058006").count() == 16
    assert Commune.objects.de_epci("200054781").count() == 130
    assert Commune.objects.filter(population=None).count() == 6

    with django_assert_num_queries(7):  # a transaction, three reads, the vintage, what has gone
        encore = charger_reference()
    assert encore.inchange
    assert "rien n’a changé" in str(encore)
    assert Millesime.objects.get().charge_le == Millesime.objects.get().charge_le


@pytest.mark.django_db
def test_loading_again_writes_nothing(tmp_path):
    dossier = ecrire_reference(tmp_path / "code")
    charger_reference(dossier)
    avant = Millesime.objects.get().charge_le
    assert charger_reference(dossier).inchange
    assert Millesime.objects.get().charge_le == avant


@pytest.mark.django_db
def test_new_vintage_updates_and_keeps_what_disappeared(tmp_path):
    charger_reference(ecrire_reference(tmp_path / "code"))
    ecrire_reference(
        tmp_path / "code",
        2027,
        codes=("94028", "94002", "94046"),
        c94028={"population": "94000", "nom": "Créteil-sur-Lac"},
    )
    bilan = charger_reference(tmp_path / "code")
    # The vintage itself changes on each commune that remains.
    assert (bilan.annee, bilan.communes, bilan.creees, bilan.modifiees, bilan.disparues) == (2027, 3, 0, 3, 5)
    creteil = Commune.objects.get(code="94028")
    assert (creteil.population, creteil.nom, creteil.cle) == (94_000, "Créteil-sur-Lac", "creteil sur lac")
    assert Commune.objects.get(code="94044").millesime == 2026
    assert list(Millesime.objects.values_list("annee", flat=True)) == [2027, 2026]


@pytest.mark.django_db
def test_a_value_changed_by_hand_is_put_back(tmp_path):
    dossier = ecrire_reference(tmp_path / "code")
    charger_reference(dossier)
    Commune.objects.filter(code="94028").update(population=1)
    bilan = charger_reference(dossier)
    assert (bilan.creees, bilan.modifiees) == (0, 1)
    assert Commune.objects.get(code="94028").population == 93_397


@pytest.mark.django_db
def test_a_failure_leaves_the_former_state(tmp_path):
    dossier = ecrire_reference(tmp_path / "code")
    charger_reference(dossier)
    ecrire_reference(dossier, 2027, c94028={"population": "beaucoup"})
    with pytest.raises(ValueError, match="beaucoup"):
        charger_reference(dossier)
    assert Commune.objects.get(code="94028").millesime == 2026


@pytest.mark.django_db
def test_folder_without_vintage(tmp_path):
    with pytest.raises(FileNotFoundError):
        charger_reference(tmp_path)
    assert not Departement.objects.exists()
    assert not Epci.objects.exists()


def test_outlines_held_by_the_project():
    trouves = contours_des_communes(["94028", "94044", "01001", "97411"])
    assert set(trouves) == {"94028", "94044"}
    assert trouves["94028"]["type"] == "Polygon"
