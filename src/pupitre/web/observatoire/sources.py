"""Sources: who sends what, at what rhythm, read how."""

from __future__ import annotations

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from pupitre.acces.droits import Droit
from pupitre.acces.models import Organisation
from pupitre.acces.services import creer_organisation
from pupitre.observatoire import selectors
from pupitre.observatoire.collecte import services
from pupitre.observatoire.models import Source
from pupitre.observatoire.presentation import table_des_sources
from pupitre.web.acces import exige
from pupitre.web.observatoire.formulaires import SourceForm
from pupitre.web.telechargement import tableau_en


@require_GET
@exige(Droit.REGLER_CONSEIL)
def liste(request, conseil):
    sources = selectors.sources_du_conseil(conseil).annotate(n=Count("livraisons"))
    return render(request, "observatoire/sources.html", {"sources": sources})


@require_GET
@exige(Droit.REGLER_CONSEIL)
def exporter(request, conseil, format):
    return tableau_en(format, "sources", table_des_sources(conseil))


@require_http_methods(["GET", "POST"])
@exige(Droit.REGLER_CONSEIL)
def creer(request, conseil):
    form = SourceForm(request.POST if request.method == "POST" else None, conseil=conseil)
    if request.method == "POST" and form.is_valid():
        donnees = form.cleaned_data
        try:
            with transaction.atomic():
                source = services.creer_source(
                    conseil=conseil,
                    organisation=_organisation(donnees, conseil),
                    code=slugify(donnees["nom"])[:60] or "source",
                    nom=donnees["nom"],
                    format=donnees["format"],
                    frequence=donnees["frequence"],
                    producteur=donnees["producteur"],
                )
        except ValidationError as erreur:
            form.add_error("nom", erreur.messages)
        else:
            messages.success(request, f"La source «\u202f{source.nom}\u202f» est déclarée.")
            return redirect("sources", conseil=conseil.slug)
    return render(
        request,
        "observatoire/source.html",
        {"form": form, "nouvelle": True},
        status=422 if form.is_bound else 200,
    )


def _organisation(donnees, conseil) -> Organisation:
    if donnees["organisation"]:
        return donnees["organisation"]
    return creer_organisation(
        nom=donnees["nouveau_partenaire"],
        nature=donnees["nature"] or Organisation.Nature.AUTRE,
        conseils=[conseil],
    )


@require_http_methods(["GET", "POST"])
@exige(Droit.REGLER_CONSEIL)
def regler(request, conseil, code):
    source = get_object_or_404(Source, conseil=conseil, code=code)
    initial = {
        "nom": source.nom,
        "organisation": source.organisation_id,
        "format": source.format,
        "frequence": source.frequence,
        "producteur": source.producteur,
    }
    form = SourceForm(request.POST if request.method == "POST" else None, conseil=conseil, initial=initial)
    if request.method == "POST" and form.is_valid():
        donnees = form.cleaned_data
        services.regler_source(
            source=source,
            organisation=_organisation(donnees, conseil),
            nom=donnees["nom"],
            format=donnees["format"],
            frequence=donnees["frequence"],
            producteur=donnees["producteur"],
        )
        messages.success(request, f"La source «\u202f{source.nom}\u202f» est à jour.")
        return redirect("sources", conseil=conseil.slug)
    return render(
        request,
        "observatoire/source.html",
        {
            "form": form,
            "source": source,
            "derniere": source.livraisons.first() if source.format in services.DECRITS else None,
            "description": json.dumps(source.description, ensure_ascii=False, indent=2),
        },
        status=422 if form.is_bound else 200,
    )
