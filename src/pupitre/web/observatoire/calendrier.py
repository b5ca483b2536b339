"""The calendar of deliveries, the reminders of a source, its deposit links."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from pupitre.acces import actes
from pupitre.acces.droits import Droit
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire import selectors
from pupitre.observatoire.collecte import calendrier, depots, relances
from pupitre.observatoire.models import Source
from pupitre.web.acces import exige
from pupitre.web.telechargement import tableau_en


def _volets(request, conseil):
    sources = selectors.sources_visibles(request.user, conseil).select_related("organisation")
    return calendrier.lire(conseil, sources)


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def voir(request, conseil):
    contexte = {"volets": _volets(request, conseil), "legende": calendrier.LIBELLES}
    return render(request, "observatoire/calendrier.html", contexte)


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def exporter(request, conseil, format):
    return tableau_en(format, "calendrier", calendrier.table(conseil, _volets(request, conseil)))


def _source(conseil, code) -> Source:
    return get_object_or_404(
        Source.objects.select_related("organisation", "conseil"), conseil=conseil, code=code
    )


@require_GET
@exige(Droit.PUBLIER)
def suivi(request, conseil, code):
    source = _source(conseil, code)
    volets = calendrier.lire(conseil, [source])
    contexte = {
        "source": source,
        "ligne": volets[0].lignes[0] if volets else None,
        "relances": source.relances.select_related("courriel")[:24],
        "suspensions": source.suspensions.all()[:6],
        "liens": depots.liens_de(source),
    }
    return render(request, "observatoire/suivi_source.html", contexte)


def _puis_suivi(request, conseil, source, geste, dit):
    try:
        rendu = geste()
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, dit(rendu) if callable(dit) else dit)
    return redirect("source-suivi", conseil=conseil.slug, code=source.code)


@require_POST
@exige(Droit.PUBLIER)
def relancer(request, conseil, code):
    source = _source(conseil, code)
    return _puis_suivi(
        request,
        conseil,
        source,
        lambda: relances.relancer_maintenant(source=source, auteur=request.user),
        lambda r: f"Un courriel part à {r.nom or r.email}.",
    )


@require_POST
@exige(Droit.PUBLIER)
def suspendre(request, conseil, code):
    source = _source(conseil, code)
    if request.POST.get("geste") == "reprendre":
        return _puis_suivi(
            request, conseil, source, lambda: relances.reprendre(source=source), "Les relances reprennent."
        )
    return _puis_suivi(
        request,
        conseil,
        source,
        lambda: relances.suspendre(
            source=source,
            jusqu_au=_jour(request.POST.get("jusqu_au", "")),
            raison=request.POST.get("raison", ""),
            auteur=request.user,
        ),
        "Les relances sont suspendues.",
    )


def _jour(texte: str) -> date:
    try:
        return date.fromisoformat(texte)
    except ValueError:
        return date.min


@require_POST
@exige(Droit.PUBLIER)
def lier(request, conseil, code):
    """A deposit link: shown to be copied, or sent by letter."""
    source = _source(conseil, code)
    return _puis_suivi(
        request,
        conseil,
        source,
        lambda: depots.inviter(
            source=source,
            nom=request.POST.get("nom", ""),
            email=request.POST.get("email", ""),
            auteur=request.user,
        ),
        lambda adresse: f"Le lien est prêt\u202f: {adresse}",
    )


@require_POST
@exige(Droit.PUBLIER)
def delier(request, conseil, code, personnel):
    source = _source(conseil, code)
    actes.retirer(get_object_or_404(depots.liens_de(source), pk=personnel))
    messages.success(request, "Le lien ne s’ouvre plus.")
    return redirect("source-suivi", conseil=conseil.slug, code=source.code)
