"""Complaints: nobody is named, a closed month is whole, what is poured is a delivery like any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from pupitre.acces.droits import Role
from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.collecte import doleances, mois_doleances
from pupitre.observatoire.models import Doleance, Livraison, MoisDoleances
from pupitre.socle import devoirs, horloge
from pupitre.territoires.models import Commune
from tests.fabriques import utilisateur
from tests.observatoire.fabrique import convention
from tests.territoires import fabrique as territoires

pytestmark = pytest.mark.django_db
OCTOBRE = date(2026, 10, 1)
TOUTES = (territoires.ALFORTVILLE, territoires.CRETEIL, territoires.LIMEIL)


@pytest.fixture
def plaine(tmp_path, settings):
    settings.CONFIGURATION = replace(settings.CONFIGURATION, donnees=tmp_path / "donnees")
    settings.MEDIA_ROOT = settings.CONFIGURATION.recus
    territoires.charger_petite_reference(tmp_path)
    with horloge.figee(date(2026, 11, 23)):
        yield territoires.plaine_centrale()


def saisir(
    conseil, commune=territoires.CRETEIL, jour=date(2026, 10, 6), nature="inc:doleance_bruit", **champs
):
    confirme = champs.pop("confirme", False)
    doleance = Doleance(conseil=conseil, commune_id=commune, recue_le=jour, nature=nature, **champs)
    return doleances.enregistrer(doleance=doleance, confirme=confirme)


def clore(conseil, *communes, mois=OCTOBRE):
    for code in communes or TOUTES:
        mois_doleances.clore(conseil=conseil, commune=Commune.objects.get(code=code), mois=mois)


@pytest.mark.parametrize(
    "texte",
    [
        "M. Durand met la musique trop fort",
        "rappeler au 06 12 34 56 78",
        "écrire à une.personne@exemple.fr",
        "le fils, né le 3 mars 2009, traîne dans le hall",
    ],
)
def test_what_looks_like_a_person_is_pointed_out_before_it_is_kept(plaine, texte):
    with pytest.raises(doleances.DoleanceRefusee, match="semble désigner une personne") as refus:
        saisir(plaine, texte=texte)
    assert refus.value.champ == "texte"
    assert not Doleance.objects.exists()
    assert saisir(plaine, texte=texte, confirme=True).pk


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"commune": "94046"}, "commune"),
        ({"jour": date(2026, 11, 24)}, "recue_le"),
        ({"secteur": "nulle-part"}, "secteur"),
    ],
)
def test_what_is_not_of_the_council_is_refused(plaine, champs, champ):
    territoires.voisin()
    with pytest.raises(doleances.DoleanceRefusee) as refus:
        saisir(plaine, **champs)
    assert refus.value.champ == champ


def test_each_office_sees_its_own_commune_and_the_team_sees_all(plaine):
    for code in TOUTES:
        saisir(plaine, commune=code)
    limeil = Commune.objects.get(code=territoires.LIMEIL)
    maire = utilisateur(Role.MAIRE_MEMBRE, plaine, commune=limeil)
    assert {d.commune_id for d in doleances.visibles(maire, plaine)} == {territoires.LIMEIL}
    assert {d.commune_id for d in doleances.visibles(utilisateur(Role.COORDINATEUR, plaine), plaine)} == set(
        TOUTES
    )
    assert not doleances.visibles(utilisateur(Role.PRESIDENT, plaine), plaine)


def test_where_a_complaint_stands_is_its_last_event(plaine):
    saisie = saisir(plaine)
    visibles = Doleance.objects.all()
    assert doleances.chercher(visibles, doleances.Filtre(suite=doleances.A_TRAITER)).count() == 1
    doleances.suivre(doleance=saisie, suite="transmise", service="bailleur")
    doleances.suivre(doleance=saisie, suite="repondue", service="bailleur")
    [lue] = doleances.habiller(doleances.chercher(visibles, doleances.Filtre(suite="repondue")), plaine)
    assert (lue.suite_dite, lue.service) == ("réponse envoyée", "")
    assert doleances.chercher(visibles, doleances.Filtre(suite="transmise")).count() == 0
    with pytest.raises(ValidationError, match="à qui"):
        doleances.suivre(doleance=saisie, suite="transmise")


def test_counts_by_secteur_nature_and_month(plaine):
    saisir(plaine)
    saisir(plaine)
    saisir(plaine, jour=date(2026, 9, 2), nature="inc:doleance_proprete")
    saisir(plaine, jour=date(2025, 9, 2))
    comptes = doleances.compter(Doleance.objects.all(), plaine)
    assert comptes.mois[-2:] == (OCTOBRE, date(2026, 11, 1))
    lus = {(lieu, nature): total for lieu, nature, _, total in comptes.lignes}
    assert lus == {("Créteil, sans secteur", "Le bruit"): 2, ("Créteil, sans secteur", "La propreté"): 1}
    assert (comptes.total, comptes.totaux[-2]) == (3, 2)
    # A month in which the office neither entered nor closed anything is not a zero.
    assert comptes.totaux[-4:] == (None, 1, 2, None)
    clore(plaine, territoires.CRETEIL, mois=date(2026, 8, 1))
    assert doleances.compter(Doleance.objects.all(), plaine).totaux[-4:] == (0, 1, 2, None)
    table = doleances.table_des_comptes(comptes, "Doléances")
    assert table.lignes[0][-3:] == (2, "non saisi", 2)


def test_a_closed_month_takes_nothing_more(plaine):
    saisie = saisir(plaine)
    clore(plaine, territoires.CRETEIL)
    with pytest.raises(doleances.DoleanceRefusee, match="clos"):
        saisir(plaine, jour=date(2026, 10, 31))
    saisie.recue_le = date(2026, 9, 30)
    with pytest.raises(doleances.DoleanceRefusee, match="clos"):
        doleances.enregistrer(doleance=saisie)
    with pytest.raises(doleances.DoleanceRefusee, match="clos"):
        doleances.supprimer(doleance=saisie)
    saisir(plaine, commune=territoires.LIMEIL)
    mois_doleances.rouvrir(
        conseil=plaine, commune=Commune.objects.get(code=territoires.CRETEIL), mois=OCTOBRE
    )
    saisir(plaine, jour=date(2026, 10, 31))


def test_the_month_under_way_cannot_be_closed(plaine):
    with pytest.raises(doleances.DoleanceRefusee, match="n’est pas terminé"):
        clore(plaine, territoires.CRETEIL, mois=date(2026, 11, 1))


def test_what_is_poured_is_a_delivery_with_its_zeros(plaine):
    for _ in range(3):
        saisir(plaine)
    saisir(plaine, commune=territoires.LIMEIL, nature="inc:doleance_proprete")
    saisir(plaine, commune=territoires.ALFORTVILLE)
    with pytest.raises(mois_doleances.VersementRefuse, match="Aucune mairie"):
        mois_doleances.verser(conseil=plaine, mois=OCTOBRE)
    clore(plaine, territoires.CRETEIL, territoires.LIMEIL)
    livraison = mois_doleances.verser(conseil=plaine, mois=OCTOBRE)
    assert Livraison.objects.publiees().get() == livraison
    assert livraison.lecture["total"] == 4  # Alfortville has not closed: its entry waits
    assert livraison.lecture["communes"] == sorted([territoires.CRETEIL, territoires.LIMEIL])
    assert set(livraison.lecture["unites"]) == {"doléance"}
    assert {m.livraison for m in MoisDoleances.objects.all()} == {livraison}
    assert livraison.source.modele == mois_doleances.MODELE
    with pytest.raises(mois_doleances.VersementRefuse, match="déjà versé"):
        mois_doleances.verser(conseil=plaine, mois=OCTOBRE)


def test_poured_again_it_takes_the_place_of_the_former(plaine):
    saisir(plaine)
    clore(plaine, territoires.CRETEIL)
    premiere = mois_doleances.verser(conseil=plaine, mois=OCTOBRE)
    clore(plaine, territoires.LIMEIL, territoires.ALFORTVILLE)
    [etat] = [e for e in mois_doleances.etats_des_mois(plaine) if e.mois == OCTOBRE]
    assert (etat.a_verser, etat.ouvertes, etat.livraison) == (True, (), premiere)
    seconde = mois_doleances.verser(conseil=plaine, mois=OCTOBRE)
    assert Livraison.objects.publiees().get() == seconde
    [etat] = [e for e in mois_doleances.etats_des_mois(plaine) if e.mois == OCTOBRE]
    assert (etat.a_verser, etat.livraison) == (False, seconde)


def test_an_office_that_enters_nothing_is_not_waited_for(plaine):
    """Limeil-Brévannes sends its own workbook: the months of the two others are whole without it."""
    saisir(plaine)
    saisir(plaine, commune=territoires.ALFORTVILLE)
    clore(plaine, territoires.CRETEIL)
    [etat] = [e for e in mois_doleances.etats_des_mois(plaine) if e.mois == OCTOBRE]
    assert [c.code for c in etat.ouvertes] == [territoires.ALFORTVILLE]
    assert etat.phrase == "Clos par Créteil. Alfortville n’a pas clos ce mois."
    clore(plaine, territoires.ALFORTVILLE)
    with horloge.figee(date(2026, 11, 10)):
        assert mois_doleances.verser_les_mois_clos(date(2026, 11, 10)) == 1


def test_reopened_and_closed_without_a_change_it_is_the_same(plaine):
    saisir(plaine)
    clore(plaine, territoires.CRETEIL)
    livraison = mois_doleances.verser(conseil=plaine, mois=OCTOBRE)
    mois_doleances.rouvrir(
        conseil=plaine, commune=Commune.objects.get(code=territoires.CRETEIL), mois=OCTOBRE
    )
    clore(plaine, territoires.CRETEIL)
    with pytest.raises(mois_doleances.VersementRefuse, match="déjà versé"):
        mois_doleances.verser(conseil=plaine, mois=OCTOBRE)
    assert MoisDoleances.objects.get().livraison == livraison


def test_the_tenth_pours_what_all_have_closed_and_leaves_the_publication_to_a_person(plaine):
    saisir(plaine)
    saisir(plaine, commune=territoires.ALFORTVILLE)
    clore(plaine, territoires.CRETEIL, territoires.LIMEIL)
    assert mois_doleances.verser_les_mois_clos(date(2026, 11, 23)) == 0
    clore(plaine, territoires.ALFORTVILLE)
    assert mois_doleances.verser_les_mois_clos(date(2026, 11, 9)) == 0
    with horloge.figee(date(2026, 11, 10)):
        assert mois_doleances.verser_les_mois_clos(date(2026, 11, 10)) == 1
        assert mois_doleances.verser_les_mois_clos(date(2026, 11, 10)) == 0
    assert not Livraison.objects.publiees()
    assert Livraison.objects.avec_etat().get().etat == "controlee"
    assert {"doleances", "textes"} <= {b.code for b in devoirs.passer(date(2026, 11, 9))}


def test_old_words_are_erased_and_the_counts_stay(plaine):
    ancienne = saisir(plaine, jour=date(2024, 10, 31), texte="Bruit au city-stade")
    recente = saisir(plaine, jour=date(2024, 11, 1), texte="Bruit au city-stade")
    assert doleances.oublier_les_textes(date(2026, 11, 23)) == 1
    assert doleances.oublier_les_textes(date(2026, 11, 23)) == 0
    ancienne.refresh_from_db()
    recente.refresh_from_db()
    assert (ancienne.texte, recente.texte) == ("", "Bruit au city-stade")


def test_mayors_read_them_only_under_a_convention(plaine):
    saisir(plaine)
    clore(plaine)
    source = mois_doleances.verser(conseil=plaine, mois=OCTOBRE).source
    assert source.code in Lecteur.ouvrir(plaine, Audience.INTERNE).sources
    assert source.code not in Lecteur.ouvrir(plaine, Audience.PARTENAIRE).sources
    convention(source)
    assert source.code in Lecteur.ouvrir(plaine, Audience.PARTENAIRE).sources
