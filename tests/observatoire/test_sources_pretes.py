"""Ready-made sources: each says what it counts, and the empty file it offers is read back without any setting."""

from __future__ import annotations

import openpyxl
import pytest

from pupitre.acces.models import Organisation
from pupitre.moteur import nomenclatures
from pupitre.moteur import sources as lecteurs
from pupitre.observatoire.collecte import fichiers_a_remplir, modeles_sources
from pupitre.observatoire.collecte.reference import communes_connues
from pupitre.observatoire.collecte.sources_pretes import PRETES, Forme, SourcePrete
from pupitre.observatoire.models import Frequence, Source
from tests.territoires import fabrique as territoires

A_REMPLIR = [m for m in PRETES if m.a_remplir and m.forme is not Forme.FAITS_MARQUANTS]
_VALEURS = {
    "Semaine": "2026-S45",
    "Mois": "octobre 2026",
    "Trimestre": "2026-T3",
    "Année": "2026",
    "Année scolaire": "2025-2026",
    "Commune": "Créteil",
    "Secteur": "",
    "Niveau": "Collège",
    "Ligne": "393",
    "Résidence": "Les Bleuets",
    "Date": "03/10/2026",
    "Heure": "22:30",
    "Adresse": "",
}


@pytest.fixture
def plaine(db, tmp_path):
    territoires.charger_petite_reference(tmp_path)
    return territoires.plaine_centrale()


def test_annex_6_is_whole():
    natures = {m.nature for m in PRETES}
    assert natures >= {
        "police",
        "gendarmerie",
        "education",
        "justice",
        "pjj",
        "transporteur",
        "bailleur",
        "mairie",
    }
    assert len({m.code for m in PRETES}) == len(PRETES)
    assert next(m for m in PRETES if m.nature == "education").frequence == Frequence.ANNEE_SCOLAIRE
    assert all(m.suites for m in PRETES if m.nature == "transporteur")


@pytest.mark.parametrize("m", PRETES, ids=lambda m: m.code)
def test_each_says_what_it_counts(m: SourcePrete):
    assert m.explication.endswith(".")
    assert m.natures or m.forme is Forme.FAITS_MARQUANTS
    assert all(n.unite for n in m.natures)
    for code in m.familles:
        assert code in nomenclatures.NOMS or nomenclatures.nature(code), code
    assert m.organisation or m.plusieurs


@pytest.mark.parametrize("m", A_REMPLIR, ids=lambda m: m.code)
@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_the_empty_file_once_filled_in_is_read_whole(plaine, tmp_path, m, format):
    chemin = tmp_path / f"retour.{format}"
    chemin.write_bytes(fichiers_a_remplir.ecrire(m, plaine, format))
    attendues = _remplir(chemin, m)
    format_ = m.format or None
    description = None
    if m.forme is not Forme.INDEX:
        description = lecteurs.proposer_description(chemin)
        assert description.format == m.format
        assert description.feuille == ""
    connues = communes_connues(plaine)
    releve = lecteurs.lire(chemin, format=format_, description=description, communes=connues)
    assert [a.message for a in releve.anomalies] == []
    lues = releve.observations.select(["nature", "n", "unite", "granularite"]).to_pylist()
    assert {li["nature"] for li in lues} == attendues
    assert all(li["unite"] == nomenclatures.nature(li["nature"]).unite for li in lues)
    if m.forme is Forme.COMPTES:
        assert {li["granularite"] for li in lues} == {m.frequence}


def _remplir(chemin, m: SourcePrete) -> set[str]:
    """One row for each nature, as somebody fills it in; returns the natures that must be found."""
    suites = [n.libelle for n in m.natures_des_suites]
    if m.forme is Forme.INDEX:
        return _remplir_index(chemin, m)
    lignes = []
    for i, nature in enumerate(m.natures):
        valeurs = _VALEURS | {"Nature": nature.libelle, "Nombre": 3 + i}
        valeurs["Suite donnée"] = suites[i % len(suites)] if suites else ""
        lignes.append([valeurs[c.titre] for c in m.colonnes])
    _ecrire(chemin, lignes)
    dites = m.natures_des_suites[: len(m.natures)]
    return {n.code for n in m.natures} | {n.code for n in dites}


def _remplir_index(chemin, m: SourcePrete) -> set[str]:
    attendues = {n.code for n in m.natures if n.code.removeprefix("4001:").isdigit()}
    if chemin.suffix == ".xlsx":
        classeur = openpyxl.load_workbook(chemin)
        for i, ligne in enumerate(classeur.worksheets[0].iter_rows(min_row=2), 2):
            ligne[2].value = i
        classeur.save(chemin)
        return attendues
    lignes = chemin.read_text("utf-8-sig").splitlines()
    remplies = [f"{li.split(';;')[0]};{i}{';' * 11}" for i, li in enumerate(lignes[1:])]
    chemin.write_text("\n".join([lignes[0], *remplies]), encoding="utf-8")
    return attendues


def _ecrire(chemin, lignes) -> None:
    if chemin.suffix == ".csv":
        texte = chemin.read_text("utf-8-sig") + "\n".join(";".join(map(str, li)) for li in lignes)
        chemin.write_text(texte, encoding="utf-8")
        return
    classeur = openpyxl.load_workbook(chemin)
    assert classeur.sheetnames[0] == fichiers_a_remplir.FEUILLE
    for i, ligne in enumerate(lignes, 2):
        for j, valeur in enumerate(ligne, 1):
            classeur.worksheets[0].cell(i, j, valeur or None)
    classeur.save(chemin)


def test_one_gesture_declares_one(plaine):
    source = modeles_sources.declarer(conseil=plaine, code="police-affinees")
    assert (source.organisation.nom, source.organisation.nature) == ("Police nationale", "police")
    assert modeles_sources.declarer(conseil=plaine, code="police-affinees") == source
    with pytest.raises(modeles_sources.DeclarationRefusee, match="lequel"):
        modeles_sources.declarer(conseil=plaine, code="bailleur-incidents")
    a = modeles_sources.declarer(conseil=plaine, code="bailleur-incidents", partenaire="Créteil Habitat")
    b = modeles_sources.declarer(conseil=plaine, code="bailleur-incidents", partenaire="OGIF")
    assert a.code != b.code
    assert modeles_sources.declarer(conseil=plaine, code="bailleur-incidents", partenaire="ogif") == b
    assert Source.objects.filter(conseil=plaine).count() == 3
    ouverte = modeles_sources.declarer(conseil=plaine, code="effectifs-police-municipale")
    assert ouverte.ouverte
    assert not a.ouverte


def test_the_gallery_says_what_is_declared(plaine):
    modeles_sources.declarer(conseil=plaine, code="bailleur-incidents", partenaire="OGIF")
    modeles_sources.declarer(conseil=plaine, code="pjj-bilan")
    cartes = {c.modele.code: c for r in modeles_sources.galerie(plaine) for c in r.cartes}
    assert [s.organisation.nom for s in cartes["bailleur-incidents"].declarees] == ["OGIF"]
    assert cartes["bailleur-incidents"].a_declarer
    assert not cartes["pjj-bilan"].a_declarer
    assert set(cartes) == {m.code for m in PRETES}
    assert "pjj-bilan" not in {m.code for m in modeles_sources.modeles_libres(plaine)}


def test_the_partner_may_be_of_another_kind(plaine):
    declarer = modeles_sources.declarer
    maison = declarer(conseil=plaine, code="acteurs-sociaux", partenaire="La Maison", nature="association")
    assert maison.organisation.nature == Organisation.Nature.ASSOCIATION
    autre = declarer(conseil=plaine, code="acteurs-sociaux", partenaire="Pays", nature="police")
    assert autre.organisation.nature == Organisation.Nature.MAIRIE
