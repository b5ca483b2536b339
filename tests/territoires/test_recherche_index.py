"""The index follows the vintage that is loaded, and is never kept for tables that have none."""

from pupitre.territoires import recherche
from pupitre.territoires.models import Commune
from pupitre.territoires.recherche import chercher
from pupitre.territoires.services import charger_reference
from tests.territoires.fabrique import ecrire_reference


def test_index_follows_the_vintage(db, tmp_path):
    charger_reference(ecrire_reference(tmp_path / "code"))
    assert [t.nom for t in chercher("creteil")] == ["Créteil"]
    ecrire_reference(tmp_path / "code", 2027, codes=("94028",), c94028={"nom": "Grand-Lac"})
    charger_reference(tmp_path / "code")
    assert chercher("creteil") == []
    assert [t.code for t in chercher("grand lac")] == ["94028"]
    # Alfortville is no more in the code of 2027.
    assert chercher("alfortville") == []


def test_without_reference_the_index_is_never_kept(db):
    assert chercher("creteil") == []
    assert recherche._courant.communes == ()
    assert not Commune.objects.exists()
