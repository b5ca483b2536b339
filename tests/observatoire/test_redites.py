"""Which periods a file sent again really corrected: kept at its publication, told by the calendar."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps

from pupitre.observatoire.collecte import calendrier, renvoi, services
from pupitre.observatoire.collecte.calendrier import EtatCase
from pupitre.observatoire.models import Livraison, Retrait
from pupitre.socle import horloge
from tests.observatoire import fabrique
from tests.observatoire.fabrique import partout

JOUR = date(2026, 11, 5)
AOUT, SEPTEMBRE, OCTOBRE = (date(2026, m, 1) for m in (8, 9, 10))


@pytest.fixture
def envoyer(source, fichier):
    """Publish a file of counts on a day."""

    def _envoyer(mois, nom, jour, vers=source):
        with horloge.figee(jour):
            return services.importer(source=vers, fichier=fichier(mois, nom), publier=True)

    return _envoyer


def cases(conseil, jour=JOUR):
    (ligne,) = calendrier.lignes(conseil, jour=jour)
    return {c.debut: c for c in ligne.cases}


def en_clair(dit):
    return dit.replace("\u00a0", " ").replace("\u202f", " ")


def etats(conseil, *mois):
    lues = cases(conseil)
    return [lues[m].etat for m in mois]


def test_un_cumul_renvoye_ne_corrige_que_le_mois_dont_un_chiffre_change(source, envoyer):
    envoyer({"2026-08": partout(2), "2026-09": partout(4)}, "septembre.csv", date(2026, 10, 5))
    cumul = {
        "2026-08": partout(2) | {"Alfortville": 3},
        "2026-09": partout(4),
        "2026-10": partout(1),
    }
    seconde = envoyer(cumul, "octobre.csv", date(2026, 11, 3))
    (retrait,) = seconde.corrections.all()
    assert retrait.periodes == [["mois", "2026-08-01", True], ["mois", "2026-09-01", False]]
    assert etats(source.conseil, AOUT, SEPTEMBRE, OCTOBRE) == [
        EtatCase.CORRIGEE,
        EtatCase.RENVOYEE,
        EtatCase.PUBLIEE,
    ]
    aout = cases(source.conseil)[AOUT]
    assert (aout.corrigee_le, aout.corrections, aout.livraison) == (date(2026, 11, 3), 1, str(seconde.pk))
    # August was due on 20 September: it came late, and it was corrected. Both are said.
    assert en_clair(aout.dit) == "corrigée le 3 novembre 2026, reçue avec 15 jours de retard"
    volets = calendrier.lire(source.conseil, jour=JOUR)
    (lot,) = calendrier.corrigees(volets)
    assert (lot.livraison, lot.dites) == (str(seconde.pk), "août 2026")
    assert volets[0].lignes[0].regularite.corrigees == 1
    assert calendrier.table_de_regularite(source.conseil, volets, JOUR).lignes[0][-1] == 1


def test_un_renvoi_a_l_identique_ne_corrige_rien(source, envoyer):
    envoyer({"2026-09": partout(4)}, "septembre.csv", date(2026, 10, 5))
    envoyer({"2026-09": partout(4), "2026-10": partout(1)}, "octobre.csv", date(2026, 11, 3))
    assert etats(source.conseil, SEPTEMBRE, OCTOBRE) == [EtatCase.RENVOYEE, EtatCase.PUBLIEE]
    volets = calendrier.lire(source.conseil, jour=JOUR)
    assert not calendrier.corrigees(volets)
    assert volets[0].lignes[0].regularite.corrigees == 0


def test_ce_qui_fut_corrige_le_reste_quand_on_le_renvoie_encore(source, envoyer):
    envoyer({"2026-09": partout(4)}, "a.csv", date(2026, 10, 5))
    corrige = envoyer({"2026-09": partout(5)}, "b.csv", date(2026, 10, 12))
    envoyer({"2026-09": partout(5), "2026-10": partout(1)}, "c.csv", date(2026, 11, 3))
    septembre = cases(source.conseil)[SEPTEMBRE]
    assert (septembre.etat, septembre.livraison) == (EtatCase.CORRIGEE, str(corrige.pk))
    envoyer({"2026-09": partout(6)}, "d.csv", date(2026, 11, 4))
    septembre = cases(source.conseil)[SEPTEMBRE]
    assert en_clair(septembre.dit) == "corrigée 2 fois, la dernière le 4 novembre 2026"


def test_une_commune_corrigee_corrige_le_mois_et_lui_seul(source, envoyer):
    ancienne = envoyer({"2026-08": partout(2), "2026-09": partout(4)}, "a.csv", date(2026, 9, 15))
    partielle = envoyer({"2026-09": {"Créteil": 9}}, "b.csv", date(2026, 10, 5))
    assert etats(source.conseil, AOUT, SEPTEMBRE) == [EtatCase.PUBLIEE, EtatCase.CORRIGEE]
    assert cases(source.conseil)[AOUT].livraison == str(ancienne.pk)
    assert cases(source.conseil)[SEPTEMBRE].livraison == str(partielle.pk)


def test_une_commune_ajoutee_a_un_mois_renvoye_en_change_les_chiffres(source, envoyer):
    envoyer({"2026-09": {"Créteil": 9}}, "a.csv", date(2026, 10, 5))
    seconde = envoyer({"2026-09": {"Créteil": 9, "Alfortville": 4}}, "b.csv", date(2026, 10, 12))
    assert etats(source.conseil, SEPTEMBRE) == [EtatCase.CORRIGEE]
    lus = renvoi.changements(seconde)
    assert [(c.lieu, c.avant, c.apres) for c in lus.cellules] == [(fabrique.CODES["Alfortville"], None, 4)]
    assert lus.identiques == 1


def test_un_fichier_qui_en_corrige_plusieurs_n_est_qu_une_correction(source, envoyer):
    envoyer({"2026-09": {"Créteil": 9}}, "a.csv", date(2026, 10, 5))
    envoyer({"2026-09": {"Alfortville": 4}}, "b.csv", date(2026, 10, 6))
    assert etats(source.conseil, SEPTEMBRE) == [EtatCase.PUBLIEE], "l’un complète l’autre"
    tout = envoyer({"2026-09": {"Créteil": 8, "Alfortville": 5}}, "c.csv", date(2026, 10, 12))
    assert tout.corrections.count() == 2
    assert cases(source.conseil)[SEPTEMBRE].corrections == 1


def test_dans_une_meme_publication_la_seconde_corrige_la_premiere(source, fichier):
    lot = [
        services.importer(source=source, fichier=fichier({"2026-08": partout(2), "2026-09": partout(n)}, nom))
        for n, nom in ((4, "provisoire.csv"), (5, "definitif.csv"))
    ]
    services.publier_ensemble(livraisons=lot)
    assert [p[2] for p in Retrait.objects.get().periodes] == [False, True]


def test_un_mois_que_la_relecture_ne_trouve_plus_n_est_plus_la(source, fichier):
    """The same file, read again once the reading of the source was set otherwise: it takes the place of all of it."""
    chemin = fichier({"2026-09": {"Créteil": 4}, "2026-10": {"Alfortville": 5}})
    with horloge.figee(date(2026, 11, 3)):
        services.importer(source=source, fichier=chemin, publier=True)
        source.territoires = ["Créteil"]
        source.save()
        services.importer(source=source, fichier=chemin, publier=True)
    assert etats(source.conseil, SEPTEMBRE, OCTOBRE) == [EtatCase.RENVOYEE, EtatCase.ATTENDUE]
    assert [p[1:] for p in Retrait.objects.get().periodes] == [["2026-09-01", False], ["2026-10-01", True]]


def test_ce_qui_fut_publie_avant_n_est_que_renvoye(source, envoyer):
    """The migration says which periods were sent again; nobody knows any more what changed in them."""
    envoyer({"2026-08": partout(2), "2026-09": partout(4)}, "a.csv", date(2026, 10, 5))
    envoyer({"2026-09": partout(5)}, "b.csv", date(2026, 10, 12))
    Retrait.objects.update(periodes=[])
    import_module("pupitre.observatoire.migrations.0003_periodes_redites").avouer(apps, None)
    assert Retrait.objects.get().periodes == [["mois", "2026-09-01", None]]
    assert etats(source.conseil, AOUT, SEPTEMBRE) == [EtatCase.PUBLIEE, EtatCase.RENVOYEE]


def test_les_corrections_du_voisin_ne_comptent_pas(source, autre, envoyer):
    voisine = fabrique.source(autre)
    for vers in (source, voisine):
        envoyer({"2026-09": {"Créteil": 4, "Maisons-Alfort": 4}}, "a.csv", date(2026, 10, 5), vers)
    envoyer({"2026-09": {"Maisons-Alfort": 9}}, "b.csv", date(2026, 10, 12), voisine)
    assert Livraison.objects.filter(corrections__isnull=False).get().source == voisine
    assert etats(autre, SEPTEMBRE) == [EtatCase.CORRIGEE]
    assert etats(source.conseil, SEPTEMBRE) == [EtatCase.PUBLIEE]
