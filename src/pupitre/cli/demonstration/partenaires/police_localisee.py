"""Police nationale: the four kinds of thefts that the district locates, one line a fact.

Their monthly numbers are those of the état 4001 of the same month: two views of the same facts.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np

from pupitre.cli.demonstration.calendrier import Mois, etendue, lots
from pupitre.cli.demonstration.ecriture import MENTION, Cellule, ecrire_csv
from pupitre.cli.demonstration.envoi import Envoi
from pupitre.cli.demonstration.hasard import generateur, repartir
from pupitre.cli.demonstration.lieux import VILLES, lieux_de, placer
from pupitre.cli.demonstration.partenaires.police import HAUSSE_ROULOTTE, ROULOTTE, faits_du_mois

LOCALISES = {
    27: "CAMBRIOLAGE HABITATION PRINCIPALE",
    35: "VOL AUTOMOBILE",
    36: "VOL DEUX-ROUES MOTORISE",
    37: "VOL A LA ROULOTTE",
}
# Thefts from vehicles gather in two secteurs, and their rise too.
FOYERS = {"CR-02": 2.2, "AL-03": 1.4}
_SOIR = np.array([11, 4, 2, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 5, 6, 8, 13, 14, 14, 13], float)
_JOURNEE = np.array([2, 2, 2, 2, 1, 1, 1, 3, 6, 9, 10, 9, 6, 7, 9, 10, 9, 8, 6, 5, 4, 3, 3, 2], float)


def _faits(mois: Mois) -> list[list[Cellule]]:
    rng = generateur("localises", mois.code)
    faits = faits_du_mois(mois)
    lignes: list[tuple[tuple[object, ...], list[Cellule]]] = []
    for index, libelle in LOCALISES.items():
        heures = _JOURNEE if index == 27 else _SOIR
        for rang, v in enumerate(VILLES):
            lieux = lieux_de(v.code)
            poids = np.array([x.part if index == 27 else x.trouble for x in lieux], dtype=float)
            if index == ROULOTTE:
                force = 1.2 * HAUSSE_ROULOTTE[mois] if mois in HAUSSE_ROULOTTE else 1.0
                poids *= [FOYERS.get(x.code, 1.0) ** force for x in lieux]
            for lieu, n in zip(lieux, repartir(rng, int(faits[index][rang]), poids), strict=True):
                for _ in range(int(n)):
                    jour = mois.debut + timedelta(days=int(rng.integers(mois.fin.day)))
                    heure = int(rng.choice(24, p=heures / heures.sum()))
                    minute = int(rng.choice((0, 0, 15, 30, 45)))
                    lon, lat = placer(rng, lieu.code)
                    # The victim often does not know when: one hour in five is left blank.
                    dit = "" if rng.random() < 0.2 else f"{heure:02d}h{minute:02d}"
                    lignes.append(
                        (
                            (jour, heure, minute, index, lieu.code, lon),
                            [
                                f"{jour:%d/%m/%Y}",
                                dit,
                                index,
                                libelle,
                                v.etiquette,
                                lieu.nom,
                                _virgule(lon),
                                _virgule(lat),
                            ],
                        )
                    )
    return [ligne for _, ligne in sorted(lignes, key=lambda x: x[0])]


def _virgule(degres: float) -> str:
    return f"{degres:.5f}".replace(".", ",")


def ecrire_localises(dossier: Path) -> list[Envoi]:
    envois = []
    entetes: list[Cellule] = [
        "N°",
        "Date",
        "Heure",
        "Index",
        "Nature",
        "Commune",
        "Secteur",
        "Longitude",
        "Latitude",
    ]
    for mois in lots():
        faits = [[n, *ligne] for n, ligne in enumerate((x for m in mois for x in _faits(m)), 1)]
        chemin = dossier / f"faits_localises_district_{etendue(mois)}.csv"
        tete: list[list[Cellule]] = [["DTSP 94 - DISTRICT DE CRETEIL - FAITS LOCALISES"], [MENTION], []]
        ecrire_csv(chemin, [*tete, entetes, *faits])
        envois.append(Envoi("police-faits-localises", chemin, mois[-1].recu(9), len(faits)))
    return envois
