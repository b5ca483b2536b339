"""Seasons: one indicator, the same months year after year."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from pupitre.acces.droits import Droit
from pupitre.acces.policies import audience
from pupitre.observatoire.chiffres import saisons as composition
from pupitre.observatoire.chiffres import vues
from pupitre.observatoire.chiffres.figures import FORMATS_IMAGE
from pupitre.observatoire.models import Vue
from pupitre.web.acces import exige
from pupitre.web.telechargement import figure_en, tableau_en


def _composer(request, conseil) -> composition.Saisons:
    champs = vues.CHOIX[Vue.Ecran.SAISONS]
    return composition.composer(
        conseil=conseil,
        audience=audience(request.user, conseil),
        demande=composition.DemandeSaison(**{c: request.GET.get(c, "") for c in champs}),
    )


@require_GET
@exige(Droit.VOIR_CHIFFRES)
def saisons(request, conseil):
    vu = _composer(request, conseil)
    contexte = {
        "saisons": vu,
        "requete": urlencode([(k, v) for k, v in vu.choix if v]),
        "choix": dict(vu.choix),
        "vues": vues.visibles(request.user, conseil),
        "ecran": Vue.Ecran.SAISONS,
    }
    return render(request, "observatoire/saisons.html", contexte)


@require_GET
@exige(Droit.VOIR_CHIFFRES)
def exporter(request, conseil, format):
    vu = _composer(request, conseil)
    nom = "tendance" if request.GET.get("figure") == "tendance" else "saisons"
    figure = vu.tendance if nom == "tendance" else vu.figure
    if figure is None:
        raise Http404
    if format in FORMATS_IMAGE:
        return figure_en(format, f"{conseil.slug}-{nom}", figure)
    return tableau_en(format, f"{conseil.slug}-saisons", vu.table)
