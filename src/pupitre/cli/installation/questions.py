"""Questions to the person who installs, asked again until the answer can be used."""

from __future__ import annotations

import re
from getpass import getpass

from pupitre.cli.installation import comptes
from pupitre.cli.installation.comptes import Personne
from pupitre.moteur.erreurs import ErreurPupitre


def texte(question: str, defaut: str = "") -> str:
    while True:
        suffixe = f" [{defaut}]" if defaut else ""
        reponse = input(f"{question}{suffixe}\u202f: ").strip() or defaut
        if reponse:
            return reponse


def personne(role: str) -> Personne:
    while True:
        reponse = texte(f"Premier compte {role}, écrit «\u202fPrénom Nom <adresse>\u202f»")
        try:
            return comptes.personne(reponse)
        except ErreurPupitre as erreur:
            print(f"  {erreur}")


def code_du_conseil() -> str:
    """A code as typed, or the one chosen among the communes whose name looks like the answer."""
    from pupitre.territoires.recherche import chercher

    while True:
        reponse = texte("Commune (nom ou code INSEE) ou EPCI (SIREN)")
        if re.fullmatch(r"[0-9]{9}|[0-9][0-9ABab][0-9]{3}", reponse.replace(" ", "")):
            return reponse
        trouvees = chercher(reponse, limite=6)
        for rang, commune in enumerate(trouvees, 1):
            print(f"  {rang}. {commune.nom} ({commune.code})")
        if not trouvees:
            print("  Aucune commune de ce nom.")
            continue
        choix = input("Numéro (Entrée pour chercher autrement)\u202f: ").strip()
        if choix.isdigit() and 1 <= int(choix) <= len(trouvees):
            return trouvees[int(choix) - 1].code


def mot_de_passe(qui: Personne) -> str:
    """Typed twice, or empty: one will be made."""
    from django.core.exceptions import ValidationError

    while True:
        choisi = getpass(f"Mot de passe de {qui.email} (Entrée\u202f: Pupitre en fait un)\u202f: ")
        if not choisi:
            return ""
        try:
            comptes.verifier_mot_de_passe(choisi, qui)
        except ValidationError as erreur:
            print("  " + " ".join(erreur.messages))
            continue
        if getpass("Encore une fois\u202f: ") == choisi:
            return choisi
        print("  Les deux saisies diffèrent.")
