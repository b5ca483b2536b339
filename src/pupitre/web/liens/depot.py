"""The referent drops a file, without an account, and sees what was understood of it."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from pupitre.observatoire import tasks
from pupitre.observatoire.collecte import depots
from pupitre.observatoire.collecte.relances import DEPOT
from pupitre.observatoire.collecte.services import DepotRefuse
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.presentation import lecture_en_clair
from pupitre.socle.texte import date_longue
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
    source = _source(lien)
    form = DepotForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    if form.is_valid():
        fichier = form.cleaned_data["fichier"]
        try:
            livraison = depots.deposer(
                lien=lien, source=source, fichier=Path(fichier.temporary_file_path()), nom=fichier.name
            )
        except DepotRefuse as refus:
            recue = f" le {date_longue(refus.livraison.recue_le)}" if refus.livraison else ""
            form.add_error(
                "fichier", f"Ce fichier est déjà arrivé{recue}\u202f: vous n’avez rien d’autre à faire."
            )
        else:
            tasks.lire_livraison.enqueue(str(livraison.pk))
            return redirect("depot", lien=request.resolver_match.kwargs["lien"])
    contexte = _recu(request, lien) | {
        "source": source,
        "lien": lien,
        "form": form,
        "attendues": depots.attendues(source),
    }
    return render(request, "liens/depot.html", contexte, status=422 if form.is_bound else 200)


@require_safe
@par_lien(DEPOT, noter=False)
def recu(request, lien) -> HttpResponse:
    """Fragment that the page asks for while a file is being read."""
    _source(lien)
    return render(request, "liens/_depots.html", _recu(request, lien))


def _source(lien):
    source = depots.source_de(lien)
    if source is None:
        raise Http404
    return source


def _recu(request, lien) -> dict:
    livraisons = depots.livraisons_de(lien)
    return {
        "livraisons": [(li, lecture_en_clair(li)) for li in livraisons],
        "en_lecture": any(li.etat in (Etat.RECUE, Etat.LUE) for li in livraisons),
        "jeton": request.resolver_match.kwargs["lien"],
    }
