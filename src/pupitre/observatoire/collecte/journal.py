"""The life of a delivery, one event at a time; why it is refused."""

from __future__ import annotations

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire import etats
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.models import EvenementLivraison, Livraison
from pupitre.observatoire.selectors import etat_de


class DepotRefuse(ErreurPupitre):
    """The file is not taken as a new delivery: already received, or nothing in it."""


class PublicationRefusee(ErreurPupitre):
    """The delivery cannot be published as it is."""


def inscrire(livraison: Livraison, etat: Etat, *, auteur=None, raison: str = "", details=None) -> None:
    """One event, if the declared transitions allow it. Called within a transaction."""
    Livraison.objects.select_for_update(of=("self",)).get(pk=livraison.pk)
    etats.verifier(etat_de(livraison), etat)
    EvenementLivraison.objects.create(
        livraison=livraison, etat=etat, auteur=auteur, raison=raison, details=details or {}
    )


def fermee(livraison: Livraison) -> PublicationRefusee:
    etat = Etat(etat_de(livraison))
    return PublicationRefusee(
        f"«\u202f{livraison.nom}\u202f» est {etat.label}.",
        "Une livraison n’est publiée ou réglée qu’une fois contrôlée, et ne change plus ensuite.",
        "Déposez le fichier à nouveau si le partenaire en a envoyé un autre.",
    )
