"""Yearly senders: éducation nationale (school year), tribunal judiciaire, protection judiciaire."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pupitre.cli.demonstration.calendrier import Mois
from pupitre.cli.demonstration.ecriture import MENTION, Cellule, Feuille, ecrire_csv, ecrire_ods, ecrire_xlsx
from pupitre.cli.demonstration.envoi import Envoi
from pupitre.cli.demonstration.hasard import comptes, generateur
from pupitre.cli.demonstration.lieux import VILLES

SIGNALEMENTS = (
    ("Violences physiques", 38.0),
    ("Violences verbales et menaces", 27.0),
    ("Harcèlement", 18.0),
    ("Port d'arme ou objet dangereux", 6.0),
    ("Intrusions", 9.0),
    ("Dégradations", 11.0),
    ("Atteintes aux valeurs de la République", 6.0),
)
_NIVEAUX = (("Écoles", 0.25), ("Collèges", 0.5), ("Lycées", 0.25))
_TAILLES = (0.55, 0.27, 0.18)


def ecrire_education(dossier: Path) -> list[Envoi]:
    """Serious incidents reported, one workbook a school year."""
    envois = []
    for annee in (2023, 2024, 2025):
        entetes: list[Cellule] = [
            "Année scolaire",
            "Commune",
            "Niveau",
            *(n for n, _ in SIGNALEMENTS),
            "TOTAL",
        ]
        lignes: list[list[Cellule]] = [
            ["ACADÉMIE DE CRÉTEIL – DSDEN du Val-de-Marne – Signalements des établissements"],
            [MENTION],
            [],
            entetes,
        ]
        sommes = np.zeros(len(SIGNALEMENTS), dtype=int)
        for v, taille in zip(VILLES, _TAILLES, strict=True):
            for niveau, part in _NIVEAUX:
                rng = generateur("education", annee, v.code, niveau)
                valeurs = comptes(rng, [m * taille * part * 2 for _, m in SIGNALEMENTS], 30.0)
                sommes += valeurs
                scolaire = f"{annee}-{annee + 1}"
                lignes.append([scolaire, v.nom, niveau, *map(int, valeurs), int(valeurs.sum())])
        lignes.append(["TOTAL", None, None, *map(int, sommes), int(sommes.sum())])
        chemin = dossier / f"DSDEN94_signalements_{annee}-{annee + 1}.xlsx"
        ecrire_xlsx(chemin, [Feuille("Signalements", lignes, frozenset({3}))])
        envois.append(Envoi("education-nationale", chemin, Mois(annee + 1, 9).recu(2), int(sommes.sum())))
    return envois


PARQUET = (
    ("Affaires poursuivables", 2350.0),
    ("Avertissements pénaux probatoires", 240.0),
    ("Compositions pénales", 165.0),
    ("Médiations pénales", 48.0),
    ("TIG prononcés", 62.0),
    ("Saisines des correspondants parquet", 130.0),
)


def ecrire_tribunal(dossier: Path) -> list[Envoi]:
    """One flat file a year; its lines overlap by nature, so no total is given."""
    envois = []
    for annee in (2023, 2024, 2025):
        lignes: list[list[Cellule]] = [
            ["Tribunal judiciaire de Créteil - secrétariat général du parquet"],
            [MENTION],
            ["Année", "Commune de commission", "Orientation", "Affaires"],
        ]
        total = 0
        for v, taille in zip(VILLES, _TAILLES, strict=True):
            for libelle, moyenne in PARQUET:
                n = int(comptes(generateur("parquet", annee, v.code, libelle), moyenne * taille, 900.0))
                total += n
                lignes.append([annee, v.nom, libelle, n])
        chemin = dossier / f"TJ_CRETEIL_statistiques_{annee}.csv"
        ecrire_csv(chemin, lignes)
        envois.append(Envoi("tribunal-judiciaire", chemin, Mois(annee + 1, 2).recu(18), total))
    return envois


PJJ = (
    ("Mineurs suivis", 310.0),
    ("Mesures de réparation", 74.0),
    ("Participants aux journées citoyenneté", 46.0),
)
ANNEES_PJJ = (2023, 2024, 2025, 2026)


def ecrire_pjj(dossier: Path) -> list[Envoi]:
    """Natures in rows, years in columns: one more column is filled in each year."""
    envois: list[Envoi] = []
    for annee in (2023, 2024, 2025):
        annees = range(2023, annee + 1)
        lignes: list[list[Cellule]] = [
            ["PJJ Val-de-Marne – Bilan d'activité – CISPD Plaine centrale"],
            [MENTION],
            [],
            ["Prise en charge", *ANNEES_PJJ],
        ]
        total = 0
        for libelle, moyenne in PJJ:
            valeurs = [int(comptes(generateur("pjj", a, libelle), moyenne, 400.0)) for a in annees]
            total += sum(valeurs)
            lignes.append([libelle, *valeurs, *[None] * (len(ANNEES_PJJ) - len(valeurs))])
        chemin = dossier / f"PJJ94_bilan_{annee}.ods"
        ecrire_ods(chemin, [Feuille("Bilan", lignes)])
        precedent = envois[-1].nom if envois else ""
        envois.append(Envoi("pjj", chemin, Mois(annee + 1, 3).recu(10), total, remplace=precedent))
    return envois
