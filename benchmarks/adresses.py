"""Addresses located a second: a hundred thousand rows as partners write them. `python benchmarks/adresses.py`.

On the grid town of the tests; on the real BAN of Bondy too, with its quartiers as a check, where
`PUPITRE_DONNEES_PARTAGEES` names the folder of shared data.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(RACINE / "src"), str(RACINE)]

from tests.moteur.adresses import bondy, bruit, fabrique  # noqa: E402

from pupitre.moteur.adresses import Index, Statut, localiser_adresses  # noqa: E402
from pupitre.moteur.adresses.recherche import Recherche  # noqa: E402

LIGNES = 100_000
BRUITEES = 0.3


def lignes(numeros: Sequence[str], voies: Sequence[str], graine: int) -> list[str]:
    """Facts fall more often at some addresses than at others; three rows in ten are written awry."""
    hasard = random.Random(graine)
    tirees = [min(int(hasard.expovariate(3 / len(voies))), len(voies) - 1) for _ in range(LIGNES)]
    return [
        bruit.bruiter(numeros[r], voies[r], hasard)
        if hasard.random() < BRUITEES
        else f"{numeros[r]} {voies[r]}"
        for r in tirees
    ]


def une_par_une(textes: list[str], index: Index) -> None:
    """What one writes first: each row for itself, nothing learnt from the others."""
    for texte in textes:
        Recherche(index).localiser([(texte, "")])


def mesurer(nom: str, textes: list[str], index: Index) -> None:
    depart = time.perf_counter()
    trouvees = localiser_adresses(textes, index)
    temps = time.perf_counter() - depart
    debut = time.perf_counter()
    une_par_une(textes[:1000], index)
    naif = (time.perf_counter() - debut) / 1000 * len(textes)
    part = 100 * trouvees.compte(Statut.TROUVEE) / len(trouvees)
    print(
        f"{nom} : {len(textes):,} lignes ({len(trouvees.distinctes):,} distinctes) dans {len(index.voies):,} voies "
        f"en {temps:.2f} s, {part:.1f} % trouvées"
    )
    print(f"  une par une / ensemble : {naif / temps:,.0f} fois plus")


def main() -> None:
    with tempfile.TemporaryDirectory() as dossier:
        grille = fabrique.index(Path(dossier))
    adresses = [(str(n), nom) for nom, *_, numeros in fabrique.RUES for n in numeros]
    mesurer("ville fictive", lignes(*zip(*adresses, strict=True), graine=1), grille)
    partagees = os.environ.get("PUPITRE_DONNEES_PARTAGEES")
    if not partagees:
        return
    verification = bondy.charger(Path(partagees))
    mesurer("Bondy", lignes(verification.numeros, verification.voies, graine=1), verification.index)
    for genre, hasard in (("comme écrites", None), ("avec fautes", random.Random(1))):
        textes = [
            bruit.bruiter(n, v, hasard) if hasard else f"{n} {v}"
            for n, v in zip(verification.numeros, verification.voies, strict=True)
        ]
        part, faux = verification.bilan(localiser_adresses(textes, verification.index))
        print(f"  {genre} : {100 * part:.2f} % trouvées, dont {100 * faux:.2f} % dans un autre quartier")


if __name__ == "__main__":
    main()
