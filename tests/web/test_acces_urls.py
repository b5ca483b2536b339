"""Every address with every role, derived from the URLconf: nothing is open by oversight."""

from __future__ import annotations

import pytest
from django.urls import reverse

from pupitre.acces.droits import DROITS, Droit, Role
from tests.fabriques import OBJETS_DES_LIENS, empreinte, entrer, utilisateur
from tests.web.adresses import Adresse, toutes, vider

ADRESSES = toutes()
PERMIS = {200, 204, 302, 405}
_SANS_EXPORT = "tableau-export"


def _refusee(client, adresse: Adresse, valeurs: dict, attendu: int) -> None:
    """Read or sent, the answer is the refusal; a method that the page does not know may be said first."""
    chemin = adresse.chemin(valeurs)
    codes = {client.get(chemin).status_code, client.post(chemin).status_code}
    assert attendu in codes, (adresse, codes)
    assert codes <= {attendu, 405}, (adresse, codes)


def _identifiant(adresse: Adresse) -> str:
    return adresse.nom


def test_chaque_adresse_a_un_nom_unique():
    noms = [a.nom for a in ADRESSES]
    assert len(noms) > 30
    assert sorted(noms) == sorted(set(noms))


@pytest.mark.parametrize("adresse", ADRESSES, ids=_identifiant)
def test_chaque_vue_dit_qui_peut_l_ouvrir(adresse):
    connus = {"ouverte", "connectee", "jeton", "secret"} | set(Droit)
    assert adresse.acces in connus or adresse.par_lien, f"{adresse} n’a pas de déclaration d’accès"


def test_les_pages_ouvertes_sont_celles_ci():
    """A new open page is a decision: it is written here."""
    assert {a.nom for a in ADRESSES if a.acces == "ouverte"} == {
        "connexion",
        "deconnexion",
        "apparence",
        "premier_acces",
        "sante",
        "accessibilite",
        "page-publique",
        "page-publique-export",
        "api",
        "api-openapi",
    }


def test_chaque_parametre_a_une_valeur(monde):
    manquants = {p for a in ADRESSES for p in a.parametres} - set(monde.parametres)
    assert not manquants, f"tests/fabriques.py ne donne pas de valeur à {manquants}"


def test_sans_compte_tout_mene_a_la_connexion(monde, client):
    avant = empreinte()
    for adresse in ADRESSES:
        if adresse.acces == "ouverte" or adresse.par_lien or adresse.par_jeton or adresse.par_secret:
            continue
        chemin = adresse.chemin(monde.parametres)
        for reponse in (client.get(chemin), client.post(chemin)):
            assert reponse.status_code == 302, adresse
            assert reponse.url.startswith(reverse("connexion")), adresse
    assert empreinte() == avant


def test_sans_jeton_aucun_appel_de_l_api_ne_repond(monde, client):
    avant = empreinte()
    appels = [a for a in ADRESSES if a.par_jeton]
    assert appels
    for adresse in appels:
        chemin = adresse.chemin(monde.parametres)
        for entete in ({}, {"Authorization": "Bearer pupitre_faux"}, {"Authorization": "Basic cHVwaXRyZQ=="}):
            codes = {
                client.get(chemin, headers=entete).status_code,
                client.post(chemin, headers=entete).status_code,
            }
            assert codes <= {401, 405}, (adresse, codes)
            assert 401 in codes, adresse
    assert empreinte() == avant


# On the second engine, every page is opened by the one who opens the most, and refused to one who opens little.
_SUR_LES_DEUX = {Role.COORDINATEUR, Role.PARTENAIRE}
ROLES = [r if r in _SUR_LES_DEUX else pytest.param(r, marks=pytest.mark.une_fois) for r in Role]


@pytest.mark.parametrize("role", ROLES)
def test_chaque_role_ouvre_ce_que_sa_ligne_dit_et_rien_d_autre(monde, client, role):
    entrer(client, utilisateur(role, monde.conseil))
    avant = empreinte()
    for adresse in ADRESSES:
        chemin = adresse.chemin(monde.parametres)
        lu = client.get(chemin)
        vider(lu)
        if adresse.acces in {"ouverte", "connectee"}:
            assert lu.status_code in PERMIS, adresse
            continue
        if (
            adresse.par_lien or adresse.par_secret
        ):  # an account opens nothing here: only the right address does
            assert lu.status_code == 404, adresse
            continue
        if adresse.par_jeton:  # nor there, where a program shows its token
            assert lu.status_code in {401, 405}, adresse
            continue
        if role in DROITS[adresse.acces]:
            assert lu.status_code in PERMIS | ({404} if adresse.nom == _SANS_EXPORT else set()), adresse
            continue
        # the technical administrator sees no council at all; the others see this one, without the right
        attendu = 404 if adresse.du_conseil and role == Role.ADMINISTRATEUR else 403
        _refusee(client, adresse, monde.parametres, attendu)
    assert empreinte() == avant


@pytest.mark.parametrize("role", [r for r in ROLES if Role.ADMINISTRATEUR not in getattr(r, "values", [r])])
def test_le_voisin_qui_a_le_meme_role_ailleurs_ne_voit_rien(monde, client, role):
    entrer(client, utilisateur(role, monde.voisin))
    avant = empreinte()
    for adresse in ADRESSES:
        if not adresse.du_conseil:
            continue
        _refusee(client, adresse, monde.parametres, 404)
    assert empreinte() == avant


@pytest.mark.parametrize("role", [Role.COORDINATEUR, Role.ASSISTANT, Role.PRESIDENT, Role.PARTENAIRE])
def test_les_objets_du_voisin_ne_s_ouvrent_pas_depuis_son_propre_conseil(monde, client, role):
    """The right held on one's own council does not open, by its address, an object of another one."""
    entrer(client, utilisateur(role, monde.voisin))
    detournes = monde.parametres | {"conseil": monde.voisin.slug}
    avant = empreinte()
    for adresse in ADRESSES:
        objets = set(adresse.parametres) - {"conseil", "format", "fichier", "table", "liste", "modele"}
        if not adresse.du_conseil or not objets or role not in DROITS.get(adresse.acces, ()):
            continue
        _refusee(client, adresse, detournes, 404)
    assert empreinte() == avant


@pytest.mark.parametrize("adresse", [a for a in ADRESSES if a.par_lien], ids=_identifiant)
def test_un_lien_ouvre_sa_page_et_celle_d_aucun_autre_geste(monde, client, adresse):
    valeurs = monde.parametres | {"lien": monde.lien(adresse.acces.removeprefix("lien:"))}
    assert client.get(adresse.chemin(valeurs)).status_code in {200, 405}
    for acte in set(OBJETS_DES_LIENS) - {adresse.acces.removeprefix("lien:")}:
        assert client.get(adresse.chemin(valeurs | {"lien": monde.lien(acte)})).status_code == 404


def test_chaque_geste_par_lien_a_son_objet_d_essai():
    assert {a.acces.removeprefix("lien:") for a in ADRESSES if a.par_lien} == set(OBJETS_DES_LIENS)


def test_une_habilitation_echue_n_ouvre_plus_rien(monde, client):
    from datetime import date

    compte = utilisateur(Role.COORDINATEUR, monde.conseil)
    compte.habilitations.update(fin=date(2024, 6, 30))
    entrer(client, compte)
    for adresse in ADRESSES:
        if adresse.du_conseil:
            _refusee(client, adresse, monde.parametres, 404)


def test_un_compte_ferme_est_deconnecte(monde, client):
    compte = utilisateur(Role.COORDINATEUR, monde.conseil)
    entrer(client, compte)
    compte.is_active = False
    compte.save()
    assert client.get("/").url.startswith(reverse("connexion"))


def test_un_partenaire_ne_voit_pas_les_livraisons_d_un_autre(monde, client):
    from pupitre.acces.models import Organisation
    from tests.observatoire.fabrique import organisation

    autre = organisation(monde.conseil, "Transports de la plaine", Organisation.Nature.TRANSPORTEUR)
    entrer(client, utilisateur(Role.PARTENAIRE, monde.conseil, organisation=autre))
    for adresse in ADRESSES:
        if "livraison" in adresse.parametres and adresse.acces == Droit.VOIR_PROVENANCE:
            assert client.get(adresse.chemin(monde.parametres)).status_code == 404, adresse
