"""`pupitre demo`: the demonstration, made once by the real installation and the real import, then served."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from pupitre.cli.commandes.servir import servir, travailleurs_par_defaut
from pupitre.cli.installation.socle import installer
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle.configuration import NOM_FICHIER, Mode

TEMOIN = "demonstration.json"


def declarer(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument("--port", type=int, default=8000, help="le port (8000 ; 0 : un port libre)")
    analyseur.add_argument("--hote", default="127.0.0.1", help="l’adresse écoutée (127.0.0.1)")
    analyseur.add_argument(
        "--donnees",
        type=Path,
        default=Path(os.environ.get("PUPITRE_DONNEES", "var/demonstration")),
        help="le dossier de la démonstration (%(default)s)",
    )
    analyseur.add_argument("--preparer", action="store_true", help="prépare sans servir")


def executer(options: argparse.Namespace) -> None:
    donnees = options.donnees.expanduser().resolve()
    comptes = preparer(donnees, bavard=not options.json)
    if options.preparer:
        return

    def annoncer(adresse: str) -> None:
        if options.json:
            print(json.dumps({"adresse": adresse, "comptes": comptes, "pid": os.getpid()}), flush=True)
            return
        print(f"\nLa démonstration est prête\u202f: {adresse}\n", flush=True)
        for compte in comptes:
            print(f"{compte['email']}  {compte['mot_de_passe']}  {compte['role']}", flush=True)
        print("\nCtrl+C pour l’arrêter.", flush=True)

    servir(hote=options.hote, port=options.port, travailleurs=travailleurs_par_defaut(), annoncer=annoncer)


def preparer(donnees: Path, *, bavard: bool = False) -> list[dict[str, str]]:
    """Build the demonstration unless it is there; gives its accounts.

    The witness is written last: a build that was interrupted is refused rather than shown half made.
    """
    temoin = donnees / TEMOIN
    if (donnees / NOM_FICHIER).exists() and not temoin.exists():
        raise ErreurPupitre(
            f"Le dossier «\u202f{donnees}\u202f» ne contient pas une démonstration complète.",
            "Sa préparation a été interrompue, ou c’est une vraie installation.",
            "Si c’est bien la démonstration, supprimez ce dossier et recommencez\u202f; sinon donnez-en un autre.",
        )

    def dire(nom: object) -> None:
        if bavard:
            print(f"  {nom}…", flush=True)

    installer(donnees, mode=Mode.DEMONSTRATION, dire=lambda etape: dire(etape.nom) if etape.fait else None)
    if not temoin.exists():
        from pupitre.cli.demonstration import construire

        dire("Import des fichiers des partenaires")
        comptes = [_compte(c) for c in construire(donnees)]
        provisoire = temoin.with_suffix(".partiel")
        provisoire.write_text(json.dumps(comptes, ensure_ascii=False, indent=1), encoding="utf-8")
        provisoire.replace(temoin)
    return json.loads(temoin.read_text(encoding="utf-8"))


def _compte(compte) -> dict[str, str]:
    return {"email": compte.email, "mot_de_passe": compte.mot_de_passe, "role": compte.role}
