"""Accounts: created without a password, given rights, closed; and never by oneself for oneself."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from pupitre.acces import selectors
from pupitre.acces.droits import Role
from pupitre.acces.models import Habilitation, Utilisateur
from tests.fabriques import MOT_DE_PASSE, entrer, organisation_de, utilisateur
from tests.observatoire import fabrique as observatoire
from tests.territoires import fabrique

pytestmark = pytest.mark.django_db
CREER = "/administration/comptes/nouveau/"


@pytest.fixture
def plaine(tmp_path):
    fabrique.charger_petite_reference(tmp_path)
    return fabrique.plaine_centrale()


@pytest.fixture
def admin(client):
    return entrer(client, utilisateur(Role.ADMINISTRATEUR, prenom="Karim", nom="Duval"))


def _saisie(plaine, **champs):
    return {
        "prenom": "Inès",
        "nom": "Fontaine",
        "email": "ines@exemple.fr",
        "fonction": "chargée de tranquillité",
        "role": Role.COORDINATEUR,
        "conseil": plaine.pk,
        "debut": "2026-01-01",
    } | champs


def test_creer_donne_un_lien_et_aucun_mot_de_passe(admin, plaine):
    reponse = admin.post(CREER, _saisie(plaine))
    cree = Utilisateur.objects.get(email="ines@exemple.fr")
    assert not cree.has_usable_password()
    assert list(selectors.conseils_visibles(cree)) == [plaine]
    lien = re.search(r'value="http://testserver(/premier-acces/[^"]+)"', reponse.content.decode()).group(1)
    assert Client().get(lien).status_code == 200
    assert "max-age=0" in reponse.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"email": "sans arobase"}, "incomplète"),
        ({"email": "PRISE@exemple.fr"}, "existe déjà"),
        ({"nom": ""}, "Écrivez le nom."),
        ({"role": ""}, "Choisissez un rôle."),
        ({"conseil": ""}, "rattaché"),
        ({"role": Role.ADMINISTRATEUR}, "rattaché"),
        ({"fin": "2025-01-01"}, "précède"),
        ({"debut": "hier"}, "date valide"),
    ],
)
def test_une_saisie_fautive_ne_cree_rien_et_garde_ce_qui_est_ecrit(admin, plaine, champs, message):
    utilisateur(email="prise@exemple.fr")
    avant = (Utilisateur.objects.count(), Habilitation.objects.count())
    page = admin.post(CREER, _saisie(plaine, **champs)).content.decode()
    assert message in page
    assert "chargée de tranquillité" in page
    assert (Utilisateur.objects.count(), Habilitation.objects.count()) == avant


def test_un_partenaire_est_rattache_a_une_organisation_de_ce_conseil(admin, plaine):
    ailleurs = observatoire.organisation(fabrique.voisin(), "Bailleur voisin")
    champs = {"role": Role.PARTENAIRE, "organisation": ailleurs.pk}
    assert "autour de la table" in admin.post(CREER, _saisie(plaine, **champs)).content.decode()
    assert not Utilisateur.objects.filter(email="ines@exemple.fr").exists()
    champs["organisation"] = organisation_de(plaine).pk
    admin.post(CREER, _saisie(plaine, **champs))
    assert Utilisateur.objects.get(email="ines@exemple.fr").habilitations.get().organisation


def test_un_maire_est_rattache_a_une_commune_de_ce_conseil(admin, plaine):
    fabrique.voisin()
    champs = {"role": Role.MAIRE_MEMBRE, "commune": "94046"}
    assert "n’est pas membre de ce conseil" in admin.post(CREER, _saisie(plaine, **champs)).content.decode()
    assert not Utilisateur.objects.filter(email="ines@exemple.fr").exists()
    admin.post(CREER, _saisie(plaine, **champs | {"commune": fabrique.LIMEIL}))
    cree = Utilisateur.objects.get(email="ines@exemple.fr")
    assert cree.habilitations.get().commune_id == fabrique.LIMEIL
    assert "Limeil-Brévannes" in admin.get(reverse("compte", args=[cree.pk])).content.decode()


def test_fermer_deconnecte_et_rouvrir_rend_la_porte(admin, plaine):
    cible = utilisateur(Role.DGS, plaine)
    elle = entrer(Client(), cible)
    admin.post(reverse("compte_fermer", args=[cible.pk]))
    assert elle.get("/").status_code == 302
    admin.post(reverse("compte_rouvrir", args=[cible.pk]))
    assert Client().post("/connexion/", {"username": cible.email, "password": MOT_DE_PASSE}).url == "/"


def test_renouveler_annule_mot_de_passe_session_et_ancien_lien(admin, plaine):
    cible = utilisateur(Role.DGS, plaine)
    elle = entrer(Client(), cible)
    premier = admin.post(reverse("compte_lien", args=[cible.pk])).content.decode()
    second = admin.post(reverse("compte_lien", args=[cible.pk])).content.decode()
    adresses = [re.search(r'value="http://testserver([^"]+)"', p).group(1) for p in (premier, second)]
    assert [Client().get(a).status_code for a in adresses] == [410, 200]
    assert elle.get("/").status_code == 302
    assert (
        Client().post("/connexion/", {"username": cible.email, "password": MOT_DE_PASSE}).status_code == 200
    )


def test_pas_de_lien_pour_un_compte_ferme(admin, plaine):
    cible = utilisateur(Role.DGS, plaine)
    cible.is_active = False
    cible.save()
    reponse = admin.post(reverse("compte_lien", args=[cible.pk]), follow=True)
    assert "Rouvrez-le" in reponse.content.decode()
    assert Utilisateur.objects.get(pk=cible.pk).has_usable_password()


def test_habiliter_puis_retirer(admin, plaine):
    cible = utilisateur()
    adresse = reverse("compte_habiliter", args=[cible.pk])
    admin.post(adresse, {"role": Role.PRESIDENT, "conseil": plaine.pk, "debut": "2026-01-01"})
    habilitation = cible.habilitations.get()
    admin.post(reverse("compte_retirer", args=[cible.pk, habilitation.pk]))
    assert not selectors.conseils_visibles(Utilisateur.objects.get(pk=cible.pk)).exists()
    page = admin.get(reverse("compte", args=[cible.pk])).content.decode()
    assert "Habilitations passées" in page


def test_une_habilitation_fautive_revient_avec_son_erreur(admin, plaine):
    cible = utilisateur()
    reponse = admin.post(reverse("compte_habiliter", args=[cible.pk]), {"role": "roi", "debut": "2026-01-01"})
    assert reponse.status_code == 422
    assert "à revoir" in reponse.content.decode()
    assert not cible.habilitations.exists()


def test_l_habilitation_d_un_autre_compte_ne_se_retire_pas_par_celui_ci(admin, plaine):
    cible, autre = utilisateur(Role.DGS, plaine), utilisateur(Role.PRESIDENT, plaine)
    adresse = reverse("compte_retirer", args=[cible.pk, autre.habilitations.get().pk])
    assert admin.post(adresse).status_code == 404
    assert autre.habilitations.get().fin is None


def test_l_administrateur_ne_s_ouvre_pas_les_chiffres(admin, plaine):
    moi = Utilisateur.objects.get(nom="Duval")
    adresse = reverse("compte_habiliter", args=[moi.pk])
    champs = {"role": Role.COORDINATEUR, "conseil": plaine.pk, "debut": "2026-01-01"}
    page = admin.post(adresse, champs, follow=True).content.decode()
    assert "Personne ne s’habilite soi-même" in page
    assert moi.habilitations.count() == 1
    assert admin.get(f"/conseils/{plaine.slug}/tableau-de-bord/").status_code == 404


def test_le_dernier_administrateur_ne_se_ferme_pas(admin):
    moi = Utilisateur.objects.get()
    page = admin.post(reverse("compte_fermer", args=[moi.pk]), follow=True).content.decode()
    assert "dernier compte administrateur" in page
    assert Utilisateur.objects.get().is_active


def test_chercher_filtrer_trier(admin, plaine):
    utilisateur(Role.DGS, plaine, prenom="Nadia", nom="Perrot")
    ferme = utilisateur(prenom="Zoé", nom="Absente")
    ferme.is_active = False
    ferme.save()

    def noms(**parametres):
        page = admin.get("/administration/comptes/", parametres)
        return [c.nom for c in page.context["page"].object_list] if "page" in page.context else []

    assert noms() == ["Absente", "Duval", "Perrot"]
    assert noms(tri="-nom") == ["Perrot", "Duval", "Absente"]
    assert noms(tri="mot_de_passe") == noms()
    assert noms(q="nadia perrot") == ["Perrot"]
    assert noms(etat="fermes") == ["Absente"]
    assert noms(etat="sans") == ["Absente"]
    assert noms(q="personne de ce nom") == []


def test_la_liste_ne_coute_pas_une_requete_par_compte(admin, plaine, django_assert_max_num_queries):
    for _ in range(12):
        utilisateur(Role.DGS, plaine)
    with django_assert_max_num_queries(10):
        admin.get("/administration/comptes/")
