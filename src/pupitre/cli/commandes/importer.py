"""`pupitre importer`: the same deposit, reading and publication as on screen."""

from __future__ import annotations

import argparse
from pathlib import Path

from pupitre.cli.reponse import Reponse


def declarer(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument("fichier", metavar="FICHIER", type=Path, help="le fichier, tel que reçu")
    analyseur.add_argument(
        "--conseil", required=True, metavar="C", help="le nom du conseil dans les adresses"
    )
    analyseur.add_argument("--source", required=True, metavar="S", help="le code de la source")
    analyseur.add_argument("--publier", action="store_true", help="publie si rien ne l’empêche")


def executer(options: argparse.Namespace) -> Reponse:
    from pupitre.cli.django_pret import demarrer, refus_expliques
    from pupitre.moteur.erreurs import FichierRefuse

    demarrer()
    from pupitre.cli.conseil import trouver_conseil, trouver_source
    from pupitre.observatoire.collecte import services
    from pupitre.observatoire.etats import Etat
    from pupitre.observatoire.selectors import etat_de

    with refus_expliques():
        source = trouver_source(trouver_conseil(options.conseil), options.source)
        if not options.fichier.is_file():
            raise FichierRefuse(
                "Le fichier est introuvable.",
                f"«\u202f{options.fichier}\u202f» n’existe pas ou n’est pas un fichier.",
                "Vérifiez son nom et son emplacement.",
            )
        livraison = services.importer(source=source, fichier=options.fichier)
        if etat_de(livraison) == Etat.REJETEE:
            raise _refus(livraison)
        if options.publier:
            services.publier(livraison=livraison)
        return _reponse(livraison, Etat(etat_de(livraison)))


def _refus(livraison):
    """The reading refused the file: the reason is kept with the delivery, and said again here."""
    from pupitre.moteur.erreurs import FichierRefuse, Lieu

    dernier = livraison.evenements.order_by("-pk").first()
    details = dernier.details or {}
    return FichierRefuse(
        details.get("quoi") or dernier.raison,
        details.get("pourquoi") or "La livraison est gardée, rejetée.",
        details.get("que_faire") or "Corrigez le fichier et déposez-le à nouveau.",
        Lieu(details.get("feuille"), details.get("ligne"), details.get("colonne")),
    )


def _reponse(livraison, etat) -> Reponse:
    from pupitre.socle.texte import pluriel

    lecture = livraison.lecture
    anomalies = [
        {
            "code": a.code,
            "gravite": a.gravite,
            "message": a.message,
            "feuille": a.feuille or None,
            "ligne": a.ligne,
            "colonne": a.colonne or None,
        }
        for a in livraison.anomalies.all()
    ]
    donnees = {
        "livraison": str(livraison.pk),
        "etat": etat.value,
        "sha256": livraison.sha256,
        "observations": lecture["observations"],
        "retenues": lecture["retenues"],
        "vides": lecture["vides"],
        "anomalies": anomalies,
    }
    lignes = [
        f"«\u202f{livraison.nom}\u202f»\u202f: livraison {etat.label}.",
        f"  {pluriel(lecture['observations'], 'observation')}, dont {pluriel(lecture['retenues'], 'retenue')}"
        f" pour cette source\u202f; {pluriel(len(anomalies), 'anomalie')}.",
    ]
    lignes += [f"  [{a['gravite']}] {a['message']}" for a in anomalies[:20]]
    return Reponse("\n".join(lignes), donnees)
