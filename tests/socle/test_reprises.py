"""A process dies in the middle of its work: the work is taken up again, a few times, by somebody else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from pupitre.socle import devoirs, horloge, reprises
from pupitre.socle.courriel import Lettre
from pupitre.socle.courriel.envoi import poster
from pupitre.socle.courriel.modele import Courriel
from pupitre.socle.tasks import envoyer_courriel
from tests.socle.ouvrier import travailler


@pytest.fixture
def file_d_attente(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def prise(db, file_d_attente) -> DBTaskResult:
    """A letter, and the task that sends it, taken by a worker."""
    courriel, _ = poster(
        Lettre("Objet", ("Bonjour.",)), cle="c", destinataire="a@exemple.fr", categorie="essai"
    )
    envoyer_courriel.enqueue(courriel.pk)
    tache = DBTaskResult.objects.get()
    tache.claim(reprises.identite())
    return tache


def _signee(tache: DBTaskResult, signature: str, *, il_y_a: timedelta = timedelta()) -> None:
    DBTaskResult.objects.filter(pk=tache.pk).update(
        worker_ids=[*tache.worker_ids[:-1], signature], started_at=horloge.maintenant() - il_y_a
    )


def _mort() -> int:
    """The pid of a process that has ended."""
    processus = subprocess.Popen([sys.executable, "-c", ""])
    processus.wait()
    return processus.pid


def _etat(tache: DBTaskResult) -> str:
    return DBTaskResult.objects.get(pk=tache.pk).status


def test_un_ouvrier_qui_demarre_reprend_ce_qu_un_mort_d_ici_tenait_et_le_fait(prise, mailoutbox):
    _signee(prise, f"{socket.gethostname()[:40]}/{_mort()}/abc")
    assert reprises.reprendre_celles_d_ici() == 1
    travailler()
    assert _etat(prise) == "SUCCESSFUL"
    assert Courriel.objects.get().etat == Courriel.Etat.ENVOYE
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    "signature",
    [
        f"{socket.gethostname()[:40]}/1/abc",
        "ailleurs/999999/abc",
        "illisible",
        f"{socket.gethostname()[:40]}/x/y",
    ],
)
def test_ce_que_tient_un_vivant_ou_un_autre_hote_est_laisse(prise, signature):
    _signee(prise, signature)
    assert reprises.reprendre_celles_d_ici() == 0
    assert _etat(prise) == "RUNNING"


def test_le_meme_numero_de_processus_apres_un_redemarrage_n_est_pas_un_vivant(prise):
    """In a container every life of the worker has the same pid."""
    _signee(prise, f"{socket.gethostname()[:40]}/{os.getpid()}/autre-vie")
    assert reprises.reprendre_celles_d_ici() == 1


def test_d_un_autre_hote_le_temps_le_dit_et_trois_essais_suffisent(prise):
    for essai in (1, 2, 3):
        _signee(prise, "ailleurs/12/abc", il_y_a=reprises.ABANDON - timedelta(minutes=1))
        assert _fait() == 0
        _signee(prise, "ailleurs/12/abc", il_y_a=reprises.ABANDON + timedelta(minutes=1))
        assert _fait() == (essai < 3)
        if essai < 3:
            prise.refresh_from_db()
            prise.claim(f"ailleurs/{essai}/abc")
    assert _etat(prise) == "FAILED"


def _fait() -> int:
    return next(b.fait for b in devoirs.passer() if b.code == "reprises")


def test_la_trace_de_ce_qui_est_fait_s_efface_apres_un_mois(prise):
    prise.set_successful(None)
    with horloge.figee(horloge.maintenant() + timedelta(days=29)):
        devoirs.passer()
    assert _etat(prise) == "SUCCESSFUL"
    with horloge.figee(horloge.maintenant() + timedelta(days=31)):
        devoirs.passer()
    assert not DBTaskResult.objects.filter(pk=prise.pk).exists()
