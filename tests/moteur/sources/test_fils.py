"""What threads work out comes back in order, or fails as it would have."""

from __future__ import annotations

import time
from functools import partial

import pytest

from pupitre.moteur.sources.fichiers.fils import en_fond, ensemble


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
