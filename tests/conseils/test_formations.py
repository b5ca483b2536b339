"""Formations: seats from one day to another, who may see which, what the list says."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from pupitre.acces.droits import Role
from pupitre.acces.models import Organisation
from pupitre.conseils.formations import services
from pupitre.conseils.formations.services import FormationRefusee
from pupitre.conseils.models import Formation
from pupitre.conseils.selectors import formations_visibles, membres_as_of
from pupitre.socle import horloge
from tests.conseils import fabrique_formations as fabrique
from tests.conseils.fabrique_formations import DEPUIS, N

JOUR = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _jour():
    with horloge.figee(JOUR):
        yield


@pytest.fixture
def groupe(conseil):
    return fabrique.formation(conseil)


def test_le_passe_garde_qui_siegeait(conseil, groupe):
    ancienne = fabrique.asseoir(groupe, fabrique.personne(conseil, "Roy"))
    services.finir(membre=ancienne, le=date(2025, 6, 30))
    nouvelle = fabrique.asseoir(groupe, fabrique.personne(conseil, "Petit"), debut=date(2025, 7, 1))
    assert list(membres_as_of(groupe, date(2025, 6, 30))) == [ancienne]
    assert list(membres_as_of(groupe, date(2025, 7, 1))) == [nouvelle]
    assert list(membres_as_of(groupe)) == [nouvelle]


def test_personne_ne_siege_deux_fois_le_meme_jour(conseil, groupe):
    roy = fabrique.personne(conseil, "Roy")
    siege = fabrique.asseoir(groupe, roy)
    with pytest.raises(FormationRefusee, match="siège déjà"):
        fabrique.asseoir(groupe, roy, debut=date(2025, 1, 1))
    services.finir(membre=siege, le=date(2024, 12, 31))
    assert fabrique.asseoir(groupe, roy, debut=date(2025, 1, 1)).fin is None


def test_seul_l_annuaire_du_conseil_donne_des_membres(conseil, voisin, groupe):
    with pytest.raises(FormationRefusee, match="annuaire de ce conseil"):
        fabrique.asseoir(groupe, fabrique.personne(voisin, "Ailleurs"))
    gardee = fabrique.personne(conseil, "Roy")
    doublon = fabrique.personne(conseil, "Roi", fusionnee_dans=gardee)
    with pytest.raises(FormationRefusee, match="fusionnée"):
        fabrique.asseoir(groupe, doublon)
    with pytest.raises(FormationRefusee, match="Vérifiez la date"):
        fabrique.asseoir(groupe, gardee, debut=date(2023, 1, 1))


def test_la_fonction_du_jour_dit_l_organisation_et_la_qualite(conseil, groupe):
    roy = fabrique.personne(conseil, "Roy")
    bailleur = fabrique.organisation(conseil, "Créteil Habitat", Organisation.Nature.BAILLEUR)
    fabrique.fonction(roy, "Chargée de tranquillité", bailleur, fin=date(2025, 12, 31))
    police = fabrique.organisation(conseil, "Police nationale", Organisation.Nature.POLICE)
    fabrique.fonction(roy, "Déléguée à la cohésion", police, debut=date(2026, 1, 1))
    siege = fabrique.asseoir(groupe, roy, debut=date(2025, 6, 1))
    assert (siege.organisation, siege.qualite) == (bailleur, "Chargée de tranquillité")


def test_une_seule_pleniere_a_la_fois(conseil):
    premiere = fabrique.formation(conseil, N.PLENIERE, "Plénière")
    with pytest.raises(FormationRefusee, match="déjà une formation plénière"):
        fabrique.formation(conseil, N.PLENIERE, "Autre")
    services.clore(formation=premiere, le=date(2025, 12, 31))
    assert fabrique.formation(conseil, N.PLENIERE, "Autre", debut=date(2026, 1, 1)).pk


def test_jamais_de_nominatif_en_pleniere(conseil):
    with pytest.raises(ValidationError, match="Aucune situation individuelle"):
        fabrique.formation(conseil, N.PLENIERE, "Plénière", regime=Formation.Regime.SOUS_CHARTE)


def test_clore_finit_les_sieges_sans_rien_effacer(conseil, groupe):
    siege = fabrique.asseoir(groupe, fabrique.personne(conseil, "Roy"))
    services.clore(formation=groupe, le=date(2026, 6, 30))
    siege.refresh_from_db()
    assert siege.fin == date(2026, 6, 30)


@pytest.fixture
def trois(conseil):
    """A plenary, a group with the landlord, a group with the police."""
    bailleur = fabrique.organisation(conseil, "Créteil Habitat", Organisation.Nature.BAILLEUR)
    police = fabrique.organisation(conseil, "Police nationale", Organisation.Nature.POLICE)
    pleniere = fabrique.formation(conseil, N.PLENIERE, "Plénière")
    halls = fabrique.formation(conseil, nom="Halls")
    veille = fabrique.formation(conseil, N.VEILLE, "Veille")
    fabrique.asseoir(halls, fabrique.personne(conseil, "Bail"), organisation=bailleur)
    fabrique.asseoir(veille, fabrique.personne(conseil, "Flic"), organisation=police)
    return {"pleniere": pleniere, "halls": halls, "veille": veille, "bailleur": bailleur}


def _noms(compte, conseil):
    return {f.nom for f in formations_visibles(compte, conseil)}


@pytest.mark.parametrize(
    ("role", "attendu"),
    [
        (Role.COORDINATEUR, {"Plénière", "Halls", "Veille"}),
        (Role.MAIRE_MEMBRE, {"Plénière", "Halls", "Veille"}),
        (Role.PREFECTURE, {"Plénière"}),
        (Role.PARQUET, {"Plénière"}),
        (Role.ADMINISTRATEUR, set()),
    ],
)
def test_chaque_role_voit_ses_formations(conseil, voisin, trois, entrer, role, attendu):
    compte = entrer(role, conseil)
    assert _noms(compte, conseil) == attendu
    assert _noms(compte, voisin) == set()


def test_un_partenaire_voit_ou_siege_son_organisation_tant_qu_elle_y_siege(conseil, trois, entrer):
    compte = entrer(Role.PARTENAIRE, conseil, organisation=trois["bailleur"])
    assert _noms(compte, conseil) == {"Halls"}
    services.finir(membre=trois["halls"].membres.get(), le=date(2026, 11, 22))
    assert _noms(compte, conseil) == set()


def test_une_fiche_liee_au_compte_ouvre_ses_formations_et_celles_ou_l_on_supplee(conseil, trois, entrer):
    compte = entrer(Role.PARQUET, conseil)
    fiche = fabrique.personne(conseil, "Garnier", utilisateur=compte)
    siege = fabrique.asseoir(trois["veille"], fiche)
    assert _noms(compte, conseil) == {"Plénière", "Veille"}
    services.finir(membre=siege, le=date(2026, 1, 1))
    fabrique.asseoir(trois["halls"], fabrique.personne(conseil, "Titulaire"), suppleant=fiche)
    assert _noms(compte, conseil) == {"Plénière", "Halls"}


def test_le_prefet_d_ailleurs_ne_voit_rien(conseil, trois, entrer):
    from pupitre.territoires.models import Departement

    ailleurs = Departement.objects.exclude(code="94").get(code="01")
    assert _noms(entrer(Role.PREFECTURE, conseil, departement=ailleurs), conseil) == set()


def test_la_fiche_d_une_formation_fermee_au_partenaire_est_introuvable(conseil, trois, entrer, client):
    entrer(Role.PARTENAIRE, conseil, organisation=trois["bailleur"])

    def ouvrir(nom, **plus):
        return client.get(reverse(nom, kwargs={"conseil": conseil.slug, **plus})).status_code

    assert ouvrir("formation", formation=trois["halls"].pk) == 200
    assert ouvrir("formation", formation=trois["veille"].pk) == 404
    assert ouvrir("membres-export", formation=trois["veille"].pk, format="csv") == 404
    page = client.get(reverse("formations", args=[conseil.slug])).content.decode()
    assert "Halls" in page
    assert "Veille" not in page
    assert "À revoir" not in page  # verdicts are the council's own business
    export = client.get(reverse("formations-export", args=[conseil.slug, "csv"])).content.decode()
    assert "Halls" in export
    assert "Veille" not in export


def test_creer_asseoir_et_finir_a_l_ecran(conseil, entrer, client):
    entrer(Role.COORDINATEUR, conseil)
    roy = fabrique.personne(conseil, "Roy")
    champs = {"nature": N.THEMATIQUE, "nom": "", "debut": "2026-01-01", "regime": "sans_nominatif"}
    adresse = reverse("formation-ajouter", args=[conseil.slug])
    refusee = client.post(adresse, champs | {"objectifs": "Réduire les occupations"})
    assert refusee.status_code == 422
    assert "Réduire les occupations" in refusee.content.decode()
    client.post(adresse, champs | {"nom": "Halls", "theme": "bailleurs", "pilote": roy.pk})
    creee = conseil.formations.get()
    assert (creee.slug, creee.pilote) == ("halls", roy)
    ajout = {"personne": roy.pk, "debut": "2026-02-01", "titre": "designe", "qualite": "gardienne"}
    cible = reverse("membre-ajouter", args=[conseil.slug, creee.pk])
    assert client.post(cible, ajout).status_code == 302
    assert client.post(cible, ajout).status_code == 422  # sits already
    fin = reverse("membre-finir", args=[conseil.slug, creee.pk, creee.membres.get().pk])
    assert client.post(fin, {"fin-le": "2026-01-01"}).status_code == 422  # before it began
    assert client.post(fin, {"fin-le": "2026-06-30"}).status_code == 302
    fiche = reverse("formation", args=[conseil.slug, creee.pk])
    assert "Personne n’y siège pour l’instant" in client.get(fiche).content.decode()
    alors = client.get(fiche, {"au": "2026-03-01"}).content.decode()
    assert "gardienne" in alors
    assert "Tel que c’était le" in alors
    assert client.get(fiche, {"au": "hier"}).status_code == 200


def test_la_liste_ne_pose_pas_plus_de_questions_avec_plus_de_formations(
    conseil, entrer, client, django_assert_max_num_queries
):
    entrer(Role.COORDINATEUR, conseil)
    for i in range(8):
        formation = fabrique.formation(conseil, nom=f"Groupe {i}")
        for j in range(3):
            fabrique.asseoir(formation, fabrique.personne(conseil, f"P{i}{j}"), debut=DEPUIS)
    with django_assert_max_num_queries(24):
        client.get(reverse("formations", args=[conseil.slug]))
