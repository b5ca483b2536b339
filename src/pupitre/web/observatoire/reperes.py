"""Notes pinned to a day: the list with its history, a short form to write or correct one."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.chiffres import reperes
from pupitre.observatoire.chiffres.perimetres import Territoire
from pupitre.observatoire.models import Repere
from pupitre.socle import horloge
from pupitre.web.acces import exige
from pupitre.web.telechargement import tableau_en


class RepereForm(forms.Form):
    jour = forms.DateField(
        label="Jour",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Dites quel jour."},
    )
    texte = forms.CharField(
        label="Ce qui s’est passé",
        max_length=120,
        help_text="Quelques mots\u202f: «\u202fouverture du chantier de la gare\u202f». Les élus les lisent sous les "
        "graphiques et dans le bulletin.",
        error_messages={"required": "Dites en quelques mots ce qui s’est passé ce jour-là."},
    )
    perimetre = forms.ChoiceField(label="Territoire concerné", required=False)
    thematique = forms.ChoiceField(label="Thème concerné", required=False)
    confirme = forms.BooleanField(
        label="J’ai relu\u202f: ce texte ne désigne aucune personne", required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["perimetre"].choices = reperes.lieux(Territoire.lire(conseil, horloge.aujourdhui()))
        self.fields["thematique"].choices = reperes.themes()


@require_GET
@exige(Droit.TENIR_LECTURE)
def liste(request, conseil):
    territoire = Territoire.lire(conseil, horloge.aujourdhui())
    contexte = {
        "reperes": reperes.historique(conseil),
        "lieux": dict(reperes.lieux(territoire)),
        "themes": dict(reperes.themes()),
    }
    return render(request, "observatoire/reperes.html", contexte)


@require_GET
@exige(Droit.TENIR_LECTURE)
def exporter(request, conseil, format):
    return tableau_en(format, f"{conseil.slug}-reperes", reperes.table(conseil))


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_LECTURE)
def poser(request, conseil, repere=None):
    ancien = get_object_or_404(Repere, conseil=conseil, pk=repere) if repere else None
    depart = {"jour": request.GET.get("jour") or horloge.aujourdhui()}
    if ancien is not None:
        depart = {c: getattr(ancien, c) for c in ("jour", "texte", "perimetre", "thematique")}
    form = RepereForm(request.POST if request.method == "POST" else None, conseil=conseil, initial=depart)
    if request.method == "POST" and form.is_valid():
        try:
            reperes.ecrire(conseil=conseil, remplace=ancien, auteur=request.user, **form.cleaned_data)
        except ErreurPupitre as erreur:
            form.fields["confirme"].widget = forms.CheckboxInput()
            form.add_error("texte", str(erreur))
        except ValidationError as erreur:
            form.add_error(None, erreur.messages)
        else:
            messages.success(request, "Le repère est posé\u202f: il paraît sur les graphiques de ce jour.")
            return redirect("reperes", conseil=conseil.slug)
    return render(
        request,
        "observatoire/repere.html",
        {"form": form, "ancien": ancien},
        status=422 if form.is_bound else 200,
    )


@require_POST
@exige(Droit.TENIR_LECTURE)
def retirer(request, conseil, repere):
    objet = get_object_or_404(Repere, conseil=conseil, pk=repere)
    try:
        reperes.retirer(repere=objet, auteur=request.user)
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, "Le repère est retiré des graphiques\u202f; il reste dans l’historique.")
    return redirect("reperes", conseil=conseil.slug)
