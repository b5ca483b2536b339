"""The whole demonstration, built once: what is on the shelves is what the partners sent."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date

import pytest

from pupitre.acces.models import Habilitation, Utilisateur
from pupitre.cli.demonstration import annee, comptes, construction, partenaires, plan, seances
from pupitre.cli.demonstration.envoi import Sort
from pupitre.cli.demonstration.partenaires import transports
from pupitre.observatoire.collecte import calendrier, services
from pupitre.observatoire.collecte.calendrier import EtatCase
from pupitre.observatoire.demandes import selectors
from pupitre.observatoire.demandes.etats import EtatDemande
from pupitre.observatoire.diffusion import editions
from pupitre.observatoire.etats import EtatBulletin
from pupitre.observatoire.models import Bulletin, DemandeDonnees, Livraison, Relance, Source
from pupitre.territoires.models import Conseil


@pytest.fixture
def donnees(tmp_path, settings):
    settings.CONFIGURATION = replace(settings.CONFIGURATION, donnees=tmp_path)
    settings.MEDIA_ROOT = settings.CONFIGURATION.recus
    return tmp_path


@pytest.mark.une_fois
@pytest.mark.django_db(transaction=True)
def test_the_whole_demonstration(donnees, envois, monkeypatch):
    # Few editions and one year of séances are enough here: an edition costs as much as fifty imports.
    monkeypatch.setattr(construction, "BULLETINS", {"2026-09": ("2026-08",)})
    monkeypatch.setattr(annee, "SEMAINES", annee.SEMAINES[-1:])
    monkeypatch.setattr(seances, "PREMIERE", date(2025, 11, 3))
    monkeypatch.setattr(partenaires, "ecrire_tout", lambda _: envois)
    etapes = []
    construction.construire(donnees, etapes.append)
    assert f"{len(envois) + 2} fichiers reçus" in " ".join(etapes)
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
    _check_the_year(conseil)
    _check_the_calendar(conseil)
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
    # What the mayor's office enters makes a source of its own.
    assert Source.objects.filter(fictive=True).count() == len(plan.sources()) - 2 + 1
    assert not Source.objects.filter(modele="").exists()
    for source in Source.objects.filter(fictive=False):
        assert "Licence Ouverte" in source.producteur
        assert set(source.livraisons.get().lecture["territoires"]) == set(source.territoires)
    [rupture] = Source.objects.get(code="strav").ruptures
    assert rupture["jour"] == "2026-03-01"


def _check_deliveries(envois):
    recues_ = Livraison.objects.exclude(source__code="doleances-saisies")
    etats = Counter(recues_.avec_etat().values_list("etat", flat=True))
    assert etats["rejetee"] == etats["controlee"] == 1
    assert etats["publiee"] + etats["remplacee"] + 2 == len(envois) + 2
    remplaces = {(e.source, e.remplace) for e in envois if e.remplace}
    trouves = recues_.avec_etat().filter(etat="remplacee")
    assert {(li.source.code, li.nom) for li in trouves} == remplaces
    attendus, publies = defaultdict(int), defaultdict(int)
    for e in envois:
        if e.sort is Sort.PUBLIER and (e.source, e.nom) not in remplaces:
            attendus[e.source] += e.total
    for li in recues_.publiees().filter(source__fictive=True).select_related("source"):
        publies[li.source.code] += li.lecture["total"]
        assert li.fichier.is_file()
    assert publies == attendus
    recues = {(e.source, e.nom): e.recu_le for e in envois}
    for li in recues_.filter(source__fictive=True).select_related("source"):
        assert li.recue_le.date() == recues[li.source.code, li.nom]
        jours = [e.le.date() for e in li.evenements.all()]
        assert jours == sorted(jours)


def _check_bulletins():
    publies = Bulletin.objects.filter(publie_le__isnull=False)
    premiere, seconde = publies.filter(periodicite="mois").order_by("edition")
    assert {b.periode for b in (premiere, seconde)} == {"2026-08"}
    # The police corrected August once the bulletin had left: the second edition says what changed, to the same people.
    assert any("Cambriolages" in c for c in seconde.changements)
    assert set(seconde.envois.values_list("email")) == set(premiere.envois.values_list("email"))
    assert publies.filter(periodicite="semaine").count() == 1
    assert publies.exclude(periodicite__in=("mois", "semaine")).count() == 1  # the diagnosis
    attend = Bulletin.objects.get(publie_le__isnull=True)
    assert (attend.periode, editions.etat_de(attend)) == (annee.SEMAINE_AU_VISA, EtatBulletin.SOUMIS)


def _check_the_year(conseil):
    """Late partners, requests of every outcome, complaints entered, notes, views, addresses to settle."""
    vers = Counter(Relance.objects.values_list("source__code", "vers"))
    assert vers["police-affinees", "referent"] == 3
    assert vers["police-affinees", "coordination"] == 1
    assert vers["creteil-habitat", "referent"] >= 2
    assert not any(code == "education-nationale" for code, _ in vers)
    etats = [selectors.etat_de(d) for d in DemandeDonnees.objects.order_by("rang")]
    assert etats == [EtatDemande.REMISE, EtatDemande.REMISE, EtatDemande.REFUSEE, EtatDemande.ACCORD]
    assert DemandeDonnees.objects.get(rang=2).reponses.get().sens == "reserves"
    assert conseil.doleances.count() > 80
    assert conseil.mois_doleances.count() == 4
    assert conseil.indicateurs_suivis.count() == 8
    assert conseil.reperes.count() >= 4
    assert conseil.vues.count() == 4
    [tardive] = Livraison.objects.avec_etat().filter(etat="controlee")
    assert tardive.adresses_douteuses.count() >= 3
    assert conseil.faits_marquants.filter(origine="propose").exists()


def _check_the_calendar(conseil):
    """One month corrected, workbooks sent again unchanged, months that came late, a hole."""
    [mensuel] = [v for v in calendrier.lire(conseil, jour=date(2026, 11, 28)) if v.titre == "Chaque mois"]
    etats = {(li.source.code, c.debut): c for li in mensuel.lignes for c in li.cases}
    corrigees = [(code, m) for (code, m), c in etats.items() if c.etat is EtatCase.CORRIGEE]
    assert corrigees == [("police-4001-mensuel", date(2026, 8, 1))]
    assert etats["police-affinees", date(2026, 8, 1)].etat is EtatCase.RENVOYEE
    assert etats["ogif", date(2026, 1, 1)].retard
    assert etats["creteil-habitat", date(2026, 10, 1)].etat is EtatCase.RETARD
    assert etats["strav", transports.JAMAIS_VENU.debut].etat is EtatCase.MANQUANTE


def _check_the_late_file(donnees):
    """What a person is invited to try first: the file that was missing goes in and replaces the former."""
    source = Source.objects.get(code="creteil-habitat")
    avant = source.livraisons.publiees().get()
    [fichier] = (donnees / construction.DOSSIER_A_DEPOSER).iterdir()
    livraison = services.importer(source=source, fichier=fichier, publier=True)
    avant.refresh_from_db()
    assert avant.remplacee_par == livraison
    assert source.livraisons.publiees().get() == livraison
