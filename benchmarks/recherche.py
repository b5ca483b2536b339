"""The search of a council with ten years of life: 500 séances, 5,000 decisions, 2,000 people, 2,400 deliveries."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(RACINE / "src"), str(RACINE)]

from benchmarks._installation import installation  # noqa: E402

# A word, two, misspelt ones, nothing, a number, a month, what several kinds hold.
QUESTIONS = (
    "eclairage",
    "hall tilleuls",
    "eclairagz",
    "zzzzqq",
    "dupontabc",
    "2020-31",
    "mars 2021",
    "police gare",
)


def main() -> None:
    with installation() as donnees:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        mesurer(donnees)


def mesurer(donnees: Path) -> None:
    from django.test import Client
    from django.urls import reverse
    from tests.conseils.fabrique_recherche import dix_ans
    from tests.fabriques import construire, entrer, utilisateur

    from pupitre.acces.droits import Role

    (donnees / "statiques").mkdir(exist_ok=True)
    (donnees / "monde").mkdir()
    conseil = construire(donnees / "monde").conseil
    dix_ans(conseil)
    client = entrer(Client(), utilisateur(Role.COORDINATEUR, conseil))
    adresse = reverse("rechercher", args=[conseil.slug])
    print("page de la recherche à chaud (but ≤ 100 ms) :")
    for q in QUESTIONS:
        client.get(adresse, {"q": q})
        temps = []
        for _ in range(7):
            depart = time.perf_counter()
            client.get(adresse, {"q": q})
            temps.append(time.perf_counter() - depart)
        print(f"  « {q} » : {1000 * statistics.median(temps):.0f} ms")


if __name__ == "__main__":
    main()
