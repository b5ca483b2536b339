"""`pupitre mesurer`: one figure of one file, with its unit, its interval and where it comes from."""

from __future__ import annotations

import argparse

from pupitre.cli.commandes.lire import ajouter_fichier, relever
from pupitre.cli.reponse import Reponse


def declarer(analyseur: argparse.ArgumentParser) -> None:
    ajouter_fichier(analyseur)
    analyseur.add_argument(
        "--nature", required=True, metavar="N", help="index du 4001 (27 ou 27,28) ou codes de natures"
    )
    analyseur.add_argument(
        "--territoire", metavar="T", help="le nom du territoire, tel qu’il est dans le fichier"
    )
    analyseur.add_argument(
        "--periode", required=True, metavar="P", help="2020, 2020-05, 2020-T2, 2019..2020, 2020-01..2020-05"
    )


def executer(options: argparse.Namespace) -> Reponse:
    from pupitre.cli.mesure import Demande, mesurer

    releve = relever(options)
    resultat = mesurer(releve, options.fichier, Demande(options.nature, options.territoire, options.periode))
    return _reponse(resultat, releve.format)


def _reponse(resultat, format_: str) -> Reponse:
    from pupitre.moteur.resultats import Absent
    from pupitre.socle.texte import nombre, pluriel

    contexte = resultat.contexte
    n, bas, haut = resultat.lignes[0]
    absent = n if isinstance(n, Absent) else None
    sources = [
        {
            "fichier": livraison.fichier,
            "sha256": livraison.sha256,
            "producteur": provenance.producteur,
            "millesime": provenance.millesime,
            "format": format_,
        }
        for provenance in contexte.provenance
        for livraison in provenance.livraisons
    ]
    donnees = {
        "valeur": None if absent else n,
        "unite": contexte.unite,
        "intervalle": None if absent else [bas, haut],
        "sources": sources,
        "absence": {"motif": absent.motif, "raison": absent.raison} if absent else None,
        "nature": contexte.titre,
        "territoire": contexte.perimetre,
        "periode": {
            "debut": contexte.periode.debut,
            "fin": contexte.periode.fin,
            "libelle": contexte.periode.libelle,
        },
        "methode": contexte.methode,
    }
    if absent:
        chiffre = f"{absent} ({absent.raison})"
    else:
        chiffre = f"{pluriel(n, contexte.unite)} (intervalle à 95\u202f%\u202f: {nombre(bas, 1)} à {nombre(haut, 1)})"
    source = sources[0]
    origine = ", ".join(m for m in (source["producteur"], source["millesime"], source["fichier"]) if m)
    lignes = [
        f"{contexte.titre}, {contexte.perimetre}, {contexte.periode.libelle}",
        f"  {chiffre}",
        f"  Source\u202f: {origine} (sha256 {source['sha256'][:12]}…)",
    ]
    return Reponse("\n".join(lignes), donnees)
