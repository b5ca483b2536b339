"""Seats: given, described again, ended. Nothing is erased: the past keeps who sat."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.conseils.formations import services
from pupitre.conseils.models import Formation
from pupitre.conseils.selectors import membres_as_of
from pupitre.documents.tableaux import Table
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.web.acces import exige
from pupitre.web.conseils.formations import une_visible
from pupitre.web.conseils.formations_formulaires import ClotureForm, MembreForm, jour_demande
from pupitre.web.conseils.seances import tenter
from pupitre.web.telechargement import tableau_en

_ENTETES = (
    "Nom", "Prénom", "Organisation", "En qualité de", "Titre", "Texte", "Suppléant", "Coordination", "Depuis le",
    "Jusqu’au",
)  # fmt: skip


@require_GET
@exige(Droit.VOIR_CONSEIL)
def exporter(request, conseil, formation, format):
    objet = une_visible(request, conseil, formation)
    jour, _ = jour_demande(request)
    lignes = tuple(
        (
            m.personne.nom,
            m.personne.prenom,
            str(m.organisation or ""),
            m.qualite,
            m.get_titre_display(),
            m.reference,
            str(m.suppleant or ""),
            m.coordination,
            m.debut,
            m.fin,
        )
        for m in membres_as_of(objet, jour)
    )
    titre = f"{objet}, membres au {jour:%d/%m/%Y}"
    return tableau_en(format, f"membres-{objet.slug}", Table(titre, _ENTETES, lignes))


def _rendre(request, formation, form, membre=None, finir=None):
    contexte = {
        "formation": formation,
        "form": form,
        "membre": membre,
        "finir": finir or ClotureForm(initial={"le": horloge.aujourdhui()}, prefix="fin"),
        "aujourdhui": horloge.aujourdhui(),
        "q": request.GET.get("q", ""),
    }
    gabarit = "conseils/formations/membre.html" if membre else "conseils/formations/membre_ajouter.html"
    invalide = form.is_bound or (finir is not None)
    return render(request, gabarit, contexte, status=422 if invalide else 200)


def _refuser(form: forms.Form, champ: str, erreur: ErreurPupitre | ValidationError) -> None:
    if isinstance(erreur, ValidationError):
        form.add_error(None, erreur.messages)
    else:
        form.add_error(champ, str(erreur))


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_CONSEIL)
def ajouter(request, conseil, formation):
    objet = get_object_or_404(Formation, conseil=conseil, pk=formation)
    form = MembreForm(
        request.POST if request.method == "POST" else None,
        conseil=conseil,
        q=request.GET.get("q", "") if request.method == "GET" else "",
    )
    if request.method == "POST" and form.is_valid():
        try:
            membre = services.asseoir(formation=objet, **form.cleaned_data)
        except (ErreurPupitre, ValidationError) as erreur:
            _refuser(form, "personne", erreur)
        else:
            messages.success(request, f"{membre.personne} siège depuis le {membre.debut:%d/%m/%Y}.")
            return redirect("formation", conseil=conseil.slug, formation=objet.pk)
    return _rendre(request, objet, form)


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_CONSEIL)
def modifier(request, conseil, formation, membre):
    objet = get_object_or_404(Formation, conseil=conseil, pk=formation)
    siege = get_object_or_404(objet.membres.select_related("personne", "formation"), pk=membre)
    initial = {
        "titre": siege.titre,
        "organisation": siege.organisation_id,
        "qualite": siege.qualite,
        "coordination": siege.coordination,
        "suppleant": siege.suppleant_id,
    }
    form = MembreForm(
        request.POST if request.method == "POST" else None, conseil=conseil, nouveau=False, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.modifier(membre=siege, **form.cleaned_data)
        except (ErreurPupitre, ValidationError) as erreur:
            _refuser(form, "suppleant", erreur)
        else:
            messages.success(request, f"Le siège de {siege.personne} est modifié.")
            return redirect("formation", conseil=conseil.slug, formation=objet.pk)
    return _rendre(request, objet, form, siege)


@require_POST
@exige(Droit.TENIR_CONSEIL)
def accueillir(request, conseil, formation, membre):
    objet = get_object_or_404(Formation, conseil=conseil, pk=formation)
    siege = get_object_or_404(objet.membres.select_related("personne", "formation"), pk=membre)
    tenter(
        request,
        lambda: services.accueillir(membre=siege, le=horloge.aujourdhui()),
        f"{siege.personne} est accueilli, pour tous ses sièges.",
    )
    return redirect("membre-modifier", conseil=conseil.slug, formation=objet.pk, membre=siege.pk)


@require_http_methods(["POST"])
@exige(Droit.TENIR_CONSEIL)
def finir(request, conseil, formation, membre):
    objet = get_object_or_404(Formation, conseil=conseil, pk=formation)
    siege = get_object_or_404(objet.membres.select_related("personne", "formation"), pk=membre)
    form = ClotureForm(request.POST, prefix="fin")
    if form.is_valid():
        try:
            services.finir(membre=siege, le=form.cleaned_data["le"])
        except ErreurPupitre as erreur:
            form.add_error("le", str(erreur))
    if form.errors:
        initial = {
            "titre": siege.titre,
            "organisation": siege.organisation_id,
            "qualite": siege.qualite,
            "coordination": siege.coordination,
            "suppleant": siege.suppleant_id,
        }
        return _rendre(
            request, objet, MembreForm(conseil=conseil, nouveau=False, initial=initial), siege, form
        )
    messages.success(
        request,
        f"{siege.personne} siège jusqu’au {form.cleaned_data['le']:%d/%m/%Y}\u202f: les séances passées le gardent.",
    )
    return redirect("formation", conseil=conseil.slug, formation=objet.pk)
