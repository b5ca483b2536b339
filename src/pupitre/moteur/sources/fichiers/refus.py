"""Why a file is not opened, and what to do: the same words whatever the format."""

from __future__ import annotations

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.sources.fichiers import limites

ENREGISTRER = "Ouvrez-le dans votre tableur et enregistrez-le au format .xlsx, .ods ou .csv."
RENVOYER = "Demandez au partenaire de l’envoyer à nouveau."


def refuser_taille(octets: int, maximum: int) -> None:
    """Raises FichierRefuse when the file is heavier than `maximum` bytes."""
    if octets > maximum:
        raise FichierRefuse(
            "Le fichier est trop lourd pour être lu.",
            f"Il pèse {mo(octets)}, la limite est de {mo(maximum)}.",
            "Découpez-le (une année ou un territoire par fichier) et déposez chaque partie.",
        )


def mo(octets: int) -> str:
    return f"{octets / limites.MEBIOCTET:,.0f}\u202fMo".replace(",", "\u202f")


def pas_un_tableau(raison: str) -> FichierRefuse:
    return FichierRefuse("Ce fichier n’est pas un tableau.", raison, ENREGISTRER)


def tronque() -> FichierRefuse:
    return FichierRefuse(
        "Le fichier est abîmé ou incomplet.",
        "La fin du fichier manque ou ne correspond pas à son sommaire\u202f: l’envoi a pu être interrompu.",
        RENVOYER,
    )


def bombe(raison: str) -> FichierRefuse:
    return FichierRefuse(
        "Le classeur est démesuré une fois ouvert.",
        raison,
        "Ne gardez que le tableau utile dans un classeur neuf, puis déposez-le.",
    )
