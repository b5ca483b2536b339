"""`pupitre initialiser`: a real installation, by options or by questions. Run again, it changes nothing."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import asdict
from pathlib import Path

from pupitre.cli.django_pret import refus_expliques
from pupitre.cli.installation import Etape, comptes, questions
from pupitre.cli.installation.comptes import CompteOuvert, Personne
from pupitre.cli.installation.socle import installer
from pupitre.cli.reponse import Reponse
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle.configuration import NOM_FICHIER, Mode


def declarer(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument(
        "--donnees",
        type=Path,
        default=Path(os.environ.get("PUPITRE_DONNEES", "var")),
        help="le dossier de données (%(default)s)",
    )
    analyseur.add_argument(
        "--hote",
        action="append",
        default=[],
        metavar="NOM",
        help="le nom du site (pupitre.ville.fr) ; répétable",
    )
    analyseur.add_argument("--base", default="", metavar="URL", help="postgresql://… (sinon SQLite)")
    conseil = analyseur.add_mutually_exclusive_group()
    conseil.add_argument("--commune", metavar="CODE", help="le code INSEE de la commune : un CLSPD")
    conseil.add_argument("--epci", metavar="SIREN", help="le SIREN de l’EPCI : un CISPD et ses communes")
    analyseur.add_argument(
        "--nom", default="", help="le nom du conseil (sinon celui de la commune ou de l’EPCI)"
    )
    for role in ("administrateur", "coordinateur"):
        analyseur.add_argument(
            f"--{role}", metavar='"Prénom Nom <adresse>"', help=f"le premier compte {role}"
        )


def executer(options: argparse.Namespace) -> Reponse:
    demander = sys.stdin.isatty() and not options.json
    # Refused before anything is written.
    personnes = {
        role: comptes.personne(texte)
        for role in ("administrateur", "coordinateur")
        if (texte := getattr(options, role))
    }
    neuve = not (options.donnees.expanduser() / NOM_FICHIER).is_file()
    hotes = _hotes(options, demander) if neuve else ()
    etapes = installer(
        options.donnees,
        mode=Mode.PRODUCTION,
        hotes=hotes,
        url=options.base,
        dire=(lambda etape: None) if options.json else _dire,
    )
    with refus_expliques():
        suite, ouverts = _peupler(options, personnes, demander)
    etapes += suite
    donnees = {
        "donnees": str(options.donnees.expanduser().resolve()),
        "change": any(e.fait for e in etapes),
        "etapes": [asdict(e) for e in etapes],
        "comptes": [asdict(o) for o in ouverts],
    }
    return Reponse(_conclusion(donnees, ouverts), donnees)


def _hotes(options: argparse.Namespace, demander: bool) -> tuple[str, ...]:
    hotes = tuple(h.strip() for h in options.hote if h.strip())
    if hotes or os.environ.get("PUPITRE_HOTES"):
        return hotes
    if demander:
        return (questions.texte("Nom du site, tel qu’on l’écrira dans le navigateur", "localhost"),)
    raise ErreurPupitre(
        "L’installation n’a pas commencé.",
        "Le nom du site n’est pas connu\u202f: Pupitre ne répond qu’aux noms déclarés.",
        "Donnez-le\u202f: --hote pupitre.ville.fr (ou PUPITRE_HOTES).",
    )


def _peupler(
    options: argparse.Namespace, personnes: dict[str, Personne], demander: bool
) -> tuple[list[Etape], list[CompteOuvert]]:
    etapes: list[Etape] = []
    ouverts: list[CompteOuvert] = []
    existants = comptes.conseils()
    code = options.commune or options.epci
    if not existants and not code and demander:
        code = questions.code_du_conseil()
    if code:
        conseil, etape = comptes.creer_conseil(code, options.nom)
        etapes.append(etape)
    elif existants:
        conseil = existants[0]
    else:
        raise ErreurPupitre(
            "La base est prête, mais aucun conseil n’est créé.",
            "Pupitre travaille pour un conseil\u202f: celui d’une commune ou d’un EPCI.",
            "Relancez avec --commune CODE ou --epci SIREN\u202f: ce qui est fait ne sera pas refait.",
        )
    if not options.json:
        for etape in etapes:
            _dire(etape)
    for role, portee in (("administrateur", None), ("coordinateur", conseil)):
        qui = personnes.get(role)
        mot_de_passe = ""
        if qui is None and demander and not comptes.tenu(role, portee):
            qui = questions.personne(role)
            mot_de_passe = questions.mot_de_passe(qui)
        if qui is not None:
            etape, ouvert = comptes.ouvrir_compte(qui, role, portee, mot_de_passe)
            etapes.append(etape)
            if not options.json:
                _dire(etape)
            if ouvert is not None:
                ouverts.append(ouvert)
    return etapes, ouverts


def _dire(etape: Etape) -> None:
    print(f"  {'+' if etape.fait else '='} {etape.nom}\u202f: {etape.detail}", flush=True)


def _conclusion(donnees: dict, ouverts: list[CompteOuvert]) -> str:
    lignes = [""]
    if not donnees["change"]:
        lignes.append("Tout était déjà en place\u202f: rien n’a changé.")
    for ouvert in ouverts:
        if ouvert.mot_de_passe:
            lignes.append(f"{ouvert.email}  {ouvert.mot_de_passe}  {ouvert.role}")
    if any(o.mot_de_passe for o in ouverts):
        lignes.append("Ces mots de passe ne seront plus affichés\u202f: transmettez-les, chacun le changera.")
    lignes.append(f"Pour servir\u202f: PUPITRE_DONNEES={donnees['donnees']} pupitre servir")
    return "\n".join(lignes)
