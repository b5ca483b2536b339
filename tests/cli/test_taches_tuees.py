"""`pupitre taches` killed again and again, wherever it is: nothing is lost, nothing is written or sent twice.

A kill is a `BaseException` raised before one SQL statement: what the process holds goes, what is committed stays.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count

import pytest
from django.core import mail
from django.db import connection, transaction

from pupitre.acces.droits import Role
from pupitre.conseils.decisions.services import prendre
from pupitre.observatoire.models import Convention, Relance
from pupitre.socle import horloge
from pupitre.socle.courriel.envoi import ABANDON
from pupitre.socle.courriel.modele import Courriel
from pupitre.socle.devoirs import passer
from tests.conseils import fabrique_seances as seances
from tests.fabriques import monde, utilisateur

LUNDI = date(2026, 11, 30)
ESSAIS = 16


class Tue(BaseException):
    """Nobody catches it."""


def _passer_tue(meurt: Callable[[], bool]) -> bool:
    """A pass that dies before the first statement for which `meurt` answers yes; False if it ended before."""

    def executer(execute, sql, params, many, context):
        if meurt():
            raise Tue
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(executer):
            bilans = passer(LUNDI)
    except Tue:
        return True
    assert not [b.erreur for b in bilans if b.erreur]
    return False


def _passer_tue_a(rang: int) -> bool:
    rangs = count(1)
    return _passer_tue(lambda: next(rangs) == rang)


def _attendus() -> set[str]:
    """The reasons of the letters of one undisturbed pass, which then never happened."""
    with transaction.atomic():
        assert not [b.erreur for b in passer(LUNDI) if b.erreur]
        cles = set(Courriel.objects.values_list("cle", flat=True))
        transaction.set_rollback(True)
    mail.outbox.clear()
    return cles


@pytest.fixture
def nuit(transactional_db, tmp_path, settings):
    """Late partners, decisions to recall, people to write to: what one night owes."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    with horloge.figee(LUNDI):
        conseil = monde(tmp_path, settings).conseil
        for role in (Role.COORDINATEUR, Role.ASSISTANT, Role.MAIRE_MEMBRE):
            utilisateur(role, conseil, email=f"{role}@exemple.fr")
        Convention.objects.filter(conseil=conseil).update(
            referent="Sacha Petit", referent_email="referent@exemple.fr"
        )
        Relance.objects.all().delete()
        formation = conseil.formations.filter(nature="pleniere").first()
        for n in range(4):
            prendre(
                formation=formation,
                texte=f"Décision {n}",
                responsable=seances.personne(conseil, f"Responsable{n}"),
                echeance=LUNDI - timedelta(days=n),
            )
        yield conseil


def test_une_nuit_tuee_n_importe_ou_ecrit_et_envoie_une_fois_chaque_lettre(nuit):
    hasard = random.Random(1)
    attendus = _attendus()
    avant = set(Courriel.objects.values_list("cle", flat=True))
    assert len(attendus - avant) >= 8
    morts = sum(_passer_tue_a(hasard.randrange(1, 120)) for _ in range(ESSAIS))
    assert morts >= ESSAIS // 2
    # the worst moment: the server has the letter, and nobody has noted it
    partis = len(mail.outbox)
    assert _passer_tue(lambda: len(mail.outbox) > partis)
    assert not _passer_tue_a(0)
    assert set(Courriel.objects.values_list("cle", flat=True)) == attendus

    with horloge.figee(horloge.maintenant() + ABANDON + timedelta(minutes=1)):
        assert not _passer_tue_a(0)
    # sent and noted, or left by a dead process: said uncertain, and never sent again without a person
    etats = Counter(Courriel.objects.values_list("etat", flat=True))
    assert set(etats) <= {Courriel.Etat.ENVOYE, Courriel.Etat.INCERTAIN}
    assert 1 <= etats[Courriel.Etat.INCERTAIN] <= morts + 1
    partis = Counter(m.extra_headers["Message-ID"] for m in mail.outbox)
    assert max(partis.values()) == 1
    assert etats[Courriel.Etat.ENVOYE] <= len(partis) <= len(attendus)
