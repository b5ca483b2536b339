"""A long file, from its bytes to what waits to be published: read, checked, located, sealed.

Run: `python benchmarks/import.py`.

100,000 facts of an .xlsx (date, hour, nature, coordinates) within 10 s; 1,000,000 of a .csv within 40 s and under
1.5 GB. Each in its own process, for its own peak of memory; the reading of cells alone is printed beside.
"""

from __future__ import annotations

import csv
import datetime
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(RACINE / "src"), str(RACINE)]
BUTS = {"xlsx": (100_000, 10.0, None), "csv": (1_000_000, 40.0, 1.5)}
TITRES = ("Numéro", "Date", "Heure", "Nature", "Commune", "Longitude", "Latitude")
NATURES = (
    "Occupations de hall",
    "Troubles de jouissance",
    "Dégradations du patrimoine du bailleur",
    "Épaves dans les résidences",
    "Violences contre les gardiens",
)
COMMUNES = ("Créteil", "CRETEIL", "Alfortville", "Limeil Brevannes")


def lignes(combien: int) -> Iterator[tuple[int, datetime.date, str, str, str, float, float]]:
    """Facts of a year, anywhere in a square of three kilometres."""
    hasard = random.Random(1)
    premier = datetime.date(2025, 1, 1)
    for i in range(combien):
        yield (
            i + 1,
            premier + datetime.timedelta(days=hasard.randrange(365)),
            f"{hasard.randrange(24):02}:{hasard.randrange(60):02}",
            hasard.choice(NATURES),
            hasard.choice(COMMUNES),
            round(2.43 + hasard.random() * 0.05, 6),
            round(48.77 + hasard.random() * 0.03, 6),
        )


def ecrire_csv(chemin: Path, combien: int) -> None:
    with chemin.open("w", encoding="utf-8", newline="") as flux:
        ecrivain = csv.writer(flux, delimiter=";")
        ecrivain.writerow(TITRES)
        for numero, jour, heure, nature, commune, lon, lat in lignes(combien):
            virgules = (str(v).replace(".", ",") for v in (lon, lat))
            ecrivain.writerow((numero, f"{jour:%d/%m/%Y}", heure, nature, commune, *virgules))


def ecrire_xlsx(chemin: Path, combien: int) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(chemin), {"constant_memory": True}) as classeur:
        feuille = classeur.add_worksheet("Faits")
        forme = classeur.add_format({"num_format": "dd/mm/yyyy"})
        feuille.write_row(0, 0, TITRES)
        for rang, ligne in enumerate(lignes(combien), start=1):
            for colonne, valeur in enumerate(ligne):
                if isinstance(valeur, datetime.date):
                    feuille.write_datetime(
                        rang, colonne, datetime.datetime.combine(valeur, datetime.time()), forme
                    )
                else:
                    feuille.write(rang, colonne, valeur)


def preparer(dossier: Path):
    """A council with a division of sixteen secteurs, and a source that has never delivered."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    import shapely
    from tests.moteur.geographie.formes import quartiers
    from tests.observatoire import fabrique
    from tests.territoires.fabrique import charger_petite_reference, plaine_centrale

    from pupitre.observatoire.collecte import services
    from pupitre.territoires.decoupages import importer_decoupage

    charger_petite_reference(dossier)
    conseil = plaine_centrale()
    carres = [
        shapely.box(lon, lat, lon + 0.0125, lat + 0.0075)
        for lon in (2.43, 2.4425, 2.455, 2.4675)
        for lat in (48.77, 48.7775, 48.785, 48.7925)
    ]
    importer_decoupage(
        conseil=conseil,
        fichier=quartiers(*carres),
        nom="Carreaux",
        debut=datetime.date(2020, 1, 1),
        origine="Banc d’essai",
    )
    return services, fabrique.source(conseil, format="faits", description={})


def mesurer(genre: str, dossier: Path) -> None:
    """Run in its own process: one import, its time and its peak of memory."""
    from pupitre.moteur.sources import ouvrir

    services, source = preparer(dossier)
    fichier = next(dossier.glob(f"faits.{genre}"))
    services.lire  # noqa: B018 - imported before the clock starts
    depart = time.perf_counter()
    livraison = services.importer(source=source, fichier=fichier)
    temps = time.perf_counter() - depart
    pic = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    debut = time.perf_counter()
    ouvrir(fichier).feuille()
    cellules = time.perf_counter() - debut
    lecture = livraison.lecture
    combien, but, memoire = BUTS[genre]
    if lecture["retenues"] != combien or len(lecture["secteurs"]) != 16 or "scelle" not in lecture:
        raise SystemExit(f"{genre} : {lecture['retenues']} retenues, {len(lecture['secteurs'])} secteurs")
    plafond = f", mémoire {pic:.2f} Go (but < {memoire})" if memoire else f", mémoire {pic:.2f} Go"
    milliers = f"{combien:,}".replace(",", " ")
    print(
        f"{genre} : {milliers} faits lus, contrôlés, situés et scellés en {temps:.1f} s (but ≤ {but:g})"
        f"{plafond} ; les cellules seules : {cellules:.1f} s"
    )


def main() -> None:
    if len(sys.argv) == 3:
        mesurer(sys.argv[1], Path(sys.argv[2]))
        return
    for genre, ecrire in (("xlsx", ecrire_xlsx), ("csv", ecrire_csv)):
        with tempfile.TemporaryDirectory() as dossier:
            ecrire(Path(dossier) / f"faits.{genre}", BUTS[genre][0])
            environ = os.environ | {
                "PUPITRE_MODE": "test",
                "PUPITRE_DONNEES": dossier,
                "DJANGO_SETTINGS_MODULE": "tests.reglages",
                "PYTHONPATH": f"{RACINE}{os.pathsep}{RACINE / 'src'}",
            }
            subprocess.run([sys.executable, __file__, genre, dossier], env=environ, check=True)


if __name__ == "__main__":
    main()
