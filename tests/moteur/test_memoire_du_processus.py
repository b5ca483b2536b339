"""The memory of a process: what leaves it first, and what it refuses to hold."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from pupitre.moteur.memoire import Memoire


def test_the_least_recently_used_leaves_first():
    memoire: Memoire[str] = Memoire(3)
    for cle in "abc":
        memoire.garder(cle, cle)
    assert memoire.lire("a") == "a"
    memoire.garder("d", "d")
    assert [memoire.lire(cle) for cle in "abcd"] == ["a", None, "c", "d"]


def test_weights_add_up_and_a_replaced_value_weighs_no_more():
    memoire: Memoire[list[int]] = Memoire(100, peser=len)
    for cle in range(10):
        memoire.garder(cle, [0] * 10)
    assert len(memoire) == 10
    for _ in range(20):
        memoire.garder(9, [1] * 10)
    assert len(memoire) == 10
    memoire.garder("autre", [0] * 5)
    assert memoire.lire(0) is None
    assert len(memoire) == 10


def test_what_would_push_all_the_rest_out_is_given_and_not_kept():
    memoire: Memoire[list[int]] = Memoire(100, peser=len)
    memoire.garder("petit", [1])
    assert memoire.une_fois("grand", lambda: [0] * 11) == [0] * 11
    assert memoire.lire("grand") is None
    assert memoire.lire("petit") == [1]


def test_a_value_is_computed_once():
    memoire: Memoire[str] = Memoire(2)
    appels: list[int] = []
    for _ in range(3):
        assert memoire.une_fois("cle", lambda: (appels.append(1), "valeur")[1]) == "valeur"
    assert appels == [1]
    memoire.oublier()
    assert len(memoire) == 0
    memoire.une_fois("cle", lambda: (appels.append(1), "valeur")[1])
    assert appels == [1, 1]


def test_threads_share_it_without_losing_count():
    memoire: Memoire[int] = Memoire(50)

    def travailler(graine: int) -> None:
        for i in range(2_000):
            assert memoire.une_fois((graine * i) % 97, lambda i=i: i) is not None

    with ThreadPoolExecutor(8) as fils:
        list(fils.map(travailler, range(1, 9)))
    assert len(memoire) <= 50
    assert memoire._poids == len(memoire)
