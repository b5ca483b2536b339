"""What threads work out comes back in order, or fails as it would have."""

from __future__ import annotations

import time
from functools import partial

import pytest

from pupitre.moteur.sources.fichiers.fils import devancer, en_fond, ensemble


def lentement(rang):
    time.sleep(0.002 * (3 - rang))
    return rang


def test_results_come_back_in_order():
    assert ensemble(partial(lentement, rang) for rang in range(4)) == [0, 1, 2, 3]
    assert en_fond(lentement, 2).result() == 2


def test_a_failure_is_that_of_the_action():
    with pytest.raises(ZeroDivisionError):
        ensemble([lambda: 1, lambda: 1 // 0])
    with pytest.raises(ZeroDivisionError):
        en_fond(lambda: 1 // 0).result()


def test_what_is_made_in_advance_comes_in_order_and_fails_in_its_place():
    faits = []

    def suite():
        for rang in range(4):
            faits.append(rang)
            yield lentement(rang)
        raise ZeroDivisionError

    lus = devancer(suite())
    assert [next(lus) for _ in range(4)] == [0, 1, 2, 3]
    with pytest.raises(ZeroDivisionError):
        next(lus)
    assert faits == [0, 1, 2, 3]
    assert list(devancer(iter(()))) == []


def test_what_is_made_in_advance_is_one_ahead_and_no_more():
    faits = []

    def suite():
        for rang in range(9):
            faits.append(rang)
            yield rang

    lus = devancer(suite())
    assert next(lus) == 0
    lus.close()
    assert faits == [0, 1]
