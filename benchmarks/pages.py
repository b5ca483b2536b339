"""Pages and bulletin of the demonstration at the server, warm: milliseconds, and what the engine takes of them."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

TOURS = 15
ADRESSE = "/conseils/plaine-centrale/tableau-de-bord/"


def mediane(geste: Callable[[], object]) -> float:
    """Median of `TOURS` calls in milliseconds, after two that do not count."""
    durees = []
    for tour in range(TOURS + 2):
        debut = time.perf_counter()
        geste()
        if tour >= 2:
            durees.append(1000 * (time.perf_counter() - debut))
    return statistics.median(durees)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="pupitre-pages-") as dossier:
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
        mesurer(donnees)


def mesurer(donnees: Path) -> None:
    from django.conf import settings
    from django.test import Client

    from pupitre.acces.models import Utilisateur
    from pupitre.cli.demonstration import construction
    from pupitre.moteur.mesures import Pas
    from pupitre.moteur.resultats import Audience
    from pupitre.observatoire.chiffres import tableau
    from pupitre.observatoire.chiffres.lecteur import Lecteur
    from pupitre.observatoire.chiffres.periodes import lire_code
    from pupitre.observatoire.diffusion import bulletins
    from pupitre.territoires.models import Conseil

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    debut = time.perf_counter()
    construction.construire(donnees)
    print(
        f"démonstration : 158 fichiers importés et publiés, 3 bulletins, {time.perf_counter() - debut:.0f} s"
    )
    conseil = Conseil.objects.get(slug=construction.SLUG)
    (donnees / "statiques").mkdir(exist_ok=True)
    demande = tableau.Demande()
    for email, audience in (("coordination", Audience.INTERNE), ("maire", Audience.PARTENAIRE)):
        client = Client()
        compte = Utilisateur.objects.get(email=f"{email}@plaine-centrale.example")
        client.force_login(compte, backend="django.contrib.auth.backends.ModelBackend")
        page = mediane(partial(client.get, ADRESSE))
        moteur = mediane(partial(tableau.composer, conseil=conseil, audience=audience, demande=demande))
        print(f"tableau de bord ({email}) : page {page:.0f} ms (but ≤ 150), dont composition {moteur:.0f} ms")
    octobre = lire_code("2026-10", Pas.MOIS)
    faits = bulletins.composer(Lecteur.ouvrir(conseil, Audience.PARTENAIRE), octobre, Pas.MOIS)

    def composer() -> None:
        bulletins.composer(Lecteur.ouvrir(conseil, Audience.PARTENAIRE), octobre, Pas.MOIS)

    ecrire, rendre = mediane(composer), mediane(lambda: bulletins.rendre_bulletin(faits))
    print(
        f"bulletin d’octobre 2026 : chiffres {ecrire:.0f} ms, document {rendre:.0f} ms, "
        f"ensemble {ecrire + rendre:.0f} ms (but ≤ 1000)"
    )


if __name__ == "__main__":
    main()
