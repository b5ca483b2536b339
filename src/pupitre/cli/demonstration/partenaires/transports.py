"""Carriers: RATP sends a list of events with what followed, STRAV a monthly table by line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np

from pupitre.cli.demonstration.calendrier import Mois, etendue, lots
from pupitre.cli.demonstration.ecriture import MENTION, Cellule, Feuille, ecrire_csv, ecrire_xlsx
from pupitre.cli.demonstration.envoi import Envoi, Sort
from pupitre.cli.demonstration.hasard import comptes, generateur
from pupitre.cli.demonstration.lieux import LIEUX, placer

RUPTURE_STRAV = Mois(2026, 3)
JAMAIS_VENU = Mois(2025, 12)
NATURES = (
    ("Agression de voyageur", 5.0),
    ("Agression d'agent", 3.0),
    ("Vol sur voyageur", 9.0),
    ("Dégradation de matériel", 8.0),
    ("Jet de projectile", 5.0),
    ("Outrage ou menace", 14.0),
)
SUITES = ("Plainte déposée", "Main courante", "Sans suite", "Intervention police")
_ARRETS = {
    "CR-02": "Gare de Créteil",
    "CR-04": "Mont-Mesly",
    "CR-06": "Échat",
    "CR-01": "Église",
    "AL-02": "Mairie d'Alfortville",
    "AL-03": "Grand Ensemble",
    "LI-02": "Place de la Mairie",
}
_POIDS = (30, 20, 16, 10, 8, 10, 6)
_SAISON = (1.0, 1.0, 1.04, 1.0, 1.02, 1.05, 0.92, 0.72, 1.06, 1.1, 1.06, 1.02)
_HEURES = np.array([3, 1, 0, 0, 0, 1, 3, 6, 6, 4, 3, 4, 5, 5, 5, 7, 9, 10, 9, 7, 6, 5, 4, 4], float)


def _faits_ratp(mois: Mois) -> list[list[Cellule]]:
    rng = generateur("ratp", mois.code)
    codes = list(_ARRETS)
    villes = {"94028": "Créteil", "94002": "Alfortville", "94044": "Limeil-Brévannes"}
    communes = {x.code: villes[x.ville] for x in LIEUX}
    lignes = []
    for nature, moyenne in NATURES:
        for _ in range(int(comptes(rng, moyenne * _SAISON[mois.numero - 1], 60.0))):
            code = codes[int(rng.choice(len(codes), p=np.array(_POIDS) / sum(_POIDS)))]
            jour = mois.debut + timedelta(days=int(rng.integers(mois.fin.day)))
            heure = int(rng.choice(24, p=_HEURES / _HEURES.sum()))
            lon, lat = placer(rng, code)
            suite = SUITES[int(rng.choice(4, p=(0.3, 0.25, 0.3, 0.15)))]
            ligne = f"{int(rng.choice((104, 172, 217, 281, 308, 393)))}"
            lignes.append(
                [
                    f"{jour:%d/%m/%Y}",
                    f"{heure}h{int(rng.integers(60)):02d}",
                    ligne,
                    _ARRETS[code],
                    communes[code],
                    nature,
                    suite,
                    f"{lon:.5f}",
                    f"{lat:.5f}",
                ]
            )
    return sorted(lignes, key=lambda x: (x[0][6:], x[0][3:5], x[0][:2], x[1]))


def ecrire_ratp(dossier: Path) -> list[Envoi]:
    envois = []
    for mois in lots(3):
        faits = [ligne for m in mois for ligne in _faits_ratp(m)]
        chemin = dossier / f"RATP_surete_94_{etendue(mois)}.csv"
        entetes = ["Date", "Heure", "Ligne", "Point d'arrêt", "Commune", "Nature", "Suite donnée", "X", "Y"]
        ecrire_csv(chemin, [[f"RATP – Département sûreté ({MENTION})"], entetes, *faits])
        envois.append(Envoi("ratp", chemin, mois[-1].recu(6), len(faits)))
    return envois


_LIGNES_STRAV = (("Ligne K", 1.3), ("Ligne J1", 1.0), ("Ligne 23", 0.8))
_RESEAU = {"Agression de voyageur": 0.35, "Agression d'agent": 0.5, "Vol sur voyageur": 0.3}


def _mois_strav(mois: Mois) -> list[list[Cellule]]:
    """From March 2026 only incidents with a written report are recorded: the level falls by a third."""
    lignes: list[list[Cellule]] = []
    saisie = 0.62 if mois >= RUPTURE_STRAV else 1.0
    for ligne, poids in _LIGNES_STRAV:
        for nature, moyenne in NATURES:
            rng = generateur("strav", mois.code, ligne, nature)
            mu = moyenne * poids * _RESEAU.get(nature, 0.45) * _SAISON[mois.numero - 1] * saisie
            n = int(comptes(rng, mu, 80.0))
            plaintes = int(rng.binomial(n, 0.2))
            lignes.append([f"{mois.numero:02d}/{mois.annee}", ligne, nature, n, plaintes])
    return lignes


def _ecrire_mois_strav(chemin: Path, mois: tuple[Mois, ...], faute: bool = False) -> int:
    corps = [ligne for m in mois for ligne in _mois_strav(m)]
    nombres = np.array([ligne[3:] for ligne in corps], dtype=int)
    total, plaintes = map(int, nombres.sum(axis=0))
    if faute:
        corps[4] = [*corps[4][:3], "#REF!", corps[4][4]]
    avis = "Nouveau logiciel de saisie depuis le 1er mars 2026" if mois[-1] >= RUPTURE_STRAV else None
    lignes: list[list[Cellule]] = [
        ["S.T.R.A.V. – Exploitation – Incidents d'ambiance"],
        [MENTION],
        [avis],
        ["Mois", "Ligne", "Nature", "Nombre d'incidents", "dont plaintes"],
        *corps,
        ["TOTAL", None, None, total, plaintes],
    ]
    ecrire_xlsx(chemin, [Feuille("Incidents", lignes, frozenset({3}))])
    return total


def ecrire_strav(dossier: Path) -> list[Envoi]:
    """One workbook a month; December 2025 never came, in spite of reminders. That of September 2026 came with a broken
    formula, was rejected and sent again.
    """
    envois = []
    for mois in lots():
        if mois[-1] == JAMAIS_VENU:
            continue
        chemin = dossier / f"STRAV_incidents_{etendue(mois)}.xlsx"
        total = _ecrire_mois_strav(chemin, mois)
        recu = mois[-1].recu(8)
        if mois[-1] == Mois(2026, 9):
            faux = chemin.with_name(f"{chemin.stem}_v1.xlsx")
            _ecrire_mois_strav(faux, mois, faute=True)
            raison = "Une formule est cassée (#REF!) : la STRAV a été prévenue et renvoie le fichier."
            envois.append(Envoi("strav", faux, mois[-1].recu(7), 0, sort=Sort.REJETER, raison=raison))
        envois.append(Envoi("strav", chemin, recu, total))
    return envois
