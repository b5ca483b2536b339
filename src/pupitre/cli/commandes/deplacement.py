"""`pupitre deplacement`: what a local action changed, next door included."""

from __future__ import annotations

import argparse

from pupitre.cli.reponse import Reponse
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle.texte import nombre

ZONES = ("temoin", "traite", "deplacement_temoin", "deplacement_traite")


class DonneesRefusees(ErreurPupitre):
    """The counts do not make a comparison."""


def declarer(analyseur: argparse.ArgumentParser) -> None:
    for nom, aide, requis in (
        ("--temoin", "faits avant et après dans la zone témoin", True),
        ("--traite", "faits avant et après dans la zone de l’action", True),
        ("--deplacement-temoin", "autour de la zone témoin", False),
        ("--deplacement-traite", "autour de la zone de l’action", False),
    ):
        analyseur.add_argument(nom, metavar="AVANT,APRES", required=requis, help=aide)
    analyseur.add_argument(
        "--surfaces", metavar="T,A[,DT,DA]", help="surfaces des zones, dans l’ordre ci-dessus (1 par défaut)"
    )
    analyseur.add_argument(
        "--durees", metavar="AVANT,APRES", help="durées des périodes avant et après (1,1 par défaut)"
    )


def executer(options: argparse.Namespace) -> Reponse:
    from pupitre.moteur.statistiques.deplacement import Zone, deplacement

    noms = [n for n in ZONES if getattr(options, n)]
    comptes = {n: _nombres(getattr(options, n), 2, f"--{n.replace('_', '-')}", entiers=True) for n in noms}
    surfaces = _nombres(options.surfaces, len(noms), "--surfaces") if options.surfaces else [1.0] * len(noms)
    durees = _nombres(options.durees, 2, "--durees") if options.durees else [1.0, 1.0]
    try:
        zones = {
            n: Zone(int(comptes[n][0]), int(comptes[n][1]), s, *durees)
            for n, s in zip(noms, surfaces, strict=True)
        }
        d = deplacement(*(zones.get(n) for n in ZONES))
    except ValueError as erreur:
        raise DonneesRefusees(
            "Ces nombres ne permettent pas de comparaison.",
            {
                "displacement zones come in pairs": "Une zone de déplacement est donnée sans l’autre.",
                "there is no fact in any zone": "Il n’y a aucun fait dans aucune zone.",
                "counts are not negative": "Un compte est négatif.",
                "areas and durations are positive": "Une surface ou une durée est nulle ou négative.",
            }.get(str(erreur), str(erreur)),
            "Par exemple\u202f: --temoin 20,20 --traite 20,10.",
        ) from erreur
    sens = "moins" if d.estimation < 0 else "plus"
    verdict = (
        f"L’écart dépasse ce que le hasard produit (p = {nombre(d.p, 3)})."
        if d.p <= 0.05
        else f"Le hasard suffit à l’expliquer (p = {nombre(d.p, 3)})."
    )
    bas, haut = d.intervalle
    mesure = "faits" if not (options.surfaces or options.durees) else "faits par unité de surface et de durée"
    texte = (
        f"{nombre(abs(d.estimation), 1)} {mesure} de {sens} que si la zone avait suivi la zone témoin "
        f"(erreur type {nombre(d.erreur, 2)}, z = {nombre(d.z, 2)}, intervalle à 95\u202f% de {nombre(bas, 1)} à "
        f"{nombre(haut, 1)}). {verdict}"
    )
    donnees = {
        "estimation": d.estimation,
        "erreur_type": d.erreur,
        "z": d.z,
        "p": d.p,
        "intervalle": list(d.intervalle),
        "local": d.local,
        "deplace": d.deplace,
        "methode": d.methode,
    }
    return Reponse(texte, donnees)


def _nombres(texte: str, combien: int, option: str, *, entiers: bool = False) -> list[float]:
    morceaux = texte.split(",")
    try:
        lus = [float(m) for m in morceaux]
    except ValueError:
        lus = []
    if len(lus) != combien or (entiers and any(v != int(v) for v in lus)):
        quoi = "nombres entiers" if entiers else "nombres"
        raise DonneesRefusees(
            f"«\u202f{texte}\u202f» ne se lit pas pour {option}.",
            f"{combien} {quoi} sont attendus, séparés par une virgule.",
            f"Par exemple\u202f: {option} {','.join(['20', '10', '15', '12'][:combien])}.",
        )
    return lus
