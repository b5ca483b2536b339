"""`pupitre bulletin`: write the bulletin of a month or of a year to a PDF file."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path

from pupitre.cli.reponse import Reponse
from pupitre.moteur.erreurs import ErreurPupitre


class SortieRefusee(ErreurPupitre):
    """The PDF cannot be written there, or the period is not understood."""


def declarer(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument(
        "--conseil", required=True, metavar="C", help="le nom du conseil dans les adresses"
    )
    analyseur.add_argument(
        "--periode", required=True, metavar="P", help="un mois (2026-10) ou une année (2026)"
    )
    analyseur.add_argument("--sortie", required=True, type=Path, metavar="B.pdf", help="le fichier à écrire")


def executer(options: argparse.Namespace) -> Reponse:
    _verifier(options.periode, options.sortie)
    from pupitre.cli.django_pret import demarrer, refus_expliques

    demarrer()
    from pupitre.cli.conseil import trouver_conseil
    from pupitre.observatoire.diffusion import editions, fichiers

    with refus_expliques():
        conseil = trouver_conseil(options.conseil)
        bulletin = editions.preparer_periode(conseil=conseil, periode=options.periode)
        contenu = fichiers.document(bulletin)
    _ecrire(options.sortie, contenu)
    donnees = {
        "sortie": str(options.sortie),
        "octets": len(contenu),
        "conseil": conseil.slug,
        "periode": options.periode,
        "edition": bulletin.edition,
    }
    return Reponse(f"{options.sortie}\u202f: bulletin de {conseil}, {options.periode}.", donnees)


def _verifier(periode: str, sortie: Path) -> None:
    if not re.fullmatch(r"[0-9]{4}(-(0[1-9]|1[0-2]))?", periode):
        raise SortieRefusee(
            f"La période «\u202f{periode}\u202f» n’est pas comprise.",
            "Un bulletin porte sur un mois ou sur une année.",
            "Écrivez 2026-10 ou 2026.",
        )
    dossier = sortie.resolve().parent
    if sortie.is_dir() or not dossier.is_dir() or not os.access(dossier, os.W_OK):
        raise SortieRefusee(
            f"Le bulletin ne peut pas être écrit dans «\u202f{sortie}\u202f».",
            "Le dossier n’existe pas, ou n’est pas modifiable, ou c’est ce nom qui désigne un dossier.",
            "Donnez un nom de fichier dans un dossier où vous pouvez écrire.",
        )


def _ecrire(sortie: Path, contenu: bytes) -> None:
    # A reader never finds half a PDF under that name.
    partiel = sortie.with_name(f".{sortie.name}.partiel")
    partiel.write_bytes(contenu)
    partiel.replace(sortie)
