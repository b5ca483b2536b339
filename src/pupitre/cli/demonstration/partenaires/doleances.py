"""Complaints of residents, as each mayor's office files them: by secteur and nature, months in columns."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import numpy as np

from pupitre.cli.demonstration.calendrier import ANCIENS, RECENTS, SAISIES_DEPUIS, SUIVI, Mois, arrives, court
from pupitre.cli.demonstration.ecriture import MENTION, Cellule, Feuille, ecrire_xlsx
from pupitre.cli.demonstration.envoi import Envoi
from pupitre.cli.demonstration.hasard import comptes, generateur, repartir
from pupitre.cli.demonstration.lieux import VILLES, Ville, lieux_de

_ETE = (0.75, 0.78, 0.92, 1.0, 1.12, 1.25, 1.28, 1.12, 1.05, 0.98, 0.9, 0.85)
_EGAL = (1.0,) * 12
DOLEANCES = (
    ("Bruit, tapage", 26.0, _ETE),
    ("Rodéos motorisés, vitesse", 16.0, _ETE),
    ("Regroupements", 20.0, _ETE),
    ("Stationnement gênant", 22.0, _EGAL),
    ("Propreté", 18.0, _EGAL),
    ("Éclairage public", 10.0, tuple(reversed(_ETE))),
)
PARTS = {"94028": 0.55, "94002": 0.27, "94044": 0.18}
SOURCES = {"94028": "doleances-creteil", "94002": "doleances-alfortville", "94044": "doleances-limeil"}


def tirages(v: Ville, mois: tuple[Mois, ...]) -> np.ndarray:
    """Counts: secteur × nature × month."""
    lieux = lieux_de(v.code)
    table = np.zeros((len(lieux), len(DOLEANCES), len(mois)), dtype=int)
    for c, m in enumerate(mois):
        for k, (libelle, moyenne, saison) in enumerate(DOLEANCES):
            rng = generateur("doleances-0", v.code, m.code, libelle)
            n = int(comptes(rng, moyenne * PARTS[v.code] * saison[m.numero - 1], 600.0))
            table[:, k, c] = repartir(rng, n, [x.trouble for x in lieux])
    return table


def _feuille(v: Ville, arrete: Mois) -> tuple[Feuille, int]:
    remplis = arrives(arrete)
    table = tirages(v, remplis)
    trimestres: list[Cellule] = []
    fusions = []
    for (annee, rang), groupe in groupby(SUIVI, key=lambda m: (m.annee, (m.numero - 1) // 3 + 1)):
        largeur = len(list(groupe))
        debut = 2 + len(trimestres)
        trimestres += [f"{rang}{'er' if rang == 1 else 'e'} trimestre {annee}", *[None] * (largeur - 1)]
        if largeur > 1:
            fusions.append((2, debut, 2, debut + largeur - 1))
    lignes: list[list[Cellule]] = [
        [f"DOLÉANCES DES HABITANTS – {v.nom.upper()} – 2024-2026"],
        [f"{MENTION} – courriers, courriels et appels reçus au cabinet du maire"],
        [None, None, *trimestres, None],
        ["Secteur", "Nature de la plainte", *map(court, SUIVI), "TOTAL"],
    ]
    vides: list[Cellule] = [None] * (len(SUIVI) - len(remplis))

    def rangee(valeurs: np.ndarray) -> list[Cellule]:
        return [*map(int, valeurs), *vides, int(valeurs.sum())]

    for i, lieu in enumerate(lieux_de(v.code)):
        for k, (libelle, _, _) in enumerate(DOLEANCES):
            lignes.append([lieu.nom, libelle, *rangee(table[i, k])])
        lignes.append([f"Sous-total {lieu.nom}", None, *rangee(table[i].sum(axis=0))])
    lignes.append(["TOTAL GÉNÉRAL", None, *rangee(table.sum(axis=(0, 1)))])
    return Feuille(v.nom, lignes, frozenset({2, 3}), tuple(fusions)), int(table.sum())


def _arretes(v: Ville) -> list[tuple[Mois, int]]:
    """Month closed, and day of the following month on which the workbook comes.

    Alfortville keeps March for the workbook of April; Limeil-Brévannes enters its complaints in Pupitre since July.
    """
    mois = [(ANCIENS[-1], 10), *((m, 10) for m in RECENTS)]
    if v.code == "94002":
        return [(m, 4 if m == Mois(2026, 4) else jour) for m, jour in mois if m != Mois(2026, 3)]
    return [(m, jour) for m, jour in mois if v.code != "94044" or m < SAISIES_DEPUIS]


def ecrire_doleances(dossier: Path) -> list[Envoi]:
    """One workbook for each town hall, which grows and is sent again each month."""
    envois: list[Envoi] = []
    for v in VILLES:
        precedent = ""
        for arrete, jour in _arretes(v):
            feuille, total = _feuille(v, arrete)
            chemin = dossier / f"Doleances_{v.sigle}_au_{arrete.fin:%d-%m-%Y}.xlsx"
            ecrire_xlsx(chemin, [feuille])
            envois.append(Envoi(SOURCES[v.code], chemin, arrete.recu(jour), total, remplace=precedent))
            precedent = chemin.name
    return envois
