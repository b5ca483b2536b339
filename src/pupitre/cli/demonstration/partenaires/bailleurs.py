"""Landlords: hall occupations, violence against caretakers, nuisances, by residence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pupitre.cli.demonstration.calendrier import ANCIENS, RECENTS, SUIVI, Mois, arrives, etendue, lots
from pupitre.cli.demonstration.ecriture import MENTION, Cellule, Feuille, ecrire_ods, ecrire_xlsx
from pupitre.cli.demonstration.envoi import Envoi
from pupitre.cli.demonstration.hasard import comptes, generateur
from pupitre.cli.demonstration.lieux import LIEUX, ville

NATURES = (
    "Occupation de hall",
    "Violence contre gardien",
    "Trouble de jouissance",
    "Dégradation parties communes",
)
_MOYENNES = (1.0, 0.07, 0.85, 0.6)
_SAISON = (1.12, 1.08, 1.02, 0.95, 0.95, 0.95, 0.98, 0.88, 0.98, 1.03, 1.06, 1.1)


@dataclass(frozen=True, slots=True)
class Residence:
    nom: str
    secteur: str
    taille: float  # mean hall occupations in a month

    @property
    def nom_secteur(self) -> str:
        return next(x.nom for x in LIEUX if x.code == self.secteur)

    @property
    def nom_ville(self) -> str:
        return next(ville(x.ville).nom for x in LIEUX if x.code == self.secteur)


CRETEIL_HABITAT = (
    Residence("Résidence du Plateau", "CR-04", 9.0),
    Residence("Les Emouleuses", "CR-04", 6.0),
    Residence("Square des Bleuets", "CR-05", 5.5),
    Residence("Le Champ-Long", "CR-06", 4.0),
    Residence("Les Sarrazins nord", "CR-07", 3.5),
    Residence("Le Port", "CR-03", 2.5),
)
OGIF = (
    Residence("Tours de la Gare", "CR-02", 4.5),
    Residence("Grand Ensemble A", "AL-03", 7.5),
    Residence("Grand Ensemble B", "AL-03", 6.0),
    Residence("Les Saules", "AL-04", 4.0),
)
FRANCE_HABITATION = (
    Residence("Les Temps-Durables", "LI-01", 5.0),
    Residence("Le Sable", "LI-03", 4.0),
    Residence("Clos du Bourg", "LI-02", 2.0),
    Residence("Chantereine sud", "AL-04", 3.0),
)


def incidents(bailleur: str, residence: Residence, mois: Mois) -> np.ndarray:
    """Counts of the four natures."""
    rng = generateur("bailleur", bailleur, residence.nom, mois.code)
    moyennes = np.array(_MOYENNES) * residence.taille * _SAISON[mois.numero - 1]
    return comptes(rng, moyennes, 40.0)


def ecrire_creteil_habitat(dossier: Path) -> list[Envoi]:
    """One OpenDocument workbook, months in columns, sent again each month; October 2026 never came."""
    arretes = [ANCIENS[-1], *RECENTS[:-1]]
    envois: list[Envoi] = []
    for arrete in arretes:
        precedent = envois[-1].nom if envois else ""
        envois.append(_envoi_creteil_habitat(dossier, arrete, precedent))
    return envois


def ecrire_retardataire(dossier: Path) -> Envoi:
    """The file that is late, for whoever tries the software to drop it."""
    return _envoi_creteil_habitat(dossier, Mois(2026, 10), "")


def _envoi_creteil_habitat(dossier: Path, arrete: Mois, precedent: str) -> Envoi:
    chemin = dossier / f"CRETEIL_HABITAT_suivi_{arrete.annee}_M{arrete.numero:02d}.ods"
    feuille, total = _suivi_creteil_habitat(arrete)
    ecrire_ods(chemin, [feuille])
    # June came in August, once the referent was back and had been reminded twice.
    jour = 34 if arrete == Mois(2026, 6) else 9
    return Envoi("creteil-habitat", chemin, arrete.recu(jour), total, remplace=precedent)


def _suivi_creteil_habitat(arrete: Mois) -> tuple[Feuille, int]:
    remplis = arrives(arrete)
    entetes = [f"{m.numero:02d}/{m.annee}" for m in SUIVI]
    lignes: list[list[Cellule]] = [
        ["CRÉTEIL HABITAT – Suivi des incidents dans le patrimoine – 2024-2026"],
        [f"{MENTION} – arrêté fin {arrete.libelle}"],
        [],
        ["Secteur", "Résidence", "Nature de l'incident", *entetes, "Total"],
    ]
    sommes = np.zeros(len(SUIVI), dtype=int)
    for residence in CRETEIL_HABITAT:
        table = np.array([incidents("creteil-habitat", residence, m) for m in remplis])
        sommes[: len(remplis)] += table.sum(axis=1)
        for k, nature in enumerate(NATURES):
            valeurs = [*map(int, table[:, k]), *[None] * (len(SUIVI) - len(remplis))]
            lignes.append([residence.nom_secteur, residence.nom, nature, *valeurs, int(table[:, k].sum())])
    lignes.append(["TOTAL", None, None, *map(int, sommes), int(sommes.sum())])
    return Feuille("Suivi", lignes), int(sommes.sum())


def ecrire_ogif(dossier: Path) -> list[Envoi]:
    """Residences in rows, natures in columns; each row says its month, so that old years fit in one file."""
    envois = []
    for mois in lots():
        lignes: list[list[Cellule]] = [
            ["OGIF – Direction territoriale Est – Fiche de remontée des incidents"],
            [MENTION],
            ["Mois", "Ville", "Secteur", "Résidence", *NATURES, "Total"],
        ]
        sommes = np.zeros(4, dtype=int)
        for m in mois:
            for residence in OGIF:
                valeurs = incidents("ogif", residence, m)
                sommes += valeurs
                lignes.append(
                    [
                        f"{m.numero:02d}/{m.annee}",
                        residence.nom_ville,
                        residence.nom_secteur,
                        residence.nom,
                        *map(int, valeurs),
                        int(valeurs.sum()),
                    ]
                )
        lignes.append(["TOTAL", None, None, None, *map(int, sommes), int(sommes.sum())])
        chemin = dossier / f"OGIF_incidents_{etendue(mois)}.xlsx"
        ecrire_xlsx(chemin, [Feuille("Incidents", lignes, frozenset({2}))])
        jour = 38 if mois[-1] == Mois(2026, 1) else 11
        envois.append(Envoi("ogif", chemin, mois[-1].recu(jour), int(sommes.sum())))
    return envois


def ecrire_france_habitation(dossier: Path) -> list[Envoi]:
    """A long list, OpenDocument, one file a quarter."""
    trimestres = [RECENTS[i : i + 3] for i in (2, 5, 8)]
    fichiers = [(*ANCIENS, *RECENTS[:2]), *trimestres, RECENTS[11:]]
    envois = []
    for mois in fichiers:
        lignes: list[list[Cellule]] = [
            ["France Habitation – agence de Limeil-Brévannes"],
            [MENTION],
            [],
            ["Mois", "Ville", "Quartier", "Résidence", "Nature", "Nombre"],
        ]
        total = 0
        for m in mois:
            for residence in FRANCE_HABITATION:
                for nature, n in zip(NATURES, incidents("france-habitation", residence, m), strict=True):
                    total += int(n)
                    lignes.append(
                        [m.libelle, residence.nom_ville, residence.nom_secteur, residence.nom, nature, int(n)]
                    )
        lignes.append([None, None, None, None, "Total", total])
        chemin = dossier / f"FH_troubles_{mois[0].code}_{mois[-1].code}.ods"
        ecrire_ods(chemin, [Feuille("Export", lignes)])
        envois.append(Envoi("france-habitation", chemin, mois[-1].recu(14), total))
    return envois
