"""Cases of the law that a jurist can read, in cas/conseils.yaml."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from pupitre.droit.conseils import clspd_obligatoire, coordonnateur_obligatoire
from pupitre.droit.parametres import DonneesDeDroitInvalides, ParametreInconnu, lire, parametre, tous

CAS = yaml.safe_load((Path(__file__).parent / "cas" / "conseils.yaml").read_text(encoding="utf-8"))


def _verifier(verdict, cas):
    assert verdict.obligatoire is cas["obligatoire"]
    assert verdict.verifie is cas.get("verifie", False)
    assert verdict.reference == cas.get("reference", verdict.reference)
    # Narrow spaces cannot be told from others in a YAML that people type.
    assert verdict.raison.replace("\u202f", " ") == cas.get("raison", verdict.raison.replace("\u202f", " "))


@pytest.mark.parametrize("cas", CAS["clspd"], ids=lambda c: c["cas"])
def test_clspd(cas):
    _verifier(clspd_obligatoire(cas["population"], cas["qpv"], cas["jour"], cas.get("cispd", False)), cas)


@pytest.mark.parametrize("cas", CAS["coordonnateur"], ids=lambda c: c["cas"])
def test_coordonnateur(cas):
    _verifier(coordonnateur_obligatoire(cas["population"], cas["jour"]), cas)


def test_nothing_is_invented_before_the_first_law():
    with pytest.raises(ParametreInconnu, match="2007-03-07"):
        clspd_obligatoire(20_000, 0, date(2007, 3, 6))
    with pytest.raises(ParametreInconnu, match="aucun_tel_nom"):
        parametre("aucun_tel_nom", date(2026, 1, 1))


def test_every_value_has_a_reference_and_an_old_value_stays():
    assert [v.valeur for v in tous()["clspd_seuil_population"]] == [10_000, 10_000, 5_000]
    assert all(v.reference and v.controle_le >= v.depuis for vs in tous().values() for v in vs)


_BON = """
parametres:
  seuil:
    description: d
    unite: habitants
    valeurs:
      - {depuis: 2012-01-01, valeur: 1, reference: r, controle_le: 2020-01-01, verifie: true}
      - {depuis: 2013-01-01, valeur: 2, reference: r, controle_le: 2020-01-01, verifie: true}
"""


@pytest.mark.parametrize(
    ("avant", "apres"),
    [
        ("depuis: 2013-01-01", "depuis: 2011-01-01"),
        ("depuis: 2013-01-01", "depuis: 2012-01-01"),
        ("reference: r, ", ""),
        ("reference: r", "reference: ' '"),
        ("controle_le: 2020-01-01", "controle_le: 2010-01-01"),
        ("verifie: true", "verifie: peut-être"),
        ("depuis: 2013-01-01", "depuis: jadis"),
        ("unite: habitants", "autre: habitants"),
    ],
)
def test_incoherent_data_is_refused(avant, apres):
    assert [v.valeur for v in lire(_BON)["seuil"]] == [1, 2]
    with pytest.raises(DonneesDeDroitInvalides, match="seuil"):
        lire(_BON.replace(avant, apres))


def test_a_text_is_not_a_number():
    with pytest.raises(TypeError):
        _ = parametre("clspd_zone", date(2026, 1, 1)).nombre
