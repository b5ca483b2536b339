"""Opening and closing the public page: by the coordinator, dated and signed."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from pupitre.acces.droits import Droit
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire import page_publique
from pupitre.web.acces import exige


class PagePubliqueForm(forms.Form):
    ouverte = forms.BooleanField(
        label="Ouvrir la page au public",
        help_text="Sans compte, à l’adresse ci-contre. Fermée, elle n’existe pas.",
        required=False,
    )
    indexable = forms.BooleanField(
        label="Laisser les moteurs de recherche la trouver",
        help_text="Sinon, seuls ceux à qui vous donnez l’adresse la lisent.",
        required=False,
    )


@require_http_methods(["GET", "POST"])
@exige(Droit.REGLER_CONSEIL)
def regler(request, conseil):
    actuel = page_publique.reglage(conseil)
    initial = {"ouverte": bool(actuel and actuel.ouverte), "indexable": bool(actuel and actuel.indexable)}
    form = PagePubliqueForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            nouveau = page_publique.regler(
                conseil=conseil,
                ouverte=form.cleaned_data["ouverte"],
                indexable=form.cleaned_data["indexable"],
                auteur=request.user,
            )
        except ErreurPupitre as erreur:
            form.add_error("ouverte", str(erreur))
        else:
            messages.success(
                request,
                "La page est ouverte au public."
                if nouveau.ouverte
                else "La page est fermée\u202f: elle n’existe plus.",
            )
            return redirect("page-publique-reglage", conseil=conseil.slug)
    contexte = {
        "form": form,
        "actuel": actuel,
        "histoire": conseil.reglages_publics.order_by("-pk")[:20],
        "sources": page_publique.sources_et_verdicts(conseil),
        "adresse": request.build_absolute_uri(reverse("page-publique", args=[conseil.slug])),
    }
    return render(request, "public/reglage.html", contexte, status=422 if form.is_bound else 200)
