"""The screens of séances: who opens them, two editors of one agenda, the links, and what they cost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from pupitre.acces import actes
from pupitre.acces.droits import Role
from pupitre.conseils.models import Formation, Membre
from pupitre.conseils.seances import agenda, convocations, dates, selectors, services
from pupitre.conseils.selectors import formations_visibles
from tests.conseils import fabrique_seances as fabrique
from tests.fabriques import entrer, organisation_de, utilisateur

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordination(monde, client):
    return entrer(client, utilisateur(Role.COORDINATEUR, monde.conseil))


def _adresse(monde, nom: str, **reste) -> str:
    return reverse(nom, kwargs={"conseil": monde.conseil.slug, "seance": monde.seance.pk} | reste)


def test_un_partenaire_ne_voit_que_les_seances_ou_il_est_appele(monde, client):
    """A council's group in which it does not sit, and a séance prepared but not convoked, stay hidden."""
    compte = utilisateur(Role.PARTENAIRE, monde.conseil, organisation=organisation_de(monde.conseil))
    groupe = fabrique.formation(monde.conseil, "thematique", "Groupe nuisances")
    cachees = [services.creer(formation=f) for f in (groupe, monde.seance.formation)]
    assert set(selectors.seances_visibles(compte, monde.conseil)) == {monde.seance, monde.compte_rendu.seance}
    assert list(formations_visibles(compte, monde.conseil)) == [monde.seance.formation]
    entrer(client, compte)
    for s in cachees:
        assert client.get(_adresse(monde, "seance", seance=s.pk)).status_code == 404
    assert b"Membre" not in client.get(_adresse(monde, "seance")).content


@pytest.mark.parametrize("role", [Role.PREFECTURE, Role.PARQUET])
def test_l_etat_lit_la_pleniere_et_non_les_groupes(monde, role):
    compte = utilisateur(role, monde.conseil)
    groupe = fabrique.formation(monde.conseil, "veille", "Cellule de veille")
    services.creer(formation=groupe)
    assert {s.formation.nature for s in selectors.seances_visibles(compte, monde.conseil)} == {
        Formation.Nature.PLENIERE
    }


def test_une_personne_de_la_formation_par_sa_fiche(monde):
    compte = utilisateur(Role.PARQUET, monde.conseil)
    groupe = fabrique.formation(monde.conseil, "veille", "Cellule de veille")
    fiche = fabrique.personne(monde.conseil, "Substitut", utilisateur=compte)
    fabrique.membre(groupe, fiche)
    assert groupe in formations_visibles(compte, monde.conseil)
    Membre.objects.filter(formation=groupe).update(fin="2025-01-01")
    assert groupe not in formations_visibles(compte, monde.conseil)


def _champs(page: bytes) -> dict[str, list[str]]:
    """What a browser would send of the agenda's form."""
    texte = page.decode()
    morceau = texte[texte.index("data-ordre-du-jour") :]
    champs: dict[str, list[str]] = {}
    for nom in ("version", "base", "id", "titre", "duree"):
        trouves = re.findall(rf'name="{nom}"[^>]*? value="([^"]*)"', morceau)
        trouves = trouves or re.findall(rf'name="{nom}" [^>]*value="([^"]*)"', morceau)
        champs[nom] = [unescape(v) for v in trouves]
    n = len(champs["id"])
    return champs | {"presentation": [""] * n, "rapporteur": [""] * n, "theme": [""] * n}


def test_la_deuxieme_personne_voit_la_difference_et_reunit_les_deux(monde, coordination):
    chemin = _adresse(monde, "seance-agenda")
    premiere, seconde = (_champs(coordination.get(chemin).content) for _ in range(2))
    premiere |= {"titre": ["Bilan et suites"], "geste": ["enregistrer"]}
    assert coordination.post(chemin, premiere).status_code == 302
    seconde |= {"duree": ["25"], "geste": ["enregistrer"]}
    conflit = coordination.post(chemin, seconde)
    assert conflit.status_code == 409
    assert "Bilan et suites" in conflit.content.decode()
    cachees = {
        n: unescape(re.search(rf'name="{n}" value="([^"]*)"', conflit.content.decode())[1])
        for n in ("version", "base", "mienne")
    }
    reunie = coordination.post(_adresse(monde, "seance-agenda-fusionner"), cachees)
    assert reunie.status_code == 302
    (ligne,) = agenda.lire(monde.seance)
    assert (ligne.titre, ligne.duree) == ("Bilan et suites", 25)


def test_les_boutons_deplacent_et_ajoutent_sans_rien_enregistrer(monde, coordination):
    chemin = _adresse(monde, "seance-agenda")
    champs = _champs(coordination.get(chemin).content)
    ajoutee = coordination.post(chemin, champs | {"geste": ["ajouter"]})
    assert ajoutee.status_code == 200
    deux = _champs(ajoutee.content)
    assert len(deux["id"]) == 2
    deux["titre"][1] = "Questions diverses"
    montee = _champs(coordination.post(chemin, deux | {"geste": ["monter:1"]}).content)
    assert montee["titre"] == ["Questions diverses", "Bilan de l’été"]
    assert len(agenda.lire(monde.seance)) == 1
    assert coordination.post(chemin, montee | {"geste": ["enregistrer"]}).status_code == 302
    assert [li.titre for li in agenda.lire(monde.seance)] == ["Questions diverses", "Bilan de l’été"]


def test_un_point_sans_titre_n_est_pas_garde_et_rien_n_est_perdu(monde, coordination):
    chemin = _adresse(monde, "seance-agenda")
    champs = _champs(coordination.get(chemin).content) | {
        "titre": [""],
        "duree": ["35"],
        "geste": ["enregistrer"],
    }
    reponse = coordination.post(chemin, champs)
    assert reponse.status_code == 422
    assert 'value="35"' in reponse.content.decode()


def test_creer_convoquer_et_repondre_par_lien(monde, coordination):
    f = monde.seance.formation
    creee = coordination.post(
        reverse("seance-creer", args=[monde.conseil.slug]),
        {"formation": f.pk, "objet": "Rentrée", "debut": "2030-09-10T14:00", "duree": 90, "lieu": "Mairie"},
    )
    seance = f.seances.get(objet="Rentrée")
    assert creee.url == _adresse(monde, "seance", seance=seance.pk)
    for nom in ("seance-dresser", "seance-envoyer"):
        assert coordination.post(_adresse(monde, nom, seance=seance.pk)).status_code == 302
    appel = seance.convocations.get()
    lien = actes.LienActe.objects.get(acte=convocations.REPONSE, objet=str(appel.pk))
    sans_compte, chemin = Client(), reverse("reponse-convocation", args=[actes.jeton(lien)])
    assert "Rentrée" in sans_compte.get(chemin).content.decode()
    assert sans_compte.post(chemin, {"reponse": "supplee"}).status_code == 422
    faite = sans_compte.post(chemin, {"reponse": "supplee", "suppleant": "Claude Petit"})
    assert "Claude Petit" in faite.content.decode()
    appel.refresh_from_db()
    assert (appel.reponse, appel.suppleant) == ("supplee", "Claude Petit")
    assert (
        coordination.post(
            _adresse(monde, "seance-annuler", seance=seance.pk), {"raison": "Grève"}
        ).status_code
        == 302
    )
    assert sans_compte.get(chemin).status_code == 410


def test_disponibilites_et_point_propose_par_lien(monde):
    seance = services.creer(formation=monde.seance.formation)
    dates.proposer(seance=seance, debuts=[fabrique.dans(30)])
    lien = actes.LienActe.objects.get(acte=dates.DISPONIBILITES, objet__startswith=f"{seance.pk}:")
    date = seance.dates_proposees.get()
    reponse = Client().post(reverse("disponibilites", args=[actes.jeton(lien)]), {f"date-{date.pk}": "oui"})
    assert reponse.status_code == 200
    assert date.disponibilites.get().reponse == "oui"
    chemin = reverse("proposer-point", args=[monde.lien("proposer-point")])
    assert Client().post(chemin, {"titre": "Éclairage", "duree": 10}).status_code == 200
    assert monde.seance.points.get(titre="Éclairage").retenu is None


def test_le_lien_d_une_seance_d_un_autre_conseil_n_ouvre_rien(monde):
    appel = monde.seance.convocations.get()
    for acte, objet in (
        ("reponse-convocation", appel.pk),
        ("disponibilites", f"{monde.seance.pk}:{appel.personne_id}"),
    ):
        lien = actes.creer(acte=acte, objet=objet, conseil=monde.voisin, nom="X", jours=7)
        assert Client().get(reverse(acte, args=[actes.jeton(lien)])).status_code == 404


@pytest.mark.parametrize(
    ("nom", "requetes"), [("seance", 20), ("seance-agenda", 18), ("seance-convocations", 18)]
)
def test_le_nombre_de_requetes_ne_suit_pas_celui_des_membres(
    monde, coordination, django_assert_max_num_queries, nom, requetes
):
    for i in range(30):
        fabrique.membre(monde.seance.formation, fabrique.personne(monde.conseil, f"Membre{i}"))
        fabrique.point(monde.seance, f"Point {i}", rang=i + 2)
    convocations.dresser(seance=monde.seance)
    coordination.get(_adresse(monde, nom))
    with django_assert_max_num_queries(requetes):
        coordination.get(_adresse(monde, nom))


def test_la_liste_ne_coute_pas_plus_avec_les_seances(monde, coordination, django_assert_max_num_queries):
    for _ in range(30):
        services.creer(formation=monde.seance.formation, debut=fabrique.dans(20))
    with django_assert_max_num_queries(14):
        coordination.get(reverse("seances", args=[monde.conseil.slug]))


def test_un_fichier_qui_n_est_pas_ce_qu_il_dit_est_refuse(monde, coordination, tmp_path):
    faux = tmp_path / "ordre.pdf"
    faux.write_bytes(b"<script>")
    with faux.open("rb") as fichier:
        reponse = coordination.post(_adresse(monde, "seance-piece-joindre"), {"fichier": fichier})
    assert reponse.status_code == 422
    assert monde.seance.pieces.count() == 1
