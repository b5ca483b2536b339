"""The demonstration is built once, whole or not at all, and never over somebody's real data."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pupitre.acces.droits import Role
from pupitre.cli.demonstration import construction
from pupitre.cli.demonstration.comptes import COMPTES, MOT_DE_PASSE
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle.configuration import Mode
from pupitre.territoires.models import Conseil, Departement


@pytest.fixture
def donnees(tmp_path, settings):
    settings.CONFIGURATION = replace(settings.CONFIGURATION, donnees=tmp_path)
    return tmp_path


@pytest.fixture
def chantiers(monkeypatch):
    """A build reduced to its council, which counts how often it was asked for."""
    faits = []

    def batir(donnees, dire):
        faits.append(donnees)
        Departement.objects.create(code="94", nom="Val-de-Marne", region="Île-de-France")
        Conseil.objects.create(nature="cispd", nom="Plaine centrale", slug=construction.SLUG, fictif=True)

    monkeypatch.setattr(construction, "_batir", batir)
    return faits


@pytest.mark.django_db(transaction=True)
def test_a_complete_demonstration_is_not_built_again(donnees, chantiers):
    assert construction.construire(donnees) == list(COMPTES)
    assert construction.construire(donnees) == list(COMPTES)
    assert len(chantiers) == 1
    assert not (donnees / "demonstration.en-cours").exists()


@pytest.mark.django_db(transaction=True)
def test_an_interrupted_build_is_erased_and_begun_again(donnees, chantiers, monkeypatch):
    def casser(donnees):
        raise KeyboardInterrupt

    with monkeypatch.context() as casse:
        casse.setattr(construction, "_conclure", casser)
        with pytest.raises(KeyboardInterrupt):
            construction.construire(donnees)
    recu = donnees / "recus" / "plaine-centrale" / "reste.csv"
    recu.parent.mkdir(parents=True)
    recu.write_text("moitié")
    construction.construire(donnees)
    assert len(chantiers) == 2
    assert Conseil.objects.count() == 1
    assert not recu.exists()


@pytest.mark.django_db(transaction=True)
def test_an_older_demonstration_is_built_again(donnees, chantiers):
    construction.construire(donnees)
    fichier = construction.marque(donnees)
    fichier.write_text(json.dumps({**json.loads(fichier.read_text()), "version": 0}))
    construction.construire(donnees)
    assert len(chantiers) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("contenu", ["", "{", "[1]", '{"version": 1}'])
def test_a_marker_without_its_database_is_not_believed(donnees, chantiers, contenu):
    construction.marque(donnees).write_text(contenu)
    construction.construire(donnees)
    assert len(chantiers) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("reste", ["", "demonstration-construite.json", "demonstration.en-cours"])
def test_real_data_is_never_erased(donnees, chantiers, reste):
    if reste:
        (donnees / reste).write_text("{}")
    Conseil.objects.create(nature="clspd", nom="Vraie ville", slug="vraie-ville")
    with pytest.raises(ErreurPupitre) as refus:
        construction.construire(donnees)
    assert "PUPITRE_DONNEES" in refus.value.que_faire
    assert Conseil.objects.filter(slug="vraie-ville").exists()
    assert chantiers == []


@pytest.mark.django_db(transaction=True)
def test_production_is_refused(donnees, chantiers, settings):
    settings.CONFIGURATION = replace(settings.CONFIGURATION, mode=Mode.PRODUCTION)
    with pytest.raises(ErreurPupitre):
        construction.construire(donnees)
    assert chantiers == []


def test_settings_of_another_folder_are_a_mistake(tmp_path):
    with pytest.raises(ValueError, match="settings point to"):
        construction.construire(tmp_path)


def test_one_account_for_each_role_and_one_line_for_each_account():
    assert {c.role for c in COMPTES} == set(Role)
    assert len({c.email for c in COMPTES}) == len(COMPTES)
    for compte in COMPTES:
        ligne = str(compte)
        assert "\n" not in ligne
        assert ligne.startswith(f"{compte.email}  {MOT_DE_PASSE}  ")
        assert (compte.role is Role.PARTENAIRE) == bool(compte.organisation)
