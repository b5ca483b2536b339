"""How a source's files are read: versions over time, words remembered, each of which can be undone."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from pupitre.acces.droits import Droit
from pupitre.observatoire import presentation_lecture as clair
from pupitre.observatoire import selectors
from pupitre.observatoire.collecte import gabarits
from pupitre.socle.texte import guillemets
from pupitre.web.acces import exige


def _source(request, conseil, code):
    sources = selectors.sources_visibles(request.user, conseil).select_related("organisation", "conseil")
    return get_object_or_404(sources, code=code)


@require_GET
@exige(Droit.VOIR_PROVENANCE)
def fiche(request, conseil, code):
    source = _source(request, conseil, code)
    return render(
        request,
        "observatoire/gabarit.html",
        {
            "source": source,
            "versions": clair.versions_en_clair(gabarits.versions(source)),
            "memoire": clair.memoire_en_clair(source, conseil),
            "derniere": source.livraisons.first(),
        },
    )


@require_POST
@exige(Droit.PUBLIER)
def oublier(request, conseil, code):
    source = _source(request, conseil, code)
    genre, libelle = request.POST.get("genre", ""), request.POST.get("libelle", "")
    if gabarits.oublier(source=source, genre=genre, libelle=libelle, auteur=request.user):
        messages.success(
            request, f"{guillemets(libelle)} est oublié\u202f: le prochain fichier posera la question."
        )
    else:
        messages.info(request, "Ce mot n’était déjà plus retenu.")
    return redirect("gabarit", conseil=conseil.slug, code=source.code)


@require_POST
@exige(Droit.PUBLIER)
def reprendre(request, conseil, code):
    source = _source(request, conseil, code)
    version = request.POST.get("version", "")
    gabarit = get_object_or_404(source.gabarits, version=int(version) if version.isdecimal() else 0)
    gabarits.reprendre(gabarit=gabarit, auteur=request.user)
    messages.success(
        request, f"La version {gabarit.version} est reprise\u202f: les prochains fichiers seront lus ainsi."
    )
    return redirect("gabarit", conseil=conseil.slug, code=source.code)
