"""Addresses of the API. Its calls are opened by a token; the page that explains them, by anyone."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.decorators.cache import never_cache

from pupitre.api.pages import appels, openapi
from pupitre.api.routes import api


def _par_jeton(motif):
    vue = login_not_required(never_cache(motif.callback))
    vue.acces = "jeton"
    return path(str(motif.pattern), vue, name=motif.name)


urlpatterns = [
    path("", appels, name="api"),
    path("openapi.json", openapi, name="api-openapi"),
    *(
        _par_jeton(motif)
        for motif in api.urls[0]
        if (motif.name or "").startswith("api-") and motif.name != "api-root"
    ),
]
