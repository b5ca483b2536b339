"""Tokens of the API: created for one partner, shown once, retired in one gesture."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces import jetons
from pupitre.acces.droits import Droit
from pupitre.acces.models import JetonApi
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.web.acces import exige


class JetonForm(forms.ModelForm):
    class Meta:
        model = JetonApi
        fields = ("organisation", "libelle", "depose", "lit", "expire_le")
        widgets = {"expire_le": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "organisation": "Le jeton n’ouvre que les sources de ce partenaire, dans ce conseil.",
            "libelle": "Quel logiciel s’en sert. Par exemple\u202f: export mensuel du progiciel.",
            "lit": "Ses propres chiffres, après le contrôle du secret statistique.",
            "expire_le": "Dans les deux ans.",
        }
        error_messages = {
            "organisation": {"required": "Choisissez un partenaire."},
            "libelle": {"required": "Dites à quoi sert ce jeton."},
            "expire_le": {"required": "Choisissez une date.", "invalid": "Écrivez une date."},
        }

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.conseil = conseil
        self.fields["organisation"].queryset = conseil.organisations.filter(
            sources__conseil=conseil
        ).distinct()
        self.fields["organisation"].empty_label = "Choisir un partenaire"


@require_GET
@exige(Droit.REGLER_CONSEIL)
def liste(request, conseil):
    jour = horloge.aujourdhui()
    tous = list(jetons.du_conseil(conseil))
    for jeton in tous:
        jeton.etat = "retire" if jeton.revoque_le else "expire" if jeton.expire_le < jour else "actif"
    return render(request, "jetons/liste.html", {"jetons": tous, "adresse": _adresse(request)})


@require_http_methods(["GET", "POST"])
@exige(Droit.REGLER_CONSEIL)
@never_cache
def creer(request, conseil):
    form = JetonForm(
        request.POST if request.method == "POST" else None,
        conseil=conseil,
        initial={"expire_le": horloge.aujourdhui() + timedelta(days=365)},
    )
    if form.is_valid():
        try:
            jeton, texte = jetons.creer(conseil=conseil, auteur=request.user, **form.cleaned_data)
        except ErreurPupitre as erreur:
            form.add_error("expire_le", str(erreur))
        else:
            contexte = {"jeton": jeton, "texte": texte, "adresse": _adresse(request)}
            return render(request, "jetons/cree.html", contexte)
    return render(request, "jetons/creer.html", {"form": form}, status=422 if form.is_bound else 200)


def _adresse(request) -> str:
    return request.build_absolute_uri(reverse("api"))


@require_POST
@exige(Droit.REGLER_CONSEIL)
def retirer(request, conseil, jeton_api):
    jeton = get_object_or_404(jetons.du_conseil(conseil), pk=jeton_api)
    jetons.retirer(jeton)
    messages.success(request, f"Le jeton «\u202f{jeton.libelle}\u202f» ne sert plus.")
    return redirect("jetons", conseil=conseil.slug)
