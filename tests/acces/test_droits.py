"""Who may, with the reason; and what the database itself refuses."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from pupitre.acces import policies, selectors, services
from pupitre.acces.droits import DROITS, Droit, Role
from pupitre.acces.models import Habilitation, Utilisateur
from pupitre.acces.verdict import permis, refuse
from pupitre.moteur.resultats import Audience
from pupitre.socle import horloge
from pupitre.territoires.models import Commune, Departement
from tests.fabriques import organisation_de, utilisateur
from tests.territoires import fabrique

pytestmark = pytest.mark.django_db


@pytest.fixture
def plaine(tmp_path):
    fabrique.charger_petite_reference(tmp_path)
    return fabrique.plaine_centrale()


@pytest.fixture
def ailleurs(plaine):
    return fabrique.creer_conseil(nature="clspd", nom="Ain", communes=["01001"], depuis=fabrique.DEPUIS)


def test_un_verdict_vaut_sa_reponse_et_porte_sa_raison():
    assert permis("oui")
    refus = refuse("Votre rôle ne suffit pas.", "la coordination")
    assert not refus
    assert (refus.raison, refus.a_qui_demander) == ("Votre rôle ne suffit pas.", "la coordination")


@pytest.mark.parametrize("droit", list(Droit))
@pytest.mark.parametrize("role", list(Role))
def test_la_table_des_droits_est_ce_que_peut_repond(plaine, ailleurs, role, droit):
    compte = utilisateur(role, plaine)
    verdict = policies.peut(compte, droit, plaine)
    assert bool(verdict) is (role in DROITS[droit])
    assert verdict.raison.endswith(".")
    if not verdict:
        assert verdict.a_qui_demander
    if role != Role.ADMINISTRATEUR:
        assert not policies.peut(compte, droit, ailleurs), "le même rôle, sur le conseil d’à côté"


def test_l_administrateur_ne_voit_aucun_conseil(plaine):
    compte = utilisateur(Role.ADMINISTRATEUR)
    assert not selectors.conseils_visibles(compte).exists()
    assert [d for d in Droit if policies.peut(compte, d, plaine)] == [Droit.ADMINISTRER]


def test_seule_l_equipe_travaille_sur_les_chiffres_entiers(plaine, ailleurs):
    attendues = {
        r: Audience.INTERNE if r in ("coordinateur", "assistant") else Audience.PARTENAIRE for r in Role
    }
    for role, audience in attendues.items():
        assert policies.audience(utilisateur(role, plaine), plaine) is audience, role
    assert policies.audience(utilisateur(Role.COORDINATEUR, ailleurs), plaine) is Audience.PARTENAIRE


def test_la_prefecture_voit_les_conseils_de_son_departement(plaine, ailleurs):
    assert list(selectors.conseils_visibles(utilisateur(Role.PREFECTURE, plaine))) == [plaine]
    assert list(selectors.conseils_visibles(utilisateur(Role.PREFECTURE, ailleurs))) == [ailleurs]


def test_les_conseils_d_une_page_sont_ceux_que_la_personne_voit(plaine, ailleurs, django_assert_num_queries):
    double = utilisateur(Role.COORDINATEUR, plaine, email="deux@exemple.fr")
    services.habiliter(utilisateur=double, role=Role.DGS, conseil=ailleurs)
    # a prefecture sees its département, whatever council it is also of
    mixte = utilisateur(Role.PREFECTURE, ailleurs, email="mixte@exemple.fr")
    services.habiliter(utilisateur=mixte, role=Role.DGS, conseil=plaine)
    comptes = dict.fromkeys((double, mixte), 2)
    comptes |= {utilisateur(r, plaine): 1 for r in Role if r not in (Role.ADMINISTRATEUR, Role.PREFECTURE)}
    comptes |= {utilisateur(Role.ADMINISTRATEUR): 0}
    for compte, nombre in comptes.items():
        siens = list(selectors.conseils_visibles(compte))
        assert len(siens) == nombre, compte
        assert list(selectors.conseils_de(compte)) == siens, compte
    seul = Utilisateur.objects.get(pk=utilisateur(Role.ASSISTANT, plaine, email="seul@exemple.fr").pk)
    with django_assert_num_queries(1):
        assert selectors.conseils_de(seul) == (plaine,)


def test_une_habilitation_vaut_de_son_debut_a_sa_fin(plaine):
    compte = utilisateur()
    services.habiliter(
        utilisateur=compte, role=Role.DGS, conseil=plaine, debut=date(2025, 1, 1), fin=date(2025, 12, 31)
    )
    for jour, tenue in {
        date(2024, 12, 31): False,
        date(2025, 1, 1): True,
        date(2025, 12, 31): True,
        date(2026, 1, 1): False,
    }.items():
        with horloge.figee(jour):
            relu = Utilisateur.objects.get(pk=compte.pk)
            assert bool(policies.peut(relu, Droit.VOIR_CHIFFRES, plaine)) is tenue, jour


_PORTEES_FAUSSES = [
    (Role.COORDINATEUR, ()),
    (Role.COORDINATEUR, ("conseil", "organisation")),
    (Role.COORDINATEUR, ("conseil", "departement")),
    (Role.PARTENAIRE, ("conseil",)),
    (Role.PARTENAIRE, ("organisation",)),
    (Role.PREFECTURE, ("conseil",)),
    (Role.PREFECTURE, ()),
    (Role.ADMINISTRATEUR, ("conseil",)),
    (Role.PARQUET, ("departement",)),
]


@pytest.mark.parametrize(("role", "liens"), _PORTEES_FAUSSES)
def test_la_base_refuse_un_role_mal_rattache(plaine, role, liens):
    possibles = {
        "conseil": plaine,
        "organisation": organisation_de(plaine),
        "departement": Departement.objects.get(code="94"),
    }
    compte = utilisateur()
    champs = {"utilisateur": compte, "role": role, **{nom: possibles[nom] for nom in liens}}
    with pytest.raises(ValidationError, match="rattaché"):
        services.habiliter(**champs)
    with pytest.raises(IntegrityError, match="habilitation_portee_du_role"), transaction.atomic():
        Habilitation.objects.create(**champs)


def test_parler_pour_une_commune_du_conseil(plaine, ailleurs):
    limeil = Commune.objects.get(code=fabrique.LIMEIL)
    maire = utilisateur()
    services.habiliter(utilisateur=maire, role=Role.MAIRE_MEMBRE, conseil=plaine, commune=limeil)
    assert selectors.communes_representees(maire, plaine) == {limeil.code}
    assert selectors.communes_representees(maire, ailleurs) == frozenset()
    with pytest.raises(services.CommuneEtrangere):
        services.habiliter(utilisateur=maire, role=Role.MAIRE_MEMBRE, conseil=ailleurs, commune=limeil)
    champs = {"utilisateur": maire, "role": Role.COORDINATEUR, "conseil": plaine, "commune": limeil}
    with pytest.raises(ValidationError, match="parlent pour une commune"):
        services.habiliter(**champs)
    with pytest.raises(IntegrityError, match="habilitation_commune_du_role"), transaction.atomic():
        Habilitation.objects.create(**champs)


def test_la_base_refuse_une_fin_avant_le_debut(plaine):
    champs = {"utilisateur": utilisateur(), "role": Role.DGS, "conseil": plaine}
    dates = {"debut": date(2026, 2, 1), "fin": date(2026, 1, 1)}
    with pytest.raises(ValidationError, match="précède"):
        services.habiliter(**champs, **dates)
    with pytest.raises(IntegrityError, match="fin_apres_debut"), transaction.atomic():
        Habilitation.objects.create(**champs, **dates)


def test_une_adresse_ne_sert_qu_une_fois_quelle_que_soit_la_casse():
    utilisateur(email="Anne@Exemple.fr")
    with pytest.raises(ValidationError, match="existe déjà"):
        utilisateur(email="anne@exemple.FR")
    with pytest.raises(IntegrityError), transaction.atomic():
        Utilisateur.objects.create(email="ANNE@exemple.fr", prenom="A", nom="B")


def test_retirer_garde_l_histoire_et_ferme_la_porte(plaine):
    compte = utilisateur(Role.COORDINATEUR, plaine)
    habilitation = compte.habilitations.get()
    services.retirer(habilitation=habilitation)
    relu = Utilisateur.objects.get(pk=compte.pk)
    assert not policies.peut(relu, Droit.VOIR_CHIFFRES, plaine)
    habilitation.refresh_from_db()
    assert habilitation.fin < horloge.aujourdhui()


def test_le_dernier_administrateur_reste(plaine):
    seul = utilisateur(Role.ADMINISTRATEUR)
    with pytest.raises(services.DernierAdministrateur):
        services.fermer_compte(utilisateur=seul)
    with pytest.raises(services.DernierAdministrateur):
        services.retirer(habilitation=seul.habilitations.get())
    second = utilisateur(Role.ADMINISTRATEUR)
    services.fermer_compte(utilisateur=second)
    with pytest.raises(services.DernierAdministrateur):
        services.fermer_compte(utilisateur=seul)
    services.rouvrir_compte(utilisateur=second)
    services.fermer_compte(utilisateur=seul)
    assert not Utilisateur.objects.get(pk=seul.pk).is_active


def test_personne_ne_s_habilite_soi_meme(plaine):
    compte = utilisateur(Role.ADMINISTRATEUR)
    with pytest.raises(services.HabilitationPourSoi):
        services.habiliter(utilisateur=compte, role=Role.COORDINATEUR, conseil=plaine, auteur=compte)
    assert compte.habilitations.count() == 1


def test_chaque_refus_s_explique_a_la_personne(plaine):
    (explication,) = policies.explications(utilisateur(Role.PRESIDENT, plaine))
    assert "consulter le tableau de bord" in explication.permis
    refuses = dict(explication.refuses)
    assert refuses["publier ou rejeter une livraison"] == (
        "assistant ou assistante ou coordonnateur ou coordonnatrice"
    )
    assert set(explication.permis) | set(refuses) == {d.label for d in Droit}
