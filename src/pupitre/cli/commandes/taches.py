"""`pupitre taches`: what falls due with time, safely as many times as one wants."""

from __future__ import annotations

import argparse
from datetime import date

from pupitre.cli.reponse import Reponse


def declarer(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument(
        "--jour", metavar="AAAA-MM-JJ", type=date.fromisoformat, help="comme si c’était ce jour-là"
    )
    analyseur.add_argument("--essai", action="store_true", help="dit ce qui serait fait, sans rien écrire")


def executer(options: argparse.Namespace) -> Reponse:
    from pupitre.cli.django_pret import demarrer, refus_expliques

    demarrer()
    from pupitre.socle.devoirs import passer

    with refus_expliques():
        bilans = passer(options.jour, essai=options.essai)
    lignes = [f"{b.libelle}\u202f: {b.erreur or b.fait}" for b in bilans]
    return Reponse(
        "\n".join(["À faire, à l’essai\u202f:" if options.essai else "Fait\u202f:", *lignes]),
        {
            "essai": options.essai,
            "devoirs": {b.code: {"fait": b.fait, "erreur": b.erreur} for b in bilans},
        },
    )
