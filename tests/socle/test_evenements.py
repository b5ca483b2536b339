"""The state borne by what is followed is that of its last event, whatever happens to the copies of it."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import transaction

from pupitre.conseils.comptes_rendus import redaction
from pupitre.conseils.decisions import services
from pupitre.conseils.etats import EtatDecision as E
from pupitre.conseils.models import CompteRendu, Decision, EvenementDecision, Seance
from tests.conseils import fabrique_seances as fabrique
from tests.fabriques import construire

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(tmp_path) -> Decision:
    formation = fabrique.formation(construire(tmp_path).conseil)
    return services.prendre(
        formation=formation, texte="Éclairer la place", responsable=None, echeance=date(2026, 12, 1)
    )


def _porte(decision: Decision) -> tuple[str, object]:
    lue = Decision.objects.get(pk=decision.pk)
    return lue.etat, lue.etat_le


def test_ce_qui_est_suivi_porte_son_dernier_evenement_et_la_copie_en_main_aussi(decision):
    evenement = EvenementDecision.objects.create(decision=decision, etat=E.BLOQUEE)
    assert _porte(decision) == (E.BLOQUEE, evenement.le) == (decision.etat, decision.etat_le)


def test_par_lots_le_dernier_de_chacun_l_emporte(decision):
    autre = services.prendre(formation=decision.formation, texte="Autre", responsable=None, echeance=None)
    EvenementDecision.objects.bulk_create(
        [
            EvenementDecision(decision=decision, etat=E.EN_PARTIE),
            EvenementDecision(decision=autre, etat=E.BLOQUEE),
            EvenementDecision(decision=decision, etat=E.FAITE),
        ]
    )
    assert (_porte(decision)[0], _porte(autre)[0]) == (E.FAITE, E.BLOQUEE)


def test_une_copie_perimee_que_l_on_enregistre_ne_ramene_pas_l_etat_d_avant(decision):
    perimee = Decision.objects.get(pk=decision.pk)
    EvenementDecision.objects.create(decision=decision, etat=E.FAITE)
    perimee.texte = "Éclairer toute la place"
    perimee.save()
    lue = Decision.objects.get(pk=decision.pk)
    assert (lue.texte, lue.etat) == ("Éclairer toute la place", E.FAITE)


def test_ce_qui_n_est_pas_enregistre_n_est_pas_porte(decision):
    avant = _porte(decision)
    with transaction.atomic():
        EvenementDecision.objects.create(decision=Decision.objects.get(pk=decision.pk), etat=E.FAITE)
        transaction.set_rollback(True)
    assert _porte(decision) == avant


def test_la_migration_reprend_les_etats_de_ce_qui_existait(decision):
    redaction.dresser(seance=fabrique.seance_tenue(decision.conseil, decision.formation))
    EvenementDecision.objects.create(decision=decision, etat=E.EN_PARTIE)
    attendus = [_etats(m) for m in (Decision, Seance, CompteRendu)]
    assert all(attendus)
    for modele in (Decision, Seance, CompteRendu):
        modele.objects.update(etat="", etat_le=None)
    import_module("pupitre.conseils.migrations.0002_etat_porte").porter(apps, None)
    assert [_etats(m) for m in (Decision, Seance, CompteRendu)] == attendus


def test_la_migration_fixe_l_echeance_du_premier_evenement(decision):
    limite = decision.prise_le + timedelta(days=9)
    for jours in (0, 30):
        EvenementDecision.objects.create(
            decision=decision, etat=E.EN_PARTIE, echeance=limite + timedelta(days=jours)
        )
    premier = decision.evenements.order_by("pk")[0]
    Decision.objects.update(premiere_echeance=limite)
    import_module("pupitre.conseils.migrations.0003_premiere_echeance").fixer(apps, None)
    decision.refresh_from_db()
    assert decision.premiere_echeance == premier.echeance


def _etats(modele) -> list[tuple[int, str, object]]:
    return list(modele.objects.order_by("pk").values_list("pk", "etat", "etat_le"))
