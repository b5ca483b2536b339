"""Reading the whole 4001 workbook against the bare fastexcel reading of the same sheets.

Run: PUPITRE_DONNEES_PARTAGEES=… python -m benchmarks.moteur.classeur
"""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path

TOURS = 7


def classeur() -> Path:
    """The workbook as published. Raises FileNotFoundError when the shared data are not there."""
    partagees = os.environ.get("PUPITRE_DONNEES_PARTAGEES")
    base = Path(partagees) if partagees else Path(__file__).resolve().parents[2].parent / "shared" / "data"
    fichier = base / "etat4001" / "crimes-et-delits-services-depuis-2012.xlsx"
    if not fichier.is_file():
        raise FileNotFoundError(fichier)
    return fichier


def nu(fichier: Path) -> int:
    """Cells of the data sheets as fastexcel gives them, in Arrow."""
    import fastexcel

    lecteur = fastexcel.read_excel(fichier)
    cellules = 0
    for nom in lecteur.sheet_names:
        if nom.startswith("Services"):
            feuille = lecteur.load_sheet(nom, header_row=None, dtypes="string").to_arrow()
            cellules += feuille.num_rows * feuille.num_columns
    return cellules


def main() -> None:
    from pupitre.moteur.sources import lire
    from pupitre.moteur.sources.fichiers import gardes

    fichier = classeur()
    nus, lus, processeur = [], [], []
    for _ in range(TOURS):
        debut = time.perf_counter()
        nu(fichier)
        nus.append(time.perf_counter() - debut)
        # A file that has just arrived has never been checked.
        gardes.oublier_archives()
        debut, calcul = time.perf_counter(), time.process_time()
        releve = lire(fichier)
        lus.append(time.perf_counter() - debut)
        processeur.append(time.process_time() - calcul)
    n, p = statistics.median(nus), statistics.median(lus)
    total = releve.observations.num_rows + releve.vides
    print(
        f"classeur 4001 entier, {total} cellules ({releve.vides} vides) : Pupitre {p:.2f} s"
        f" (processeur {statistics.median(processeur):.2f} s), fastexcel seul {n:.2f} s,"
        f" rapport {p / n:.2f} (but ≤ 2)"
    )


if __name__ == "__main__":
    main()
