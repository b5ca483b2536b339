"""Police nationale: the monthly état 4001, and the refined statistics agreed with the district."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pupitre.cli.demonstration.calendrier import ANCIENS, PERIODE, RECENTS, SUIVI, Mois, arrives, nom_du_mois
from pupitre.cli.demonstration.ecriture import MENTION, Cellule, Feuille, ecrire_xlsx
from pupitre.cli.demonstration.envoi import Envoi
from pupitre.cli.demonstration.hasard import comptes, generateur
from pupitre.cli.demonstration.lieux import DONNEES, VILLES
from pupitre.moteur.nomenclatures import etat4001

ROULOTTE = 37
# The one true story of the demonstration: thefts from vehicles rise in Créteil since July 2026.
HAUSSE_ROULOTTE = {Mois(2026, 7): 1.6, Mois(2026, 8): 1.85, Mois(2026, 9): 2.05, Mois(2026, 10): 2.3}

_HIVER = (1.15, 1.06, 1.0, 0.95, 0.92, 0.9, 0.98, 0.92, 0.95, 1.03, 1.1, 1.2)
_PRINTEMPS = (0.93, 0.92, 1.0, 1.02, 1.07, 1.12, 1.05, 0.92, 1.02, 1.02, 0.98, 0.95)
_ETE = (0.85, 0.85, 0.97, 1.02, 1.08, 1.12, 1.12, 1.0, 1.05, 1.03, 0.96, 0.9)
_CALME = (1.0, 0.98, 1.02, 1.0, 1.0, 1.02, 0.96, 0.86, 1.02, 1.05, 1.04, 1.05)
_SAISONS = {
    **dict.fromkeys(range(27, 32), _HIVER),
    **dict.fromkeys((7, 12, 13, 43, 52, 66, 67, 68, 72, 73), _PRINTEMPS),
    **dict.fromkeys((35, 36, 63), _ETE),
}
# Usual subjects of a monthly dashboard: little more than chance, so that only the story stands out.
_STABLES = frozenset({27, 28, 35, 37, 38, 52})
_DELAI = (5, 6, 4, 6, 8, 5, 6, 9, 5, 6, 4, 6)
CORRIGE = Mois(2026, 8)
TARDIF = Mois(2026, 4)


@lru_cache
def niveaux() -> dict[int, tuple[float, ...]]:
    """Yearly mean of each index by commune, scaled from the real 4001 of 2017–2019."""
    with (DONNEES / "niveaux_4001.csv").open(encoding="utf-8") as flux:
        return {int(r["index"]): tuple(float(r[v.code]) for v in VILLES) for r in csv.DictReader(flux)}


@lru_cache
def faits_du_mois(mois: Mois) -> dict[int, npt.NDArray[np.int64]]:
    """Counts of every used index, in the three communes."""
    faits = {}
    for index, annuels in niveaux().items():
        moyennes = np.array(annuels) / 12 * _SAISONS.get(index, _CALME)[mois.numero - 1]
        if index == ROULOTTE:
            moyennes[0] *= HAUSSE_ROULOTTE.get(mois, 1.0)
        rng = generateur("police", mois.code, index)
        faits[index] = comptes(rng, moyennes, 400.0 if index in _STABLES else 40.0)
        faits[index].flags.writeable = False
    return faits


def _feuille_4001(mois: Mois, faits: dict[int, npt.NDArray[np.int64]]) -> Feuille:
    libelles = etat4001.index()
    lignes: list[list[Cellule]] = [
        ["DIRECTION TERRITORIALE DE LA SÉCURITÉ DE PROXIMITÉ DU VAL-DE-MARNE"],
        [f"ETAT 4001 - FAITS CONSTATES - {nom_du_mois(mois.numero).upper()} {mois.annee}"],
        [MENTION],
        [f"Edité le {mois.recu(4):%d/%m/%Y}"],
        ["Index", "Libellé index", *(v.etiquette for v in VILLES), "TOTAL"],
    ]
    for index, valeurs in faits.items():
        lignes.append([index, libelles[index].libelle_publie, *map(int, valeurs), int(valeurs.sum())])
    sommes = np.sum(list(faits.values()), axis=0)
    lignes.append([None, "TOTAL GENERAL", *map(int, sommes), int(sommes.sum())])
    return Feuille(f"{mois.numero:02d}-{mois.annee}", lignes, frozenset({4}))


def ecrire_4001(dossier: Path) -> list[Envoi]:
    """One workbook a month; August 2026 was sent wrong first, and corrected after the bulletin had left."""
    envois = []
    for rang, mois in enumerate(PERIODE):
        faits = faits_du_mois(mois)
        total = int(np.sum(list(faits.values())))
        chemin = dossier / f"4001_PLAINE_CENTRALE_{mois.annee}_{mois.numero:02d}.xlsx"
        envoi = Envoi("police-4001-mensuel", chemin, mois.recu(_DELAI[rang % 12]), total)
        if mois == CORRIGE:
            fautifs = {i: v.copy() for i, v in faits.items()}
            fautifs[27][0], fautifs[30][0] = fautifs[27][0] + 19, max(fautifs[30][0] - 3, 0)
            faute = dossier / chemin.name.replace(".xlsx", "_provisoire.xlsx")
            ecrire_xlsx(faute, [_feuille_4001(mois, fautifs)])
            envois.append(Envoi(envoi.source, faute, mois.recu(5), int(np.sum(list(fautifs.values())))))
            envoi = Envoi(envoi.source, chemin, mois.recu(26), total, remplace=faute.name)
        ecrire_xlsx(chemin, [_feuille_4001(mois, faits)])
        envois.append(envoi)
    return envois


# (label as the district writes it, monthly mean in each commune, season)
AFFINEES = (
    ("Différends conjugaux et familiaux (victimes)", (33.0, 15.5, 9.0), _CALME),
    ("Mineurs mis en cause", (41.0, 14.0, 7.5), _PRINTEMPS),
    ("Violences routières - accidents corporels", (11.0, 4.5, 3.2), _ETE),
    ("Conduite sous l'empire d'un état alcoolique", (14.0, 6.0, 4.0), _ETE),
    ("Conduite après usage de stupéfiants", (12.0, 6.5, 3.0), _CALME),
)


def _feuille_affinee(arrete: Mois) -> tuple[Feuille, int]:
    remplis = arrives(arrete)
    lignes: list[list[Cellule]] = [
        ["STATISTIQUES AFFINÉES 2024-2026 – CISPD PLAINE CENTRALE"],
        [f"{MENTION} – situation arrêtée au {arrete.fin:%d/%m/%Y}"],
        [],
        ["Commune", "Nature", *(m.libelle.capitalize() for m in SUIVI), "TOTAL"],
    ]
    sommes = np.zeros(len(SUIVI), dtype=int)
    for rang, v in enumerate(VILLES):
        for libelle, moyennes, saison in AFFINEES:
            valeurs: list[Cellule] = [None] * len(SUIVI)
            for c, m in enumerate(remplis):
                rng = generateur("affinees", m.code, libelle, v.code)
                n = int(comptes(rng, moyennes[rang] * saison[m.numero - 1], 200.0))
                valeurs[c] = n
                sommes[c] += n
            lignes.append([v.nom, libelle, *valeurs, sum(int(x) for x in valeurs if x is not None)])
    lignes.append(["TOTAL", None, *map(int, sommes), int(sommes.sum())])
    return Feuille("Statistiques affinées", lignes, frozenset({3})), int(sommes.sum())


def ecrire_affinees(dossier: Path) -> list[Envoi]:
    """One workbook, months in columns, sent again each month; April 2026 came with May, after a call."""
    envois: list[Envoi] = []
    for arrete in (ANCIENS[-1], *(m for m in RECENTS if m != TARDIF)):
        feuille, total = _feuille_affinee(arrete)
        chemin = dossier / f"stats_affinees_arrete_{arrete.code}.xlsx"
        ecrire_xlsx(chemin, [feuille])
        precedent = envois[-1].nom if envois else ""
        envois.append(
            Envoi(
                "police-affinees",
                chemin,
                arrete.recu(18 if arrete == TARDIF.suivant else 12),
                total,
                remplace=precedent,
            )
        )
    return envois
