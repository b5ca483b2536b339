"""Figures promised, on a real town: what is found, and how seldom in the wrong quartier."""

from __future__ import annotations

import random
import time

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pupitre.moteur.adresses import Index, Statut, lire_ban, localiser_adresses
from pupitre.moteur.observations import PrecisionLieu
from tests.moteur.adresses import bondy, bruit


@pytest.fixture(scope="module")
def verification(donnees_partagees):
    return bondy.charger(donnees_partagees)


def test_exact_spelling(verification):
    textes = [f"{n} {v}" for n, v in zip(verification.numeros, verification.voies, strict=True)]

    trouves = localiser_adresses(textes, verification.index)

    part, faux = verification.bilan(trouves)
    assert len(textes) == 8586
    assert part >= 0.97
    assert faux < 0.01
    assert trouves.precisions()[PrecisionLieu.NUMERO] >= 0.97 * len(textes)


@pytest.mark.parametrize("graine", [11, 12, 13])
def test_as_people_write(verification, graine):
    hasard = random.Random(graine)
    textes = [
        bruit.bruiter(n, v, hasard) for n, v in zip(verification.numeros, verification.voies, strict=True)
    ]
    intacts = sum(
        t == f"{n} {v}" for t, n, v in zip(textes, verification.numeros, verification.voies, strict=True)
    )
    assert intacts < 0.01 * len(textes)

    part, faux = verification.bilan(localiser_adresses(textes, verification.index))

    assert part >= 0.90
    assert faux < 0.01


def test_a_street_that_the_ban_does_not_hold_is_not_another_one(verification, donnees_partagees):
    """A quarter of the streets is hidden: their addresses must be doubtful or unknown, hardly ever elsewhere."""
    ban = lire_ban(donnees_partagees / "adresses" / "bondy_ban.csv").table
    hasard = random.Random(7)
    caches = hasard.sample(sorted(set(ban["voie"].to_pylist())), 90)
    cles = {bondy.cle("", nom)[1:] for nom in caches}
    index = Index([ban.filter(pc.invert(pc.is_in(ban["voie"], pa.array(caches))))])
    rangs = [r for r, v in enumerate(verification.voies) if bondy.cle("", v)[1:] in cles]
    textes = [bruit.bruiter(verification.numeros[r], verification.voies[r], hasard) for r in rangs]

    trouves = localiser_adresses(textes, index)

    ici = [i for i in range(len(rangs)) if trouves[i].statut is Statut.TROUVEE]
    quartiers = verification.quartiers([trouves[i] for i in ici])
    faux = sum(q not in verification.attendus[rangs[i]] for i, q in zip(ici, quartiers, strict=True))
    assert len(rangs) > 1500
    assert len(ici) / len(rangs) < 0.06
    assert faux / len(rangs) < 0.015


def test_a_hundred_thousand_rows(verification):
    """A bound ten times what it takes, so that a slow machine passes and a lost index does not."""
    hasard = random.Random(1)
    rangs = [min(int(hasard.expovariate(1 / 1500)), len(verification.voies) - 1) for _ in range(100_000)]
    textes = [f"{verification.numeros[r]} {verification.voies[r]}" for r in rangs]

    depart = time.perf_counter()
    trouves = localiser_adresses(textes, verification.index)

    assert time.perf_counter() - depart < 10
    assert len(trouves) == 100_000
    assert sum(trouves.compte(s) for s in Statut) == 100_000
