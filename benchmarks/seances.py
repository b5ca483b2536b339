"""A plenary of 60 members: its papers generated and queued, and its pages. `python benchmarks/seances.py`."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(RACINE / "src"), str(RACINE)]
MEMBRES, SEANCES = 60, 500


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="pupitre-seances-") as dossier:
        donnees = Path(dossier).resolve()
        os.environ |= {
            "PUPITRE_MODE": "demonstration",
            "PUPITRE_DONNEES": str(donnees),
            "PUPITRE_CLE_SECRETE": "banc-de-mesure-" * 4,
            "DJANGO_SETTINGS_MODULE": "pupitre.projet.settings",
        }
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        mesurer(donnees)


def duree(geste: Callable[[], object]) -> float:
    depart = time.perf_counter()
    geste()
    return time.perf_counter() - depart


def mesurer(donnees: Path) -> None:
    from django.conf import settings
    from tests.conseils import fabrique_seances as fabrique
    from tests.fabriques import entrer, utilisateur
    from tests.territoires import fabrique as territoires

    from pupitre.acces.droits import Role
    from pupitre.conseils.seances import convocations, papiers
    from pupitre.socle.courriel.modele import Courriel

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    (donnees / "statiques").mkdir(exist_ok=True)
    territoires.charger_petite_reference(donnees)
    conseil = territoires.plaine_centrale()
    seance = fabrique.seance_a_preparer(conseil, membres=MEMBRES)
    for rang in range(1, 11):
        fabrique.point(seance, f"Point {rang}", rang=rang)
    convocations.dresser(seance=seance)
    appels = list(papiers.convoques(seance))
    papiers.convocations_pdf(seance, appels[:1])

    separees = duree(lambda: papiers.convocations_separees(seance, appels))
    print(f"{MEMBRES} convocations PDF, un fichier chacune : {separees:.2f} s (but ≤ 2 s)")
    print(
        f"{MEMBRES} convocations PDF en un fichier : "
        f"{duree(lambda: papiers.convocations_pdf(seance, appels)):.2f} s"
    )

    def tout() -> None:
        convocations.envoyer(seance=seance)
        papiers.ordre_du_jour(seance, "pdf")
        papiers.emargement_pdf(seance)
        papiers.etiquettes_pdf(seance)

    passe = duree(tout)
    ecrits = Courriel.objects.filter(categorie="convocation").count()
    assert ecrits == MEMBRES
    print(
        f"plénière de {MEMBRES} membres, PDF, ICS, liens et {ecrits} courriels en file, ordre du jour, "
        f"feuille de présence, étiquettes : {passe:.2f} s (but ≤ 5 s)"
    )
    pages(conseil, seance, entrer, utilisateur(Role.COORDINATEUR, conseil), fabrique)


def pages(conseil, seance, entrer, compte, fabrique) -> None:
    from django.test import Client
    from django.urls import reverse

    from pupitre.conseils.seances import services

    for i in range(SEANCES):
        services.creer(formation=seance.formation, debut=fabrique.dans(-7 * i - 7))
    client = entrer(Client(), compte)
    adresses = [("seances", ()), ("seances-calendrier", ())]
    adresses += [
        (n, (seance.pk,)) for n in ("seance", "seance-agenda", "seance-convocations", "seance-dates")
    ]
    print(f"pages, avec {SEANCES} séances et {MEMBRES} convoqués (but ≤ 100 ms) :")
    for nom, reste in adresses:
        chemin = reverse(nom, args=[conseil.slug, *reste])
        assert client.get(chemin).status_code == 200, nom
        temps = statistics.median(duree(lambda c=chemin: client.get(c)) for _ in range(9))  # type: ignore[misc]
        print(f"  {nom} : {1000 * temps:.0f} ms")


if __name__ == "__main__":
    main()
