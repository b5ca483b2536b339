"""The pages of the directory, as a coordinator, a mayor and somebody without an account use them."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.annuaire import selectors, vcartes
from pupitre.annuaire.models import CampagneDeFiches, Fonction, Personne
from tests.annuaire.fabrique import fonction, organisation, personne
from tests.fabriques import entrer, utilisateur


@pytest.fixture
def equipe(monde, client):
    return entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))


@pytest.fixture
def morel(monde):
    return selectors.du_conseil(monde.conseil).get(nom="Morel")


def _url(monde, nom, **valeurs):
    return reverse(nom, kwargs={"conseil": monde.conseil.slug} | valeurs)


PRIVE, NOTE = "06 00 00 00 01", "Préfère le matin"


@pytest.mark.parametrize(
    ("role", "prive", "note"),
    [(Role.COORDINATEUR, True, True), (Role.PRESIDENT, True, False), (Role.MAIRE_MEMBRE, False, False)],
)
def test_numeros_prives_et_notes_selon_le_role_sur_la_fiche_et_dans_les_fichiers(
    monde, client, morel, role, prive, note
):
    entrer(client, utilisateur(role, monde.conseil))
    adresses = [
        _url(monde, "personne", personne=morel.pk),
        _url(monde, "personne-vcarte", personne=morel.pk),
        _url(monde, "annuaire-export", format="csv"),
        _url(monde, "annuaire-export", format="vcf"),
    ]
    for adresse in adresses:
        lu = client.get(adresse).content.decode().replace("\r\n ", "")
        assert "Morel" in lu
        assert (PRIVE in lu) is prive, adresse
        assert (NOTE in lu) is note, adresse
    assert client.get(_url(monde, "annuaire-export", format="pdf")).status_code == 404


def test_la_liste_tient_en_peu_de_requetes(monde, equipe, django_assert_max_num_queries):
    chez = organisation(monde.conseil)
    for i in range(60):
        fonction(monde.conseil, personne(monde.conseil, f"Nom{i}"), chez, f"poste {i}")
    with django_assert_max_num_queries(18):
        page = equipe.get(_url(monde, "annuaire"), {"q": "nom"}).content.decode()
    assert "60\u00a0personnes" in page
    assert equipe.get(_url(monde, "annuaire"), {"page": 2, "q": "nom"}).context["page"].number == 2


def test_qui_tenait_la_fonction_ce_jour_la(monde, equipe, morel):
    tenue = Fonction.objects.get(personne=morel)
    reponse = equipe.post(
        _url(monde, "fonction-remplacer", fonction=tenue.pk), {"qui": "releve", "depuis": "2026-01-05"}
    )
    assert reponse.status_code == 422
    releve = personne(monde.conseil, "Relève", "Nora")
    autre = personne(monde.conseil, "Relève", "Hugo")
    reponse = equipe.post(
        _url(monde, "fonction-remplacer", fonction=tenue.pk), {"qui": "releve", "depuis": "2026-01-05"}
    )
    assert reponse.status_code == 422
    assert "Nora Relève" in reponse.content.decode()
    reponse = equipe.post(
        _url(monde, "fonction-remplacer", fonction=tenue.pk),
        {"qui": "releve", "depuis": "2026-01-05", "personne": str(autre.pk)},
    )
    assert reponse.status_code == 302
    page = _url(monde, "organisation", organisation=tenue.organisation_id)
    avant = equipe.get(page, {"le": "2026-01-04"}).context["tenues"]
    apres = equipe.get(page, {"le": "2026-01-05"}).context["tenues"]
    assert [f.personne for f in avant] == [morel]
    assert [f.personne for f in apres] == [autre]
    assert not releve.fonctions.exists()


def test_ajouter_une_personne_puis_sa_fonction_dans_une_nouvelle_organisation(monde, equipe):
    reponse = equipe.post(_url(monde, "personne-creer"), {"nom": ""})
    assert reponse.status_code == 422
    reponse = equipe.post(_url(monde, "personne-creer"), {"nom": "Cissé", "prenom": "Awa"})
    creee = Personne.objects.get(nom="Cissé")
    assert reponse.url == _url(monde, "fonction-ajouter", personne=creee.pk)
    vide = {"intitule": "substitut", "debut": "2026-01-05"}
    assert equipe.post(reponse.url, vide).status_code == 422
    assert equipe.post(reponse.url, vide | {"nouvelle": "Parquet", "nature": "parquet"}).status_code == 302
    assert creee.fonctions.get().organisation.nature == "parquet"
    assert list(creee.fonctions.get().organisation.conseils.all()) == [monde.conseil]


def test_un_depart_se_lit_dans_les_vacances(monde, equipe, morel):
    tenue = Fonction.objects.get(personne=morel)
    adresse = _url(monde, "fonction-quitter", fonction=tenue.pk)
    assert equipe.post(adresse, {"quitter-depuis": "2023-01-01"}).status_code == 422
    assert equipe.post(adresse, {"quitter-depuis": "2026-01-05", "quitter-vacante": "on"}).status_code == 302
    page = equipe.get(_url(monde, "annuaire-mouvements")).content.decode()
    assert "1\u00a0fonction vacante" in page
    lu = equipe.get(
        _url(monde, "annuaire-mouvements-export", table="vacances", format="csv")
    ).content.decode()
    assert "référent" in lu


def test_un_carnet_d_adresses_se_relit_puis_entre_et_se_defait(monde, equipe, morel):
    cartes = vcartes.ecrire(
        [
            vcartes.Carte(nom="Morel", prenom="Dominique", email="D.MOREL@exemple.fr", adresse="1 rue A"),
            vcartes.Carte(nom="Diallo", prenom="Fatou", organisation="Médiation Plaine"),
        ]
    )
    deposer = _url(monde, "annuaire-importer")
    reponse = equipe.post(deposer, {"fichier": SimpleUploadedFile("contacts.vcf", cartes)})
    page = equipe.get(reponse.url)
    assert "1\u00a0fiche nouvelle" in page.content.decode()
    assert "même adresse électronique" in page.content.decode()
    equipe.post(reponse.url, {"d0": str(morel.pk), "d1": "nouvelle", "geste": "importer"})
    morel.refresh_from_db()
    assert morel.adresse == "1 rue A"
    assert Personne.objects.filter(nom="Diallo").count() == 1
    fusion = morel.fusions.filter(defaite_le__isnull=True).first()
    equipe.post(_url(monde, "annuaire-fusion-defaire", fusion=fusion.pk))
    morel.refresh_from_db()
    assert morel.adresse == ""
    assert "Import terminé" in equipe.get(reponse.url).content.decode()
    assert equipe.post(deposer, {"fichier": SimpleUploadedFile("x.csv", b"")}).status_code == 422


def test_les_colonnes_d_un_tableau_sont_confirmees(monde, equipe):
    fichier = SimpleUploadedFile("c.csv", "Patronyme;Courriel\nCissé;a@b.fr\n".encode())
    adresse = equipe.post(_url(monde, "annuaire-importer"), {"fichier": fichier}).url
    assert "Ce que disent les colonnes" in equipe.get(adresse).content.decode()
    assert equipe.post(adresse, {"colonnes": "1", "c0": "", "c1": "email"}).status_code == 422
    assert equipe.post(adresse, {"colonnes": "1", "c0": "nom", "c1": "email"}).status_code == 302
    equipe.post(adresse, {"geste": "importer"})
    assert Personne.objects.get(nom="Cissé").email == "a@b.fr"


def test_fusionner_distinguer_et_la_fiche_absorbee_mene_a_l_autre(monde, equipe, morel):
    double = personne(monde.conseil, "Morel", "Dominique")
    page = equipe.get(_url(monde, "annuaire-doublons")).content.decode()
    assert f"{morel.pk}-{double.pk}" in page
    equipe.post(_url(monde, "annuaire-doublons-regler"), {"paire": f"{morel.pk}-{double.pk}"})
    reponse = equipe.get(_url(monde, "personne", personne=double.pk))
    assert reponse.url == _url(monde, "personne", personne=morel.pk)
    voisine = personne(monde.voisin, "Morel", "Dominique")
    equipe.post(_url(monde, "annuaire-doublons-regler"), {"paire": f"{morel.pk}-{voisine.pk}"})
    voisine.refresh_from_db()
    assert voisine.fusionnee_dans_id is None


def test_ranger_les_fiches_cochees(monde, equipe, morel):
    voisine = personne(monde.voisin, "Voisine")
    liste = monde.conseil.listes_de_personnes.create(nom="Plénière")
    equipe.post(
        _url(monde, "annuaire-ranger"),
        {"personne": [morel.pk, voisine.pk], "mot": "Réferents", "liste": liste.pk},
    )
    assert [e.nom for e in morel.etiquettes.all()] == ["referents"]
    assert list(liste.personnes.all()) == [morel]
    assert not voisine.etiquettes.exists()


def test_chacun_verifie_sa_fiche_par_son_lien(monde, client, equipe, morel):
    CampagneDeFiches.objects.all().delete()
    reponse = equipe.post(
        _url(monde, "annuaire-verifications"), {"a_qui": "toutes", "echeance": "2100-01-01"}
    )
    campagne = CampagneDeFiches.objects.get()
    lien = campagne.demandes.get(personne=morel).lien
    client.logout()
    adresse = reverse("fiche-verifier", kwargs={"lien": actes.jeton(lien)})
    assert "référent" in client.get(adresse).content.decode()
    envoi = {"email": "d.morel@exemple.fr", "telephone": "02", "proposition": "Je pars"}
    assert client.post(adresse, envoi | {"email": "non"}).status_code == 422
    assert "Merci" in client.post(adresse, envoi).content.decode()
    assert client.post(adresse, envoi).status_code == 410
    morel.refresh_from_db()
    assert morel.telephone == "02"
    entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))
    page = client.get(reponse.url).content.decode()
    assert "Je pars" in page


def test_un_lien_ne_sert_pas_d_un_conseil_a_l_autre(monde, client):
    demande = monde.conseil.campagnes_de_fiches.get().demandes.get()
    faux = actes.creer(acte="fiche", objet=demande.pk, conseil=monde.voisin, nom="X", jours=3)
    assert client.get(reverse("fiche-verifier", kwargs={"lien": actes.jeton(faux)})).status_code == 404


def test_une_organisation_partagee_ne_se_renomme_pas(monde, equipe):
    partagee = organisation(monde.conseil)
    partagee.conseils.add(monde.voisin)
    adresse = _url(monde, "organisation-modifier", organisation=partagee.pk)
    assert equipe.post(adresse, {"nom": "Autre", "nature": "parquet"}).status_code == 422
    partagee.refresh_from_db()
    assert partagee.nom == "Parquet de Créteil"


def test_la_demonstration_remplit_l_annuaire(monde):
    from pupitre.annuaire import mouvements
    from pupitre.cli.demonstration.annuaire import peupler

    avant = monde.conseil.personnes.count()
    nombre = peupler(monde.conseil)
    assert nombre - avant > 75
    assert peupler(monde.conseil) == 0
    creees = monde.conseil.personnes.filter(fictive=True)
    assert creees.values("prenom", "nom").distinct().count() == creees.count()
    assert mouvements.vacances(monde.conseil, date(2026, 11, 23)).count() == 4
    assert mouvements.rotation(monde.conseil, date(2026, 11, 23)).quittees > 5


def test_un_destinataire_se_choisit_dans_l_annuaire(monde, equipe):
    for prenom in ("Awa", "Moussa"):
        personne(monde.conseil, "Cissé", prenom, email=f"{prenom.lower()}.cisse@exemple.fr")
    adresse = _url(monde, "destinataire-ajouter")
    page = equipe.get(adresse, {"qui": "cisse"})
    assert not page.context["form"]["email"].value()
    assert "?qui=moussa.cisse%40exemple.fr" in page.content.decode()
    page = equipe.get(adresse, {"qui": "moussa.cisse@exemple.fr"})
    assert page.context["form"]["email"].value() == "moussa.cisse@exemple.fr"
