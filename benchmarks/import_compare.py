"""Reading and checking partners' files, beside pandas doing the same checks and beside the bare reading.

Run: python -m benchmarks.import_compare [--tours 3]

What is measured: from the bytes of the file to checked observations (`moteur.sources.lire`, format unknown, communes
recognised). The bare reading is that of the same library, cells alone, no check. Both must find the same figures.
Each begins with memory given back: what the one before has left warm, or to be swept, is not its own.
Peaks of memory are those of a process of its own that reads one file, at two sizes.
"""

from __future__ import annotations

import argparse
import csv
import gc
import gzip
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa
from benchmarks import _fichiers, _mesure, _pandas
from benchmarks._mesure import but, duree, nombre
from benchmarks._pandas import Bilan

from pupitre.cli.service.enfant import espacer_les_collectes
from pupitre.moteur import nomenclatures
from pupitre.moteur.sources import CommuneDeReference, CommunesConnues, lire
from pupitre.moteur.sources.fichiers.gardes import oublier_archives

FAITS_XLSX, FAITS_CSV, RESIDENCES = 100_000, 1_000_000, 500
# A short reading takes more rounds to be told from what else the machine does.
PLUS_DE_TOURS = {"csv": 3, "ods": 10}


def reference() -> CommunesConnues:
    with gzip.open(str(files("pupitre.territoires") / "donnees" / "communes_2026.csv.gz"), "rt") as flux:
        lues = [CommuneDeReference(li["code"], li["nom"], li["departement"]) for li in csv.DictReader(flux)]
    return CommunesConnues(lues, ici=("94",))


def pupitre(fichier: Path, communes: CommunesConnues | None = None) -> Any:
    # A file that has just arrived has never been checked.
    oublier_archives()
    return lire(fichier, communes=communes)


def rendre_la_memoire() -> None:
    """Whoever reads after another would find its memory warm, or its garbage to sweep."""
    gc.collect()
    pa.default_memory_pool().release_unused()


def bilan_faits(releve: Any) -> Bilan:
    o = releve.observations
    return {
        "faits": o.num_rows,
        "communes": o.num_rows - o["commune"].null_count,
        "points": o.num_rows - o["lon"].null_count,
        "heures": o.num_rows - o["heure"].null_count,
        "natures": len(o["nature"].unique()),
        "doublons": sum(a.code == "doublon" for a in releve.anomalies),
    }


def bilan_comptages(releve: Any) -> Bilan:
    import pyarrow.compute as pc

    o = releve.observations
    somme = pc.sum(o["n"]).as_py()
    return {
        "observations": o.num_rows,
        "somme": somme,
        "annonce": int(sum(t.annonce for t in releve.totaux if t.ensemble)),
        "faux": sum(not t.concorde for t in releve.totaux),
        "communes": o.num_rows - o["commune"].null_count,
        "doublons": sum(a.code.startswith("doublon") for a in releve.anomalies),
    }


def bilan_4001(releve: Any) -> Bilan:
    import pyarrow.compute as pc

    o = releve.observations
    return {"lus": o.num_rows, "vides": releve.vides, "somme": pc.sum(o["n"]).as_py()}


def nu_classeur(fichier: Path) -> None:
    import fastexcel

    lecteur = fastexcel.read_excel(fichier)
    for nom in lecteur.sheet_names:
        lecteur.load_sheet(nom, header_row=None, dtypes="string").to_arrow()


def nu_csv(fichier: Path) -> None:
    import pyarrow.csv

    pyarrow.csv.read_csv(fichier, parse_options=pyarrow.csv.ParseOptions(delimiter=";"))


@dataclass(frozen=True)
class Cas:
    nom: str
    fichier: Path
    lire: Callable[[], Any]
    bilan: Callable[[Any], Bilan]
    autre: Callable[[], Bilan]
    nu: Callable[[], None]


def cas(dossier: Path) -> list[Cas]:
    communes = reference()
    noms = {_pandas.simple(c): _code(communes, c) for c in _fichiers.COMMUNES}
    autre = __import__("benchmarks.import", fromlist=["NATURES"])
    natures = {_pandas.simple(n): _nature(n) for n in (*autre.NATURES, *_fichiers.NATURES)}

    def de(nom: str, fichier: Path, bilan: Callable, lecteur: Callable, nu: Callable) -> Cas:
        return Cas(
            nom,
            fichier,
            lambda: pupitre(fichier, communes),
            bilan,
            lambda: lecteur(fichier, natures, noms),
            lambda: nu(fichier),
        )

    trouves = [
        de(
            f"xlsx, {FAITS_XLSX // 1000} 000 faits",
            _fichiers.faits(dossier / "faits.xlsx", FAITS_XLSX),
            bilan_faits,
            _pandas.faits,
            nu_classeur,
        ),
        de(
            "csv, 1 000 000 faits",
            _fichiers.faits(dossier / "faits.csv", FAITS_CSV),
            bilan_faits,
            _pandas.faits,
            nu_csv,
        ),
        de(
            f"ods en désordre, {RESIDENCES * len(_fichiers.NATURES)} lignes × 12 mois",
            _fichiers.ods(dossier / "incidents.ods", RESIDENCES),
            bilan_comptages,
            _pandas.comptages,
            nu_classeur,
        ),
    ]
    try:
        from benchmarks.moteur.classeur import classeur

        fichier = classeur()
    except FileNotFoundError:
        print("Le classeur 4001 n’est pas là (PUPITRE_DONNEES_PARTAGEES) : non mesuré.", file=sys.stderr)
        return trouves
    quatre = Cas(
        "classeur 4001 entier",
        fichier,
        lambda: pupitre(fichier),
        bilan_4001,
        lambda: _pandas.etat4001(fichier),
        lambda: nu_classeur(fichier),
    )
    return [*trouves, quatre]


def _code(communes: CommunesConnues, nom: str) -> str:
    return next(c.code for c in communes.codes.values() if c.departement == "94" and _memes(c.nom, nom))


def _memes(a: str, b: str) -> bool:
    return _pandas.simple(a) == _pandas.simple(b)


def _nature(libelle: str) -> str:
    trouvee = nomenclatures.reconnaitre_nature(libelle)
    assert trouvee, libelle
    return trouvee[0]


def pic(genre: str, lignes: int) -> float:
    """Peak of memory, in GB, of a process that reads one file of that many facts."""
    with tempfile.TemporaryDirectory() as dossier:
        fichier = _fichiers.faits(Path(dossier) / f"faits.{genre}", lignes)
        commande = [sys.executable, "-m", "benchmarks.import_compare", "--pic", str(fichier)]
        sortie = subprocess.run(commande, check=True, capture_output=True, text=True, cwd=_mesure.RACINE)
    return float(sortie.stdout)


def _imprimer(mesures: Mapping[str, Mapping[str, float]]) -> None:
    print("Lecture et contrôle d’un fichier reçu, médianes :\n")
    _mesure.tableau(
        ("Fichier", "Pupitre", "pandas, mêmes contrôles", "rapport", "lecture nue", "rapport"),
        (
            (
                nom,
                duree(m["Pupitre"]),
                duree(m["pandas"]),
                f"× {nombre(m['pandas'] / m['Pupitre'])}",
                duree(m["nue"]),
                f"× {nombre(m['Pupitre'] / m['nue'])}",
            )
            for nom, m in mesures.items()
        ),
    )
    for nom, m in mesures.items():
        if nom.startswith("xlsx"):
            but(f"{nom} : pandas et openpyxl sur Pupitre", m["pandas"] / m["Pupitre"], au_moins=15)
        but(f"{nom} : Pupitre sur la lecture nue", m["Pupitre"] / m["nue"], au_plus=2.5)
    print()


def main() -> None:
    analyse = argparse.ArgumentParser(description=__doc__)
    analyse.add_argument("--tours", type=int, default=3)
    analyse.add_argument("--seulement", default="", help="début du nom des fichiers à mesurer")
    analyse.add_argument("--pic", type=Path, help="lire ce fichier et dire le pic de mémoire")
    options = analyse.parse_args()
    if options.pic:
        pupitre(options.pic, reference())
        # Not ru_maxrss, which a process inherits from the one that starts it.
        etat = Path("/proc/self/status").read_text("utf-8")
        print(int(etat.split("VmHWM:")[1].split()[0]) / 1024**2)
        return
    _mesure.concurrents()
    # As the worker that reads files does.
    espacer_les_collectes()
    mesures = {}
    with tempfile.TemporaryDirectory() as dossier:
        for c in cas(Path(dossier)):
            if not c.nom.startswith(options.seulement):
                continue
            obtenu, attendu = c.bilan(c.lire()), c.autre()
            if obtenu != attendu:
                raise SystemExit(f"{c.nom} : {obtenu} et {attendu}")
            fois = next((n for debut, n in PLUS_DE_TOURS.items() if c.nom.startswith(debut)), 1)
            tours = fois * options.tours
            lectures = {"Pupitre": c.lire, "pandas": c.autre, "nue": c.nu}
            mesures[c.nom] = _mesure.alterner(lectures, tours, rendre_la_memoire)
    _imprimer(mesures)
    if options.seulement:
        return
    print("Pic de mémoire d’un processus qui lit un fichier :\n")
    tailles = {"xlsx": (FAITS_XLSX // 2, FAITS_XLSX), "csv": (FAITS_CSV // 2, FAITS_CSV)}
    pics = {genre: [pic(genre, n) for n in paire] for genre, paire in tailles.items()}
    _mesure.tableau(
        ("Fichier", "moitié", "entier", "rapport"),
        (
            (
                f"{g}, {tailles[g][1]:,} faits".replace(",", " "),
                *(f"{nombre(v, 2)} Go" for v in p),
                nombre(p[1] / p[0], 2),
            )
            for g, p in pics.items()
        ),
    )


if __name__ == "__main__":
    main()
