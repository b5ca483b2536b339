"""Seeded chance: each file draws from its own generator, so one partner never disturbs another."""

from __future__ import annotations

from zlib import crc32

import numpy as np
import numpy.typing as npt

GRAINE = 20111006  # the observatory of annex 6 opened on 10 June 2011


def generateur(*cle: object) -> np.random.Generator:
    """The generator of one thing named by `cle` ("police", 2026, 10).

    A number after a name ("doleances-0") is the draw that was kept: its last months hold no second story.
    """
    nom = "/".join(str(c) for c in cle)
    return np.random.default_rng([GRAINE, crc32(nom.encode())])


def comptes(
    rng: np.random.Generator, moyennes: npt.ArrayLike, dispersion: float | None = 60.0
) -> npt.NDArray[np.int64]:
    """Negative binomial counts: variance = mean + mean² / `dispersion`; None for plain Poisson."""
    mu = np.asarray(moyennes, dtype=float)
    if dispersion is not None:
        mu = mu * rng.gamma(dispersion, 1 / dispersion, mu.shape)
    return rng.poisson(mu)


def repartir(rng: np.random.Generator, total: int, poids: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """`total` facts spread over boxes of given weights."""
    p = np.asarray(poids, dtype=float)
    return rng.multinomial(total, p / p.sum())
