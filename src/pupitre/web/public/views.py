"""The public page of a council's figures: for anyone, without a cookie, absent while it is closed."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pupitre.observatoire import page_publique
from pupitre.web.acces import ouverte
from pupitre.web.telechargement import tableau_en


def _ouverte(slug: str):
    trouvee = page_publique.ouverte(slug)
    if trouvee is None:
        raise Http404
    return trouvee


def _habiller(reponse: HttpResponse, reglage) -> HttpResponse:
    if not reglage.indexable:
        reponse["X-Robots-Tag"] = "noindex"
    reponse["Cache-Control"] = "public, max-age=600"
    return reponse


@ouverte
@require_safe
def page(request, conseil_public):
    conseil, reglage = _ouverte(conseil_public)
    contexte = {
        "conseil": conseil,
        "page": page_publique.composer(conseil, request.GET.get("territoire", "")),
        "indexable": reglage.indexable,
        "regle": page_publique.REGLE,
        "communes": conseil.communes_as_of(),
    }
    return _habiller(render(request, "public/page.html", contexte), reglage)


@ouverte
@require_safe
def exporter(request, conseil_public, format):
    conseil, reglage = _ouverte(conseil_public)
    lue = page_publique.composer(conseil, request.GET.get("territoire", ""))
    nom = f"{conseil.slug}-chiffres-publics"
    return _habiller(tableau_en(format, nom, page_publique.table(conseil, lue)), reglage)
