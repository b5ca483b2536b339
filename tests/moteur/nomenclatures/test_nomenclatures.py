from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from pupitre.moteur import nomenclatures as n
from pupitre.moteur.erreurs import MesureRefusee
from pupitre.moteur.nomenclatures import correspondances, etat4001, incidents, ssmsi
from pupitre.moteur.nomenclatures.libelles import cle


def test_107_index_with_their_published_labels(donnees_partagees: Path) -> None:
    with (donnees_partagees / "etat4001" / "nomenclature_107_index.csv").open(
        encoding="utf-8", newline=""
    ) as flux:
        publies = {int(r["index"]): r["libelle"] for r in csv.DictReader(flux)}
    assert {i.numero: i.libelle_publie for i in etat4001.index().values()} == publies
    assert sorted(publies) == list(range(1, 108))


def test_unused_index_are_not_measured() -> None:
    assert [i.numero for i in etat4001.index().values() if not i.utilise] == [96, 97, 99, 100]
    with pytest.raises(MesureRefusee):
        n.unite_commune(["4001:96"])


def test_typos_of_the_source_are_corrected_in_the_label_only() -> None:
    assert etat4001.index()[1].libelle == "Règlements de comptes entre malfaiteurs"
    assert "malfaireurs" in etat4001.index()[1].libelle_publie


def test_every_code_is_found_and_has_its_parent() -> None:
    codes = [f.code for f in n.natures()]
    assert len(codes) == len(set(codes)) > 200
    for fiche in n.natures():
        assert n.nature(fiche.code) is fiche
        assert not fiche.parent or fiche.parent in codes
        assert bool(fiche.unite) or not fiche.mesurable
        assert fiche.code.startswith(f"{fiche.nomenclature}:")
    with pytest.raises(KeyError):
        n.nature("4001:108")


def test_prefix_selects_one_nomenclature() -> None:
    assert {f.nomenclature for f in n.natures("inc:")} == {"inc"}
    assert len([f for f in n.natures("4001:") if f.code.split(":")[1].isdigit()]) == 107


def test_groupings_have_one_verified_unit() -> None:
    for g in n.groupements().values():
        assert n.unite_commune(g.natures) == g.unite, g.code
    assert n.groupement("homicides").indices == (1, 2, 3, 6, 51)
    assert n.groupement("cambriolages_logement").ecart == (-2.8, -0.9)
    with pytest.raises(KeyError):
        n.groupement("inconnu")


@pytest.mark.parametrize("code", ["destructions_degradations", "escroqueries", "ssmsi:escroqueries"])
def test_what_cannot_be_derived_is_refused(code: str) -> None:
    with pytest.raises(MesureRefusee, match="état 4001"):
        n.groupement(code)


@pytest.mark.parametrize(
    ("codes", "mot"),
    [
        (["4001:27", "4001:35"], "unités de compte diffèrent"),
        (["4001:27", "ssmsi:cambriolages_logement"], "nomenclatures différentes"),
        (["4001:27", "4001:27"], "deux fois"),
        (["ssmsi:coups_blessures_volontaires", "ssmsi:coups_blessures_autres"], "déjà comprise"),
        (["4001:72", "4001:15"], "pas vérifiée"),
        (["4001:vols", "4001:27"], "titre"),
        (["inc:bailleurs"], "titre"),
        (["4001:999"], "n’existe pas"),
        ([], "Aucune nature"),
    ],
)
def test_sums_that_mean_nothing_are_refused(codes: list[str], mot: str) -> None:
    with pytest.raises(MesureRefusee, match=mot):
        n.unite_commune(codes)


def test_sums_that_mean_something() -> None:
    assert n.unite_commune(["4001:27", "4001:28"]) == "infraction"
    assert n.unite_commune(["4001:72"]) == "infraction"
    assert n.unite_commune(["inc:occupation_hall", "inc:trouble_jouissance"]) == "incident"


def test_units_that_are_not_verified_say_so() -> None:
    assert n.nature("4001:27").unite_verifiee
    assert not n.nature("4001:72").unite_verifiee
    for i in etat4001.index().values():
        assert i.verifie == i.origine.startswith("SSMSI")


def test_ssmsi_labels_of_every_generation(donnees_partagees: Path) -> None:
    import csv

    fichier = next((donnees_partagees / "ssmsi").glob("donnee-dep-*.csv"))
    with fichier.open(encoding="utf-8-sig", newline="") as ouvert:
        paires = {(li["classe"], li["unité.de.compte"]) for li in csv.DictReader(ouvert, delimiter=";")}
    for classe, unite in paires:
        code = ssmsi.code_du_libelle(classe)
        assert code is not None, classe
        assert cle(n.nature(code).unite) == cle(unite)
    assert (
        ssmsi.code_du_libelle("Violences physiques intrafamiliales")
        == "ssmsi:violences_physiques_intrafamiliales"
    )
    assert ssmsi.code_du_libelle("VOLS D'ACCESSOIRES SUR VEHICULES") == "ssmsi:vols_accessoires"
    assert ssmsi.code_du_libelle("Autre chose") is None


def test_only_burglaries_are_rated_by_dwelling() -> None:
    assert [i.code for i in ssmsi.indicateurs().values() if i.denominateur == "logements"] == [
        "cambriolages_logement"
    ]


def test_the_break_of_july_2025() -> None:
    (rupture,) = ssmsi.ruptures()
    assert rupture.jour == date(2025, 7, 1)
    assert "coups_blessures_volontaires" in rupture.avant
    assert len(rupture.apres) == 2
    assert {*rupture.avant, *rupture.apres} <= set(ssmsi.indicateurs())


def test_correspondences_are_dated() -> None:
    trouve = correspondances.vers_ssmsi("cambriolages_logement", date(2018, 6, 1))
    assert trouve is not None
    assert (trouve.de, trouve.vers, trouve.comparable) == (
        ("4001:27", "4001:28"),
        "ssmsi:cambriolages_logement",
        True,
    )
    assert correspondances.vers_ssmsi("cambriolages_logement", date(2021, 1, 1)) is None
    homicides = correspondances.vers_ssmsi("homicides", date(2018, 1, 1))
    assert homicides is not None
    assert not homicides.comparable
    with pytest.raises(MesureRefusee):
        correspondances.vers_ssmsi("escroqueries", date(2018, 1, 1))


@pytest.mark.parametrize(
    ("libelle", "code"),
    [
        ("Occupations de halls", "inc:occupation_hall"),
        ("SQUAT DE HALL", "inc:occupation_hall"),
        ("Violences envers gardiens", "inc:violence_gardien"),
        ("troubles de jouissance", "inc:trouble_jouissance"),
        ("Agression conducteur", "inc:agression_agent_transport"),
        ("Caillassages", "inc:jet_projectile"),
        ("Différends conjugaux et familiaux", "pn:differends_familiaux"),
        ("Conduites sous alcool", "pn:conduite_alcool"),
        ("Règlements de compte entre malfaireurs", "4001:1"),
        ("Vols à la roulotte", "4001:37"),
        ("4001:27", "4001:27"),
    ],
)
def test_partner_labels_are_recognised(libelle: str, code: str) -> None:
    trouve = n.reconnaitre_nature(libelle)
    assert trouve is not None
    assert trouve[0] == code


def test_what_was_done_is_not_a_nature_unless_it_is_asked() -> None:
    assert n.reconnaitre_nature("Plaintes déposées") == ("inc:suite_plainte", 100.0)
    for libelle in ("police", "néant", "RAS", "plainte"):
        assert n.reconnaitre_nature(libelle) is None
        assert (n.reconnaitre_nature(libelle, "inc:suite_") or ("", 0))[0].startswith("inc:suite_")


@pytest.mark.parametrize("libelle", ["", "Vélos en libre service", "Total", "Créteil", "42"])
def test_other_labels_are_not(libelle: str) -> None:
    assert n.reconnaitre_nature(libelle) is None


def test_an_approximate_label_never_scores_100() -> None:
    trouve = n.reconnaitre_nature("Occupation de haal")
    assert trouve is not None
    assert trouve[1] < 100


def test_synonyms_lead_to_one_nature_only() -> None:
    """Two natures that claim one label would make the answer depend on the order of the file."""
    vus: dict[str, str] = {}
    for code, autres in incidents.synonymes().items():
        for libelle in (incidents.natures()[code].libelle, *autres):
            assert vus.setdefault(cle(libelle), code) == code, libelle


def test_themes_never_make_a_total() -> None:
    for theme in n.themes().values():
        assert all(etat4001.index()[i].utilise for i in theme.indices)
