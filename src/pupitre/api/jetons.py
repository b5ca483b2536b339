"""Who calls: a token in the `Authorization` header, and nothing else. A session opens nothing here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from pupitre.acces.jetons import JetonRefuse, Raison, employer
from pupitre.acces.models import JetonApi
from pupitre.api.refus import Refus

_DITS = {
    Raison.INCONNU: (401, "Ce jeton n’existe pas.", "Vérifiez qu’il est recopié en entier."),
    Raison.EXPIRE: (401, "Ce jeton a expiré.", "Demandez-en un nouveau à la coordination du conseil."),
    Raison.RETIRE: (401, "Ce jeton a été retiré.", "Demandez-en un nouveau à la coordination du conseil."),
    Raison.TROP: (429, "Ce jeton a trop servi cette heure-ci.", "Reprenez au début de l’heure suivante."),
}


class Porteur(HttpBearer):
    def __call__(self, request: HttpRequest) -> Any | None:
        if not request.headers.get("Authorization"):
            raise Refus(
                401,
                "Cet appel ne porte pas de jeton.",
                "L’en-tête « Authorization » manque.",
                "Écrivez « Authorization: Bearer pupitre_… » ; la coordination du conseil donne les jetons.",
            )
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, token: str) -> JetonApi:
        try:
            return employer(token)
        except JetonRefuse as refus:
            code, quoi, que_faire = _DITS[refus.raison]
            raise Refus(code, quoi, "Rien n’a été lu ni déposé.", que_faire) from None


def qui_depose(request) -> JetonApi:
    return _avec(request, "depose", "déposer des fichiers")


def qui_lit(request) -> JetonApi:
    return _avec(request, "lit", "lire les chiffres")


def _avec(request, permission: str, geste: str) -> JetonApi:
    jeton: JetonApi = request.auth
    if not getattr(jeton, permission):
        raise Refus(
            403,
            f"Ce jeton ne permet pas de {geste}.",
            "Il a été créé pour un autre usage.",
            "Demandez à la coordination du conseil un jeton qui le permette.",
        )
    return jeton
