"""Sources: who sends what, at what rhythm, read how."""

from __future__ import annotations

import json

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from pupitre.acces.droits import Droit
from pupitre.acces.models import Organisation
from pupitre.acces.services import creer_organisation
from pupitre.observatoire import selectors
from pupitre.observatoire.collecte import conventions, fichiers_a_remplir, modeles_sources, services
from pupitre.observatoire.models import Convention, Source
from pupitre.observatoire.presentation import table_des_sources
from pupitre.web.acces import exige
from pupitre.web.observatoire.formulaires import SourceForm
from pupitre.web.telechargement import envoyer, tableau_en


class DeclarationForm(forms.Form):
    partenaire = forms.CharField(
        label="Quel partenaire l’envoie\u202f?",
        max_length=160,
        help_text="Tel que vous l’appelez. S’il est déjà connu du conseil, il est repris.",
        error_messages={"required": "Écrivez le nom du partenaire."},
    )
    nature = forms.ChoiceField(label="S’il est nouveau, c’est", required=False)

    def __init__(self, *args, modele, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partenaire"].initial = modele.organisation
        natures = [(n, str(Organisation.Nature(n).label)) for n in modele.partenaires]
        self.fields["nature"].choices = natures
        if len(natures) == 1:
            del self.fields["nature"]


@require_GET
@exige(Droit.REGLER_CONSEIL)
def liste(request, conseil):
    sources = list(selectors.sources_du_conseil(conseil).annotate(n=Count("livraisons")))
    droits = conventions.droits_des_sources(sources)
    lignes = [
        (s, droits[s.code].pourquoi_pas(Convention.Pour.ELUS, Convention.Usage.TABLEAU)) for s in sources
    ]
    return render(request, "observatoire/sources.html", {"sources": lignes})


def _modele(code: str):
    try:
        return modeles_sources.modele(code)
    except KeyError:
        raise Http404 from None


@require_GET
@exige(Droit.REGLER_CONSEIL)
def pretes(request, conseil):
    """Every ready-made source, by kind of partner, with what is declared already."""
    return render(request, "observatoire/sources_pretes.html", {"rayons": modeles_sources.galerie(conseil)})


@require_http_methods(["GET", "POST"])
@exige(Droit.REGLER_CONSEIL)
def prete(request, conseil, modele):
    m = _modele(modele)
    form = DeclarationForm(request.POST if request.method == "POST" else None, modele=m)
    if request.method == "POST" and m.deposable and form.is_valid():
        source = modeles_sources.declarer(conseil=conseil, code=m.code, **form.cleaned_data)
        suite = (
            "Ce sont des données ouvertes\u202f: aucune convention n’est nécessaire."
            if source.ouverte
            else "Tant qu’aucune convention n’est saisie, seule l’équipe lira ses chiffres."
        )
        messages.success(
            request, f"«\u202f{source.nom}\u202f», de {source.organisation}, est déclarée. {suite}"
        )
        return redirect("sources", conseil=conseil.slug)
    return render(
        request,
        "observatoire/source_prete.html",
        {
            "m": m,
            "form": form,
            "declarees": modeles_sources.declarees(conseil, m),
            "connus": modeles_sources.partenaires_possibles(conseil, m),
        },
        status=422 if form.is_bound else 200,
    )


@require_GET
@exige(Droit.DEPOSER)
def a_remplir(request, conseil, modele, format):
    """The empty file to give to a partner."""
    m = _modele(modele)
    try:
        contenu = fichiers_a_remplir.ecrire(m, conseil, format)
    except KeyError:
        raise Http404 from None
    return envoyer(contenu, format, f"a-remplir-{m.code}")


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
