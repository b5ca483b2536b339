"""`pupitre demo`: the demonstration, made once by the real installation and the real import, then served."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from pupitre.cli.commandes.servir import servir, travailleurs_par_defaut
from pupitre.cli.installation.socle import installer
from pupitre.socle.configuration import Mode


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
    if options.port:
        # The links of its letters lead to where it is served.
        os.environ.setdefault("PUPITRE_ADRESSE", f"http://{options.hote}:{options.port}")
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

    Raises:
        ErreurPupitre: a folder or a database that holds something else.
    """
    from pupitre.cli.demonstration import construire

    def dire(texte: str) -> None:
        if bavard:
            print(f"  {texte}", flush=True)

    installer(
        donnees, mode=Mode.DEMONSTRATION, dire=lambda etape: dire(f"{etape.nom}…") if etape.fait else None
    )
    return [
        {"email": c.email, "mot_de_passe": c.mot_de_passe, "role": c.libelle_role}
        for c in construire(donnees, dire)
    ]
