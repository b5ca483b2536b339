"""The referent drops a file, without an account, and sees what was understood of it."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire import tasks
from pupitre.observatoire.collecte import calendrier, depots
from pupitre.observatoire.collecte.calendrier import EtatCase
from pupitre.observatoire.collecte.relances import DEPOT
from pupitre.observatoire.presentation import lecture_en_clair
from pupitre.web.acces import par_lien


class DepotForm(forms.Form):
    fichier = forms.FileField(
        label="Votre fichier",
        help_text="Tel que vous l’avez\u202f: xlsx, ods, csv. Il ne doit désigner aucune personne.",
        allow_empty_file=True,
        error_messages={"required": "Choisissez le fichier à déposer."},
        widget=forms.FileInput(attrs={"data-depot": ""}),
    )


@require_http_methods(["GET", "POST"])
@par_lien(DEPOT)
def depot(request, lien) -> HttpResponse:
    source = depots.source_de(lien)
    if source is None:
        raise Http404
    form = DepotForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    if request.method == "POST" and form.is_valid():
        fichier = form.cleaned_data["fichier"]
        try:
            livraison = depots.deposer(
                lien=lien, source=source, fichier=Path(fichier.temporary_file_path()), nom=fichier.name
            )
        except ErreurPupitre as erreur:
            form.add_error("fichier", str(erreur))
        else:
            tasks.lire_livraison.enqueue(str(livraison.pk))
            return redirect("depot", lien=request.resolver_match.kwargs["lien"])
    volets = calendrier.lire(source.conseil, [source])
    attendues = [
        c
        for v in volets
        for li in v.lignes
        for c in li.cases
        if c.etat in (EtatCase.RETARD, EtatCase.ATTENDUE)
    ]
    contexte = {
        "source": source,
        "lien": lien,
        "form": form,
        "attendues": attendues[-3:],
        "livraisons": [(li, lecture_en_clair(li)) for li in depots.livraisons_de(lien)],
    }
    return render(request, "liens/depot.html", contexte, status=422 if form.is_bound else 200)
