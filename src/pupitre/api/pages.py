"""What the API is, for a person and for a program: nothing of any council is in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pupitre.acces.jetons import PAR_HEURE
from pupitre.api.routes import api


@dataclass(frozen=True, slots=True)
class Parametre:
    nom: str
    obligatoire: bool
    description: str


@dataclass(frozen=True, slots=True)
class Appel:
    methode: str
    chemin: str
    titre: str
    texte: str
    parametres: tuple[Parametre, ...]
    codes: tuple[str, ...]


def _schema() -> dict:
    schema = api.get_openapi_schema(path_prefix=reverse("api"))
    schema["info"]["license"] = {"name": "EUPL-1.2"}
    return schema


def _appels(schema: dict) -> list[Appel]:
    return [
        Appel(
            methode.upper(),
            chemin,
            operation["summary"],
            operation.get("description", ""),
            tuple(_parametres(operation)),
            tuple(str(c) for c in operation["responses"]),
        )
        for chemin, methodes in schema["paths"].items()
        for methode, operation in methodes.items()
    ]


def _parametres(operation: dict):
    for p in operation.get("parameters", ()):
        yield Parametre(p["name"], p.get("required", False), p["schema"].get("description", ""))
    for contenu in operation.get("requestBody", {}).get("content", {}).values():
        corps = contenu["schema"]
        for nom, champ in corps.get("properties", {}).items():
            yield Parametre(nom, nom in corps.get("required", ()), champ.get("description", ""))


@require_safe
@login_not_required
def appels(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "api/appels.html",
        {
            "appels": _appels(_schema()),
            "base": request.build_absolute_uri(reverse("api")).rstrip("/"),
            "par_heure": PAR_HEURE,
        },
    )


@require_safe
@login_not_required
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(_schema(), json_dumps_params={"ensure_ascii": False})


appels.acces = openapi.acces = "ouverte"
