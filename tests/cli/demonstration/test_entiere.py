"""The whole demonstration, built once: what is on the shelves is what the partners sent."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

import pytest

from pupitre.acces.models import Habilitation, Utilisateur
from pupitre.cli.demonstration import comptes, construction, plan
from pupitre.cli.demonstration.envoi import Sort
from pupitre.observatoire.collecte import services
from pupitre.observatoire.models import Bulletin, Livraison, Source
from pupitre.territoires.models import Conseil


@pytest.fixture
def donnees(tmp_path, settings):
    settings.CONFIGURATION = replace(settings.CONFIGURATION, donnees=tmp_path)
    settings.MEDIA_ROOT = settings.CONFIGURATION.recus
    return tmp_path


@pytest.mark.django_db(transaction=True)
def test_the_whole_demonstration(donnees, envois, monkeypatch):
    # One edition is enough here: each costs as much as fifty imports.
    monkeypatch.setattr(construction, "BULLETINS", {"2026-11": ("2026-10",)})
    etapes = []
    construction.construire(donnees, etapes.append)
    assert "Import" in " ".join(etapes)
    conseil = Conseil.objects.get(slug=construction.SLUG)
    assert conseil.fictif
    assert [c.code for c in conseil.communes_as_of()] == ["94002", "94028", "94044"]
    decoupage = conseil.decoupages.get()
    assert decoupage.fictif
    assert decoupage.secteurs.count() == 16
    _check_accounts()
    _check_sources()
    _check_deliveries(envois)
    _check_bulletins()
    _check_the_late_file(donnees)


def _check_accounts():
    for compte in comptes.COMPTES:
        utilisateur = Utilisateur.objects.get(email=compte.email)
        assert utilisateur.check_password(compte.mot_de_passe)
        habilitation = Habilitation.objects.get(utilisateur=utilisateur)
        assert habilitation.role == compte.role
        assert (habilitation.organisation.nom if habilitation.organisation else "") == compte.organisation


def _check_sources():
    reelles = set(Source.objects.filter(fictive=False).values_list("code", flat=True))
    assert reelles == {"police-4001-annuel", "ssmsi-departemental"}
    assert Source.objects.filter(fictive=True).count() == len(plan.sources()) - 2
    for source in Source.objects.filter(fictive=False):
        assert "Licence Ouverte" in source.producteur
        assert set(source.livraisons.get().lecture["territoires"]) == set(source.territoires)
    [rupture] = Source.objects.get(code="strav").ruptures
    assert rupture["jour"] == "2026-03-01"


def _check_deliveries(envois):
    etats = Counter(Livraison.objects.avec_etat().values_list("etat", flat=True))
    assert etats["rejetee"] == etats["controlee"] == 1
    assert etats["publiee"] + etats["remplacee"] + 2 == len(envois) + 2
    remplaces = {(e.source, e.remplace) for e in envois if e.remplace}
    trouves = Livraison.objects.avec_etat().filter(etat="remplacee")
    assert {(li.source.code, li.nom) for li in trouves} == remplaces
    attendus, publies = defaultdict(int), defaultdict(int)
    for e in envois:
        if e.sort is Sort.PUBLIER and (e.source, e.nom) not in remplaces:
            attendus[e.source] += e.total
    for li in Livraison.objects.publiees().filter(source__fictive=True).select_related("source"):
        publies[li.source.code] += li.lecture["total"]
        assert li.fichier.is_file()
    assert publies == attendus
    recues = {(e.source, e.nom): e.recu_le for e in envois}
    for li in Livraison.objects.filter(source__fictive=True).select_related("source"):
        assert li.recue_le.date() == recues[li.source.code, li.nom]
        jours = [e.le.date() for e in li.evenements.all()]
        assert jours == sorted(jours)


def _check_bulletins():
    publies = Bulletin.objects.filter(publie_le__isnull=False)
    mensuels = {b.periode: f"{b.publie_le:%Y-%m}" for b in publies.filter(periodicite="mois")}
    assert mensuels == {p: mois for mois, periodes in construction.BULLETINS.items() for p in periodes}
    # The weekly pages of the last month, and one study of a place.
    assert publies.filter(periodicite="semaine").count() >= 3
    assert publies.exclude(periodicite__in=("mois", "semaine")).count() == 1


def _check_the_late_file(donnees):
    """What a person is invited to try first: the file that was missing goes in and replaces the former."""
    source = Source.objects.get(code="creteil-habitat")
    avant = source.livraisons.publiees().get()
    [fichier] = (donnees / construction.DOSSIER_A_DEPOSER).iterdir()
    livraison = services.importer(source=source, fichier=fichier, publier=True)
    avant.refresh_from_db()
    assert avant.remplacee_par == livraison
    assert source.livraisons.publiees().get() == livraison
