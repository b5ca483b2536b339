"""The council and the first accounts. Django must be set up."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from email.utils import parseaddr

from pupitre.cli.installation import Etape
from pupitre.moteur.erreurs import ErreurPupitre


@dataclass(frozen=True, slots=True)
class Personne:
    email: str
    prenom: str
    nom: str


@dataclass(frozen=True, slots=True)
class CompteOuvert:
    """`mot_de_passe` is shown once and kept nowhere; empty when the person chose it."""

    email: str
    role: str
    mot_de_passe: str


def personne(texte: str) -> Personne:
    """ "Prénom Nom <adresse>" → its parts.

    Raises:
        ErreurPupitre: no address, or no name.
    """
    complet, adresse = parseaddr(texte)
    prenom, _, nom = complet.strip().partition(" ")
    if "@" not in adresse or not nom.strip():
        raise ErreurPupitre(
            f"«\u202f{texte}\u202f» ne désigne pas une personne.",
            "Il faut un prénom, un nom et une adresse électronique.",
            "Écrivez par exemple «\u202fClaire Dubois <claire.dubois@ville.fr>\u202f».",
        )
    return Personne(adresse.lower(), prenom, nom.strip())


def conseils() -> list:
    from pupitre.territoires.models import Conseil

    return list(Conseil.objects.order_by("pk"))


def tenu(role: str, conseil=None) -> bool:
    """Whether somebody holds this role today."""
    from pupitre.acces.models import Habilitation

    return Habilitation.objects.actives().filter(role=role, conseil=conseil).exists()


def creer_conseil(code: str, nom: str = ""):
    """The council of a commune (5 characters) or of an EPCI (SIREN), unless it is there already."""
    from pupitre.territoires.models import Conseil, NatureConseil
    from pupitre.territoires.services import creer_conseil_du_code

    code = code.strip().upper().replace(" ", "")
    if len(code) == 9:
        present = Conseil.objects.filter(epci_id=code).first()
    else:
        present = Conseil.objects.filter(nature=NatureConseil.CLSPD, adhesions__commune_id=code).first()
    conseil = present or creer_conseil_du_code(code=code, nom=nom)
    membres = ", ".join(c.nom for c in conseil.communes_as_of())
    return conseil, Etape("Conseil", present is None, f"{conseil}\u202f: {membres}")


def ouvrir_compte(
    qui: Personne, role: str, conseil=None, mot_de_passe: str = ""
) -> tuple[Etape, CompteOuvert | None]:
    """An account with that role, unless the same person holds it already; a password is made when none is given."""
    from django.db import transaction

    from pupitre.acces.droits import Role
    from pupitre.acces.models import Habilitation, Utilisateur
    from pupitre.acces.services import creer_compte, habiliter

    role = Role(role)
    titre = f"Compte {role.label}"
    tenues = Habilitation.objects.actives().filter(role=role, conseil=conseil)
    if tenues.filter(utilisateur__email=qui.email).exists():
        return Etape(titre, False, f"{qui.email} l’a déjà"), None
    ouvert = None
    with transaction.atomic():
        utilisateur = Utilisateur.objects.filter(email=qui.email).first()
        if utilisateur is None:
            choisi = mot_de_passe or secrets.token_urlsafe(15)
            utilisateur = creer_compte(email=qui.email, prenom=qui.prenom, nom=qui.nom, password=choisi)
            ouvert = CompteOuvert(qui.email, role.label, "" if mot_de_passe else choisi)
        habiliter(utilisateur=utilisateur, role=role, conseil=conseil)
    return Etape(titre, True, f"{utilisateur} <{qui.email}>"), ouvert


def verifier_mot_de_passe(mot_de_passe: str, qui: Personne) -> None:
    """Raises ValidationError, in French, under the rules of the site."""
    from django.contrib.auth.password_validation import validate_password

    from pupitre.acces.models import Utilisateur

    validate_password(mot_de_passe, Utilisateur(email=qui.email, prenom=qui.prenom, nom=qui.nom))
