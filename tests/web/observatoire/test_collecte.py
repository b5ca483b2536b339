"""The calendar, reminders, deposit by link and what falls due, as people meet them."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.observatoire.collecte import calendrier, relances, services
from pupitre.observatoire.collecte.calendrier import EtatCase
from pupitre.observatoire.models import Frequence, Livraison, Relance
from pupitre.socle import devoirs, horloge
from pupitre.socle.courriel.modele import Courriel
from tests.fabriques import empreinte, entrer, utilisateur
from tests.observatoire import fabrique

pytestmark = pytest.mark.django_db
JOUR = date(2026, 12, 1)


@pytest.fixture
def convenue(monde):
    """Twenty days, then a letter each week, twice; the referent is known."""
    monde.source.conventions.update(
        referent="Claude Roy", referent_email="claude.roy@exemple.fr", delai=20, rythme=7, relances_max=2
    )
    monde.a_publier.delete()
    return monde


def _cases(monde, jour=JOUR):
    (volet,) = calendrier.lire(monde.conseil, jour=jour)
    return {c.debut: c for c in volet.lignes[0].cases}


def test_chaque_mois_dit_ce_qui_est_venu_et_ce_qui_manque(convenue):
    cases = _cases(convenue)
    assert cases[date(2026, 9, 1)].etat is EtatCase.PUBLIEE
    assert cases[date(2026, 10, 1)].etat is EtatCase.RETARD
    assert cases[date(2026, 11, 1)].etat is EtatCase.ATTENDUE
    assert cases[date(2026, 10, 1)].echeance == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("debut", "frequence", "bref"),
    [
        (date(2026, 2, 1), Frequence.MOIS, "févr."),
        (date(2026, 10, 5), Frequence.SEMAINE, "5 oct."),
        (date(2026, 7, 1), Frequence.TRIMESTRE, "3T 26"),
        (date(2026, 1, 1), Frequence.ANNEE, "2026"),
        (date(2026, 9, 1), Frequence.ANNEE_SCOLAIRE, "26-27"),
    ],
)
def test_une_periode_se_dit_en_peu_de_lettres(debut, frequence, bref):
    nom = calendrier.nommer(debut, frequence)
    case = calendrier.Case(debut, nom, EtatCase.PUBLIEE, JOUR)
    assert case.bref.replace("\u00a0", " ") == bref


def test_un_mois_livre_et_pas_publie_nous_attend(monde):
    assert _cases(monde)[date(2026, 10, 1)].etat is EtatCase.A_PUBLIER


def test_la_regularite_est_un_chiffre_avec_sa_base(convenue):
    Livraison.objects.update(recue_le=horloge.maintenant().replace(year=2026, month=10, day=23, hour=10))
    (volet,) = calendrier.lire(convenue.conseil, jour=JOUR)
    r = volet.lignes[0].regularite
    # due within the year: November 2025 to October 2026. January to September came on 23 October, three days
    # after September was due; the others never came.
    assert (r.dues, r.a_temps, len(r.retards), min(r.retards)) == (12, 0, 9, 3)
    assert r.retard_median == 125
    assert r.phrase.startswith("0 sur 12 à temps en douze mois (0\u202f%). Retard médian\u202f: 125")


def test_les_relances_suivent_le_rythme_puis_previennent_la_coordination(
    convenue, django_capture_on_commit_callbacks
):
    utilisateur(Role.COORDINATEUR, convenue.conseil, email="coord@exemple.fr")
    envois = []
    # two more sources' worth of silence would be noise: only what this one owes is written
    Relance.objects.all().delete()
    for jour in (date(2026, 11, 20) + timedelta(days=n) for n in range(40)):
        with django_capture_on_commit_callbacks(execute=True):
            relances.relancer(jour)
            assert relances.relancer(jour) == 0, "deux fois le même jour n’écrit pas deux fois"
    for r in Relance.objects.filter(debut=date(2026, 10, 1)).order_by("rang"):
        envois.append((r.rang, r.vers, r.email))
    assert envois == [
        (1, "referent", "claude.roy@exemple.fr"),
        (2, "referent", "claude.roy@exemple.fr"),
        (3, "coordination", "coord@exemple.fr"),
    ]
    assert {m.to[0] for m in mail.outbox} >= {"Claude Roy <claude.roy@exemple.fr>"}


def test_le_fichier_arrive_la_relance_s_arrete(monde):
    monde.source.conventions.update(referent_email="claude.roy@exemple.fr")
    assert [d for d in relances.dues(JOUR, monde.conseil) if d.debut == date(2026, 10, 1)] == []


def test_un_delai_accorde_suspend_les_relances(convenue):
    with horloge.figee(date(2026, 11, 25)):
        relances.suspendre(source=convenue.source, jusqu_au=date(2026, 12, 15), raison="Référente absente.")
    assert list(relances.dues(JOUR, convenue.conseil)) == []
    assert list(relances.dues(date(2026, 12, 16), convenue.conseil))


def test_sans_referent_c_est_la_coordination_qui_le_sait(convenue):
    convenue.source.conventions.update(referent_email="")
    due = next(iter(relances.dues(JOUR, convenue.conseil)))
    assert due.vers == "coordination"


def test_le_referent_depose_sans_compte_et_ne_voit_que_ses_depots(monde, client):
    jeton = actes.jeton(monde.lien_de_depot)
    adresse = reverse("depot", args=[jeton])
    page = client.get(adresse).content.decode()
    assert "Occupations de hall" in page
    assert "octobre.csv" not in page, "rien de ce que l’équipe a reçu par ailleurs"
    contenu = fabrique.comptages({"2026-11": fabrique.partout(4)})
    reponse = client.post(adresse, {"fichier": SimpleUploadedFile("novembre.csv", contenu)}, follow=True)
    page = reponse.content.decode()
    assert "novembre.csv" in page
    assert "Bien reçu et lu" in page
    livraison = Livraison.objects.get(nom="novembre.csv")
    assert livraison.source == monde.source
    assert livraison.deposee_par is None
    # the same file again is said, and nothing is kept twice
    assert client.post(adresse, {"fichier": SimpleUploadedFile("encore.csv", contenu)}).status_code == 422
    assert client.post(adresse, {}).status_code == 422


def test_le_lien_d_une_source_n_ouvre_pas_celle_d_a_cote(monde, client):
    autre = fabrique.source(monde.voisin, code="voisins", nom="Incidents d’à côté")
    lien = actes.creer(
        acte="depot", objet=autre.pk, conseil=monde.conseil, nom="Sacha", jours=3, gestes_max=0
    )
    assert client.get(reverse("depot", args=[actes.jeton(lien)])).status_code == 404


def test_creer_puis_retirer_un_lien_de_depot(monde, client, django_capture_on_commit_callbacks):
    entrer(client, utilisateur(Role.ASSISTANT, monde.conseil))
    adresse = reverse("source-lier", args=[monde.conseil.slug, monde.source.code])
    avant = empreinte()
    client.post(adresse, {"lien-nom": "", "lien-email": "x@exemple.fr"})
    assert empreinte() == avant
    with django_capture_on_commit_callbacks(execute=True):
        client.post(adresse, {"lien-nom": "Claude Roy", "lien-email": "claude@exemple.fr"})
    lien = re.search(r"http://127.0.0.1:8000(/a/[^\s]+)", mail.outbox[-1].body)[1]
    assert client.get(lien).status_code == 200
    personnel = monde.conseil.liens.filter(acte="depot", nom="Claude Roy").get()
    client.post(reverse("source-delier", args=[monde.conseil.slug, monde.source.code, personnel.pk]))
    assert client.get(lien).status_code == 410


def test_les_devoirs_se_passent_deux_fois_sans_rien_redire(convenue):
    utilisateur(Role.COORDINATEUR, convenue.conseil)
    convenue.source.conventions.update(fin=date(2026, 12, 20))
    premier = {b.code: b for b in devoirs.passer(JOUR)}
    assert not [b.erreur for b in premier.values() if b.erreur]
    assert premier["relances"].fait
    assert premier["conventions"].fait == 1
    lettres = Courriel.objects.count()
    second = {b.code: b for b in devoirs.passer(JOUR)}
    assert (second["relances"].fait, second["conventions"].fait) == (0, 0)
    assert Courriel.objects.count() == lettres


def test_un_devoir_qui_tombe_n_arrete_pas_les_autres(convenue, monkeypatch):
    monkeypatch.setattr(relances.calendrier, "lire", lambda *a, **k: 1 / 0)
    bilans = {b.code: b for b in devoirs.passer(JOUR)}
    assert "ZeroDivisionError" in bilans["relances"].erreur
    assert not bilans["conventions"].erreur


def test_un_courriel_du_voisin_ne_se_lit_pas(monde, client):
    entrer(client, utilisateur(Role.COORDINATEUR, monde.voisin))
    assert client.get(reverse("courriel", args=[monde.voisin.slug, monde.courriel.pk])).status_code == 404
    assert "Un essai" not in client.get(reverse("courriels", args=[monde.voisin.slug])).content.decode()


def test_le_calendrier_se_lit_en_mots_et_s_exporte(convenue, client):
    entrer(client, utilisateur(Role.COORDINATEUR, convenue.conseil))
    with horloge.figee(JOUR):
        page = client.get(reverse("calendrier", args=[convenue.conseil.slug])).content.decode()
        csv = client.get(reverse("calendrier-export", args=[convenue.conseil.slug, "csv"])).content.decode(
            "utf-8-sig"
        )
    assert "en retard" in page
    assert f"{reverse('deposer', args=[convenue.conseil.slug])}?source=halls" in page
    assert "octobre 2026;en retard" in csv


def test_un_mois_corrige_se_voit_se_date_et_mene_a_ce_qui_a_change(convenue, client, tmp_path):
    chemin = tmp_path / "corrige.csv"
    chemin.write_bytes(fabrique.comptages({"2026-09": fabrique.partout(21), "2026-08": fabrique.partout(8)}))
    with horloge.figee(date(2026, 11, 24)):
        corrige = services.importer(source=convenue.source, fichier=chemin, publier=True)
    entrer(client, utilisateur(Role.COORDINATEUR, convenue.conseil))
    with horloge.figee(JOUR):
        page = client.get(reverse("calendrier", args=[convenue.conseil.slug])).content.decode()
        csv = client.get(reverse("calendrier-export", args=[convenue.conseil.slug, "csv"])).content.decode(
            "utf-8-sig"
        )
    lien = reverse("livraison", args=[convenue.conseil.slug, corrige.pk])
    assert page.count(f'href="{lien}"') == 3, "deux cases, et la ligne des corrections"
    assert "Voir ce qui a changé" in page
    (septembre,) = (x for x in csv.splitlines() if ";septembre 2026;" in x)
    assert ";corrigée" in septembre
    assert septembre.endswith(";24/11/2026;1")
    (aout,) = (x for x in csv.splitlines() if ";août 2026;" in x)
    assert "renvoyée" in aout


def test_le_calendrier_tient_en_peu_de_requetes(convenue, django_assert_max_num_queries):
    for i in range(6):
        fabrique.source(convenue.conseil, code=f"autre-{i}", nom=f"Autre {i}",
                        organisation=convenue.source.organisation)  # fmt: skip
    with django_assert_max_num_queries(6):
        calendrier.lire(convenue.conseil)
