"""The store of the benchmark: every council published as the application does it, kept from one run to the next.

History in one delivery a source, the current year in another; one source in five is late by one or two months, one
in five has a month delivered again with corrections, which takes the place of what it says again.

Run alone: `python -m benchmarks.pays._magasin MILLIONS [PROCESSES]`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
from benchmarks.pays._conseils import Commune, pour
from benchmarks.pays._faits import MOIS, PREMIER, SourceFictive, sources, tables, tirages

from pupitre.moteur.entrepot import Connexion, Entrepot, Manifeste, Reglages, Scelle, durable
from pupitre.moteur.mesures import Pas, suivante

FORME = "2"
_ANNEE_EN_COURS = 110
_CORRIGE = 114
FIN = suivante(PREMIER, Pas.MOIS, MOIS) - timedelta(days=1)


def dossier() -> Path:
    """Where data are kept: PUPITRE_BANC, or var/bench in the working folder."""
    return Path(os.environ.get("PUPITRE_BANC", "var/bench")).resolve() / f"pays-{FORME}"


def retard(commune: Commune, source: SourceFictive) -> int:
    """Months that this source has not delivered yet: the city that is measured waits for nobody."""
    rang = [s.code for s in sources()].index(source.code)
    return (commune.rang + rang) % 2 + 1 if commune.rang and (commune.rang + rang) % 5 == 0 else 0


def corrigee(commune: Commune, source: SourceFictive) -> bool:
    return (commune.rang + [s.code for s in sources()].index(source.code)) % 5 == 2


def couverture(commune: Commune, source: SourceFictive) -> tuple[tuple[date, date], ...]:
    fin = suivante(PREMIER, Pas.MOIS, MOIS - retard(commune, source)) - timedelta(days=1)
    return ((PREMIER, fin),)


@cache
def entrepot() -> Entrepot:
    return Entrepot(dossier() / "entrepot")


def manifeste(commune: Commune) -> Manifeste:
    return Manifeste.from_json(_fiche(commune).read_text("utf-8"))


def _fiche(commune: Commune) -> Path:
    return dossier() / "manifestes" / f"{commune.conseil}.json"


def preparer(millions: float, processus: int | None = None) -> tuple[Commune, ...]:
    """Councils of N observations, published; only those that are missing are made."""
    communes = pour(millions)
    manquantes = [c for c in communes if not _fiche(c).is_file()]
    if manquantes:
        with ProcessPoolExecutor(processus or os.cpu_count()) as bassin:
            for i, _ in enumerate(bassin.map(publier, manquantes, chunksize=4), start=1):
                if i % 100 == 0:
                    print(f"… {i} conseils sur {len(manquantes)}", file=sys.stderr, flush=True)
    return communes


@cache
def _atelier() -> Entrepot:
    reglages = Reglages(threads=1, memoire="2GB", dossier_temporaire=dossier() / "tri")
    return Entrepot(dossier() / "entrepot", Connexion(reglages))


def publier(commune: Commune) -> None:
    """Seal the deliveries of a council and compact them; its manifest is what makes it exist."""
    depot = _atelier()
    scelles = [s for source in sources() for s in livrer(depot, commune, source)]
    fiche = _fiche(commune)
    durable.poser(fiche.parent, fiche.name, depot.compacter(commune.conseil, scelles).to_json().encode())


def livrer(depot: Entrepot, commune: Commune, source: SourceFictive) -> Sequence[Scelle]:
    """Seal what this source has delivered: its history, the current year, and sometimes a correction."""
    table, mois = tables(commune, source)
    livres = MOIS - retard(commune, source)

    def sceller(masque: np.ndarray, nom: str, lot: pa.Table = table) -> Scelle:
        return depot.sceller(
            lot.filter(pa.array(masque)), commune.conseil, source.code, f"{source.code}-{nom}"
        )

    historique = sceller(mois < _ANNEE_EN_COURS, "historique")
    annee = sceller((mois >= _ANNEE_EN_COURS) & (mois < livres), "annee")
    if not corrigee(commune, source):
        return [historique, annee]
    # One fact in fifty of that month had been forgotten twice: the corrected file says the month again, whole.
    garde = tirages(commune, source).random(table.num_rows) > 0.02
    correction = sceller((mois == _CORRIGE) & garde, "correction")
    jour = suivante(PREMIER, Pas.MOIS, _CORRIGE).isoformat()
    retrait = ("mois:faits", jour, "") if source.poids else ("mois", jour, commune.code)
    return [historique, annee.sans([retrait]), correction]


if __name__ == "__main__":
    preparer(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
