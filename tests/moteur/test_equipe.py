"""Readings at once: in order, never behind somebody else's, never a thread of another process."""

from __future__ import annotations

import os
import threading

import pytest

from pupitre.moteur.entrepot import Connexion, Entrepot, Reglages
from pupitre.moteur.moteurs.duckdb import lectrice, partagee
from pupitre.moteur.moteurs.equipe import Equipe


def test_results_are_in_the_order_asked():
    equipe = Equipe(2)
    assert equipe.ensemble([lambda i=i: i * i for i in range(20)]) == [i * i for i in range(20)]
    assert equipe.ensemble([]) == []


def test_two_readings_are_under_way_together():
    rendez_vous = threading.Barrier(2, timeout=20)
    fils = Equipe(1).ensemble([lambda: (rendez_vous.wait(), threading.get_ident())[1]] * 2)
    assert fils[0] == threading.get_ident() != fils[1]


def test_nobody_waits_for_a_thread_that_another_keeps():
    equipe, pris, lacher = Equipe(1), threading.Event(), threading.Event()

    def longue() -> str:
        pris.set()
        assert lacher.wait(20)
        return "longue"

    rendus: list[list[str]] = []
    autre = threading.Thread(
        target=lambda: rendus.append(equipe.ensemble([lambda: str(pris.wait(20)), longue]))
    )
    autre.start()
    assert pris.wait(20)
    # The only thread is taken: the caller reads both.
    assert equipe.ensemble([threading.get_ident, threading.get_ident]) == [threading.get_ident()] * 2
    lacher.set()
    autre.join(20)
    assert rendus == [["True", "longue"]]


@pytest.mark.parametrize("fautive", [0, 1])
def test_a_reading_that_fails_says_so_once_the_others_are_done(fautive):
    finies = []

    def lecture(i: int) -> None:
        if i == fautive:
            raise ValueError(f"lecture {i}")
        finies.append(i)

    equipe = Equipe(1)
    with pytest.raises(ValueError, match=f"lecture {fautive}"):
        equipe.ensemble([lambda: lecture(0), lambda: lecture(1)])
    assert set(finies) <= {1 - fautive}
    assert equipe.ensemble([lambda: 1, lambda: 2]) == [1, 2]


def test_one_thread_allowed_is_one_thread_used():
    connexion = Connexion(Reglages(threads=1))
    ici = threading.get_ident()
    assert connexion.ensemble([threading.get_ident] * 3) == [ici] * 3


def test_a_child_has_threads_of_its_own():
    equipe = Equipe(1)
    assert equipe.ensemble([lambda: 1, lambda: 2]) == [1, 2]
    enfant = os.fork()
    if enfant == 0:
        rendez_vous = threading.Barrier(2, timeout=10)
        try:
            equipe.ensemble([rendez_vous.wait, rendez_vous.wait])
            os._exit(0)
        except BaseException:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(enfant, 0)[1]) == 0


def test_pages_are_answered_apart_from_what_is_shared_between_cores(tmp_path):
    depot = Entrepot(tmp_path)
    assert depot.moteur is lectrice()
    assert depot.moteur_large is depot.connexion is partagee()
    assert lectrice().executer("SELECT current_setting('threads') AS n").to_pylist() == [{"n": 1}]
    assert partagee().executer("SELECT current_setting('threads') AS n").to_pylist() == [{"n": 2}]
    donnee = Connexion(Reglages(threads=1))
    assert Entrepot(tmp_path, donnee).moteur is donnee
