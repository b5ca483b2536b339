"""Cases of the law that a jurist can read, in cas/composition.yaml."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from pupitre.droit.composition import Faits, Lieu, lire_sieges, mois_entiers, pleniere_reunie, sieges
from pupitre.droit.parametres import DOSSIER, DonneesDeDroitInvalides, ParametreInconnu

CAS = yaml.safe_load((Path(__file__).parent / "cas" / "composition.yaml").read_text(encoding="utf-8"))


def _lieux(brut: dict | None) -> tuple[Lieu, ...]:
    return tuple(Lieu(code, nom) for code, nom in (brut or {}).items())


def _faits(cas) -> Faits:
    return Faits(
        nature=cas["nature"],
        communes=_lieux(cas["communes"]),
        departements=_lieux(cas["departements"]),
        epci=_lieux(cas.get("epci")),
        reglages=frozenset(cas.get("reglages", ())),
    )


@pytest.mark.parametrize("cas", CAS["composition"], ids=lambda c: c["cas"])
def test_composition(cas):
    trouves = sieges(_faits(cas), cas["jour"])
    assert [s.cle for s in trouves] == cas["sieges"]
    assert [s.cle for s in trouves if s.preside] == [cas["preside"]]
    assert [s.cle for s in trouves if s.par_reglage] == cas.get("par_reglage", [])
    assert all(s.reference and not s.verifie for s in trouves)  # none compared with the text yet
    prefet = next(s for s in trouves if s.cle.startswith("prefet"))
    assert prefet.reference == cas.get("reference_prefet", prefet.reference)


@pytest.mark.parametrize("cas", CAS["pleniere"], ids=lambda c: c["cas"])
def test_pleniere(cas):
    verdict = pleniere_reunie(cas["derniere"], cas["depuis"], cas["jour"])
    assert verdict.en_regle is cas["en_regle"]
    assert verdict.raison.replace("\u202f", " ") == cas.get("raison", verdict.raison.replace("\u202f", " "))


def test_nothing_is_invented_before_the_first_text():
    with pytest.raises(ParametreInconnu, match="2007-07-25"):
        sieges(_faits(CAS["composition"][0]), date(2007, 7, 24))


def test_whole_months():
    assert mois_entiers(date(2026, 1, 31), date(2026, 2, 28)) == 0
    assert mois_entiers(date(2025, 11, 23), date(2026, 11, 23)) == 12


@pytest.mark.parametrize(
    ("avant", "apres"),
    [
        ("cle: procureur", "cle: prefet"),
        ("qualite: procureur", "qualite: juge"),
        ("par: epci", "par: region"),
        ("jusqu_au: 2024-03-22", "jusqu_au: 2013-03-22"),
        ("jusqu_au: 2024-03-22", "jusqu_au: jadis"),
        ("depuis: 2014-01-01\n        jusqu_au", "depuis: 2007-01-01\n        jusqu_au"),
        ("intitule: Le préfet", "titre: Le préfet"),
    ],
)
def test_incoherent_seats_are_refused(avant, apres):
    bon = (DOSSIER / "composition.yaml").read_text(encoding="utf-8")
    assert len(lire_sieges(bon)) == 9
    assert avant in bon
    with pytest.raises(DonneesDeDroitInvalides):
        lire_sieges(bon.replace(avant, apres))
