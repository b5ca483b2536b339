"""`pupitre taches`: what falls due with time, safely as many times as one wants."""

from __future__ import annotations

import argparse
from datetime import date

from pupitre.cli.reponse import Reponse
from pupitre.moteur.erreurs import ErreurPupitre


def declarer(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument(
        "--jour", metavar="AAAA-MM-JJ", type=date.fromisoformat, help="comme si c’était ce jour-là"
    )
    analyseur.add_argument("--essai", action="store_true", help="dit ce qui serait fait, sans rien écrire")


def executer(options: argparse.Namespace) -> Reponse:
    from pupitre.cli.django_pret import demarrer, refus_expliques

    demarrer()
    from pupitre.socle import horloge
    from pupitre.socle.devoirs import passer

    jour = options.jour or horloge.aujourdhui()
    with refus_expliques(), horloge.figee(jour):
        bilans = passer(jour, essai=options.essai)
    lignes = [f"  {b.libelle}\u202f: {f'a échoué ({b.erreur})' if b.erreur else b.fait}" for b in bilans]
    donnees = {
        "jour": jour,
        "essai": options.essai,
        "devoirs": {b.code: {"libelle": b.libelle, "fait": b.fait, "erreur": b.erreur} for b in bilans},
    }
    echoues = [b.libelle for b in bilans if b.erreur]
    if echoues:
        donnees["erreur"] = ErreurPupitre(
            f"{len(echoues)} échéance(s) n’ont pas pu être faites.",
            ", ".join(echoues),
            "Lisez le journal\u202f: ce qui a échoué sera tenté au prochain passage, rien ne sera fait deux fois.",
        ).as_dict()
    return Reponse(
        "\n".join(["Serait fait\u202f:" if options.essai else "Fait\u202f:", *lignes]),
        donnees,
        code=2 if echoues else 0,
    )
