"""`pupitre evolution`: two counts, and whether their difference is more than chance."""

from __future__ import annotations

import argparse
import math

from pupitre.cli.reponse import Reponse
from pupitre.moteur.erreurs import ErreurPupitre


class ComptesRefuses(ErreurPupitre):
    """Not two counts, or exposures that are not positive."""


def declarer(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument("precedent", metavar="AVANT", help="le compte de la période précédente")
    analyseur.add_argument("actuel", metavar="MAINTENANT", help="le compte de la période actuelle")
    analyseur.add_argument(
        "--exposition",
        metavar="A,B",
        help="durées ou populations des deux périodes, dans le même ordre, si elles diffèrent",
    )


def executer(options: argparse.Namespace) -> Reponse:
    precedent, actuel = _compte(options.precedent), _compte(options.actuel)
    avant, maintenant = _expositions(options.exposition)
    from pupitre.moteur.statistiques import evolution, phrase

    e = evolution(actuel, precedent, (maintenant, avant))
    donnees = {
        "ecart": e.ecart,
        "pourcentage": e.pourcentage,
        "p": e.p,
        "significatif": e.significatif,
        "methode": e.methode,
        "phrase": phrase(e),
    }
    return Reponse(f"{donnees['phrase']}\n  {e.methode}, p = {_p(e.p)}", donnees)


def _compte(texte: str) -> int:
    if texte.isascii() and texte.isdigit() and len(texte) <= 15:
        return int(texte)
    raise ComptesRefuses(
        f"«\u202f{texte}\u202f» n’est pas un compte.",
        "Un compte est un nombre entier de faits, zéro ou plus\u202f: ni négatif, ni décimal, ni un taux.",
        "Donnez les deux comptes bruts, par exemple «\u202fpupitre evolution 46 41\u202f».",
    )


def _expositions(texte: str | None) -> tuple[float, float]:
    if texte is None:
        return 1.0, 1.0
    try:
        avant, maintenant = (float(mot) for mot in texte.split(","))
    except ValueError:
        avant = maintenant = math.nan
    if not (0 < avant < math.inf and 0 < maintenant < math.inf):
        raise ComptesRefuses(
            f"L’exposition «\u202f{texte}\u202f» n’est pas comprise.",
            "Il faut deux nombres positifs, séparés par une virgule, avec un point pour les décimales.",
            "Écrivez par exemple --exposition 31,28 pour deux mois de longueurs différentes.",
        )
    return avant, maintenant


def _p(p: float) -> str:
    return "moins de 0,001" if p < 0.001 else f"{p:.3f}".replace(".", ",")
