"""The dashboard: what is asked in the address, what is shown, what leaves."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from pupitre.acces.droits import Droit
from pupitre.acces.policies import audience
from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres import tableau as composition
from pupitre.observatoire.collecte import conventions
from pupitre.web.acces import exige
from pupitre.web.telechargement import resultats_en


def _demande(request) -> composition.Demande:
    lire = request.GET.get
    return composition.Demande(
        source=lire("source", ""),
        territoire=lire("territoire", ""),
        periode=lire("periode", ""),
        comparer=lire("comparer", ""),
        indicateur=lire("indicateur", ""),
    )


def _composer(request, conseil) -> composition.Tableau:
    return composition.composer(
        conseil=conseil, audience=audience(request.user, conseil), demande=_demande(request)
    )


@require_GET
@exige(Droit.VOIR_CHIFFRES)
def tableau(request, conseil):
    interne = audience(request.user, conseil) is Audience.INTERNE
    return render(
        request,
        "observatoire/tableau.html",
        {
            "tableau": _composer(request, conseil),
            "adresse": reverse("tableau", args=[conseil.slug]),
            "reservees": conventions.sans_diffusion(conseil) if interne else [],
        },
    )


@require_GET
@exige(Droit.VOIR_CHIFFRES)
def provenance(request, conseil):
    vu = _composer(request, conseil)
    chiffre = next((c for c in vu.chiffres if c.choisi), None)
    if chiffre is None:
        raise Http404
    contexte = {
        "chiffre": chiffre,
        "livraisons": chiffre.livraisons,
        "natures": chiffre.natures,
        "retour": f"{reverse('tableau', args=[conseil.slug])}?{vu.requete}",
    }
    return render(request, "observatoire/provenance.html", contexte)


@require_GET
@exige(Droit.VOIR_CHIFFRES)
def exporter(request, conseil, table, format):
    resultats = _composer(request, conseil).resultats.get(table)
    if not resultats:
        raise Http404
    return resultats_en(format, f"{conseil.slug}-{table}", resultats)
