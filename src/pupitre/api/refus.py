"""A refusal as a program reads it and as a person understands it: the same shape as the terminal's."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from pupitre.acces.jetons import PAR_HEURE
from pupitre.moteur.erreurs import ErreurPupitre, FichierRefuse, MesureRefusee
from pupitre.observatoire.collecte.services import DepotRefuse
from pupitre.observatoire.demandes.serie import Introuvable


class Refus(ErreurPupitre):
    def __init__(self, code: int, quoi: str, pourquoi: str, que_faire: str) -> None:
        super().__init__(quoi, pourquoi, que_faire)
        self.code = code


_CODES: tuple[tuple[type[ErreurPupitre], int], ...] = (
    (DepotRefuse, 409),
    (Introuvable, 404),
    (MesureRefusee, 422),
    (FichierRefuse, 422),
)


def poser(api: NinjaAPI) -> None:
    """Every refusal of this API leaves by here."""

    @api.exception_handler(ErreurPupitre)
    def explique(request: HttpRequest, erreur: ErreurPupitre) -> HttpResponse:
        code = getattr(erreur, "code", 0) or next((n for c, n in _CODES if isinstance(erreur, c)), 422)
        corps = {"erreur": erreur.as_dict()}
        deja = getattr(erreur, "livraison", None)
        if deja is not None:
            corps["livraison"] = str(deja.pk)
        return _avec_entetes(api.create_response(request, corps, status=code))

    @api.exception_handler(ValidationError)
    def incomplete(request: HttpRequest, erreur: ValidationError) -> HttpResponse:
        champs = [
            {"champ": str(e["loc"][-1]), "constat": e.get("msg", ""), "ou": str(e["loc"][0])}
            for e in erreur.errors
        ]
        noms = ", ".join(dict.fromkeys(c["champ"] for c in champs))
        dit = ErreurPupitre(
            "Cet appel n’est pas complet.",
            f"À revoir\u202f: {noms}.",
            "La page de l’API dit ce que chaque appel attend.",
        )
        return api.create_response(request, {"erreur": dit.as_dict(), "champs": champs}, status=422)

    @api.exception_handler(Http404)
    def introuvable(request: HttpRequest, erreur: Http404) -> HttpResponse:
        return explique(
            request,
            Refus(
                404,
                "Il n’y a rien à cette adresse.",
                "Cet objet n’existe pas, ou il n’est pas celui de votre organisation.",
                "Vérifiez l’identifiant.",
            ),
        )

    @api.exception_handler(AuthenticationError)
    def sans_jeton(request: HttpRequest, erreur: AuthenticationError) -> HttpResponse:
        return explique(
            request,
            Refus(
                401,
                "Cet appel ne porte pas de jeton.",
                "L’en-tête « Authorization » ne commence pas par « Bearer ».",
                "Écrivez « Authorization: Bearer pupitre_… ».",
            ),
        )


def _avec_entetes(reponse: HttpResponse) -> HttpResponse:
    if reponse.status_code == 401:
        reponse["WWW-Authenticate"] = 'Bearer realm="Pupitre"'
    if reponse.status_code == 429:
        reponse["Retry-After"] = "3600"
        reponse["X-RateLimit-Limit"] = str(PAR_HEURE)
    return reponse
