"""Two people on one agenda: nothing is lost, and each difference is chosen."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from pupitre.conseils.seances import agenda
from pupitre.conseils.seances.agenda import DEUX, LEUR, MIEN, Ligne, VersionDepassee
from pupitre.conseils.seances.erreurs import GesteRefuse
from tests.conseils.fabrique_seances import a_paris, point, seance_a_preparer

A, B, C, D = (Ligne(str(uuid4()), t, duree=10) for t in ("Accueil", "Bilan", "Caméras", "Divers"))


def test_sans_difference_rien_a_choisir():
    assert agenda.difference((A, B), (A, B), (A, B)) == []


def test_chacun_change_un_autre_champ_et_les_deux_restent():
    mienne, leur = (replace(A, duree=20), B), (replace(A, titre="Mot d’accueil"), B)
    ecarts = {e.champ: e for e in agenda.difference((A, B), mienne, leur)}
    assert (ecarts["Durée"].propose, ecarts["Titre"].propose) == (MIEN, LEUR)
    assert not any(e.conflit for e in ecarts.values())
    assert agenda.fusionner((A, B), mienne, leur, {}) == (
        replace(A, titre="Mot d’accueil", duree=20),
        B,
    )


@pytest.mark.parametrize(("choix", "attendu"), [(MIEN, "Mien"), (LEUR, "Leur"), (DEUX, "Leur / Mien")])
def test_le_meme_champ_change_des_deux_cotes_est_un_conflit(choix, attendu):
    mienne, leur = (replace(A, titre="Mien"),), (replace(A, titre="Leur"),)
    (ecart,) = agenda.difference((A,), mienne, leur)
    assert ecart.conflit
    assert ecart.cumulable
    assert agenda.fusionner((A,), mienne, leur, {ecart.cle: choix})[0].titre == attendu


def test_les_points_ajoutes_par_chacun_sont_gardes():
    assert {li.titre for li in agenda.fusionner((A,), (A, B), (A, C), {})} == {"Accueil", "Bilan", "Caméras"}


def test_un_point_retire_que_l_autre_a_change_est_un_conflit_et_reste():
    (ecart,) = agenda.difference((A, B), (A,), (A, replace(B, duree=30)))
    assert ecart.conflit
    assert agenda.fusionner((A, B), (A,), (A, replace(B, duree=30)), {}) == (A, replace(B, duree=30))
    assert agenda.fusionner((A, B), (A,), (A, replace(B, duree=30)), {ecart.cle: MIEN}) == (A,)


def test_un_point_retire_que_l_autre_n_a_pas_touche_s_en_va():
    assert agenda.fusionner((A, B), (A,), (replace(A, duree=5), B), {}) == (replace(A, duree=5),)


def test_l_ordre_change_d_un_seul_cote_est_suivi():
    assert agenda.fusionner((A, B, C), (C, A, B), (A, B, replace(C, duree=5)), {}) == (
        replace(C, duree=5),
        A,
        B,
    )


def test_un_texte_qui_n_est_pas_un_ordre_du_jour_est_refuse():
    assert agenda.depuis_texte(agenda.en_texte((A, B))) == (A, B)
    for texte in ("{}", "[1]", '[{"id":"x"}]', agenda.en_texte((replace(A, id="../.."),))):
        with pytest.raises(ValueError):
            agenda.depuis_texte(texte)


@pytest.mark.django_db
def test_la_deuxieme_personne_voit_la_difference(conseil):
    seance = seance_a_preparer(conseil, membres=1)
    agenda.enregistrer(seance=seance, version=1, base=(), agenda=(A, B))
    agenda.enregistrer(seance=seance, version=2, base=(A, B), agenda=(A, replace(B, duree=30)))
    with pytest.raises(VersionDepassee) as depassee:
        agenda.enregistrer(seance=seance, version=2, base=(A, B), agenda=(replace(A, titre="Ouverture"), B))
    assert {e.champ for e in depassee.value.ecarts} == {"Titre", "Durée"}
    assert depassee.value.version == 3
    assert agenda.lire(seance) == (A, replace(B, duree=30))


@pytest.mark.django_db
def test_le_meme_texte_enregistre_deux_fois_ne_gene_personne(conseil):
    seance = seance_a_preparer(conseil, membres=1)
    assert agenda.enregistrer(seance=seance, version=1, base=(), agenda=(A,)) == 2
    assert agenda.enregistrer(seance=seance, version=1, base=(), agenda=(A,)) == 2


@pytest.mark.django_db
def test_le_point_d_une_autre_seance_n_est_pas_pris(conseil):
    seance = seance_a_preparer(conseil, membres=1)
    autre = seance_a_preparer(conseil, membres=0, formation=seance.formation)
    vole = Ligne(str(point(autre).pk), "Volé")
    with pytest.raises(GesteRefuse):
        agenda.enregistrer(seance=seance, version=1, base=(), agenda=(vole,))


@pytest.mark.django_db
def test_l_heure_de_chaque_point_et_la_fin(conseil):
    seance = seance_a_preparer(conseil, membres=0, debut=a_paris(2030, 3, 5, 14), duree=60)
    lues = agenda.horaires(seance, [15, 30, 45])
    assert lues.debuts == ("14\u00a0h", "14\u00a0h\u00a015", "14\u00a0h\u00a045")
    assert (lues.fin, lues.minutes, lues.depasse) == ("15\u00a0h\u00a030", 90, 30)
