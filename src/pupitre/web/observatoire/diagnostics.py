"""Diagnoses: an elected official asks, the team writes, the edition goes its usual way."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.observatoire.diffusion import bulletins, demandes_diagnostic, diagnostics
from pupitre.observatoire.models import Convention, DemandeDiagnostic
from pupitre.web.acces import exige


class DemandeForm(forms.ModelForm):
    class Meta:
        model = DemandeDiagnostic
        fields = ("titre", "question", "commune", "pour_le")
        widgets = {
            "question": forms.Textarea(attrs={"rows": 3}),
            "pour_le": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "titre": "Par exemple\u202f: rodéos autour de la gare.",
            "question": "Ce qui a été dit, par exemple en réunion publique, et ce que vous voulez savoir.",
            "commune": "Vide\u202f: tout le conseil.",
        }

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        communes = [c.pk for c in conseil.communes_as_of()]
        self.fields["commune"].queryset = self.fields["commune"].queryset.filter(pk__in=communes)
        self.fields["commune"].empty_label = "Tout le conseil"


class EcrireForm(forms.Form):
    indicateurs = forms.MultipleChoiceField(
        label="Ce qui éclaire la question",
        help_text=f"De un à {diagnostics.INDICATEURS_MAX} indicateurs, de sources différentes si possible.",
        widget=forms.SelectMultiple(attrs={"size": 12}),
        error_messages={"required": "Choisissez au moins un indicateur."},
    )
    perimetre = forms.ChoiceField(label="Périmètre")
    dernier_mois = forms.ChoiceField(label="Jusqu’à")
    mois = forms.TypedChoiceField(
        label="Sur combien de mois",
        coerce=int,
        choices=[(n, f"{n} mois") for n in diagnostics.DUREES],
        initial=6,
    )

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        lecteur = Lecteur.ouvrir(conseil, Audience.PARTENAIRE, usage=Convention.Usage.ETUDE)
        self.fields["indicateurs"].choices = diagnostics.choix_d_indicateurs(lecteur)
        communes = [(f"commune:{c.code}", c.nom) for c in lecteur.territoire.communes]
        self.fields["perimetre"].choices = [("conseil", "Tout le conseil"), *communes]
        self.fields["dernier_mois"].choices = [
            c for c in bulletins.periodes_possibles(conseil) if "-" in c[0]
        ]

    def clean_indicateurs(self):
        choisis = self.cleaned_data["indicateurs"]
        if len(choisis) > diagnostics.INDICATEURS_MAX:
            raise forms.ValidationError(
                f"Gardez-en {diagnostics.INDICATEURS_MAX} au plus\u202f: deux pages n’en disent pas plus."
            )
        return choisis


@require_GET
@exige(Droit.DEMANDER_DIAGNOSTIC)
def liste(request, conseil):
    return render(
        request,
        "diffusion/diagnostics.html",
        {"demandes": demandes_diagnostic.visibles(request.user, conseil)},
    )


@require_http_methods(["GET", "POST"])
@exige(Droit.DEMANDER_DIAGNOSTIC)
def demander(request, conseil):
    objet = DemandeDiagnostic(conseil=conseil, demandeur=request.user)
    form = DemandeForm(request.POST if request.method == "POST" else None, instance=objet, conseil=conseil)
    if request.method == "POST" and form.is_valid():
        demandes_diagnostic.demander(demande=form.save(commit=False))
        messages.success(request, "Votre question est transmise à l’équipe du conseil.")
        return redirect("diagnostics", conseil=conseil.slug)
    return render(
        request, "diffusion/diagnostic_demander.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "POST"])
@exige(Droit.ECRIRE_BULLETIN)
def ecrire(request, conseil, diagnostic):
    objet = get_object_or_404(DemandeDiagnostic, conseil=conseil, pk=diagnostic)
    initial = {"perimetre": f"commune:{objet.commune_id}" if objet.commune_id else "conseil"}
    form = EcrireForm(request.POST if request.method == "POST" else None, conseil=conseil, initial=initial)
    if request.method == "POST" and form.is_valid():
        donnees = form.cleaned_data
        try:
            bulletin = demandes_diagnostic.ecrire(
                demande=objet,
                indicateurs=donnees["indicateurs"],
                perimetre=donnees["perimetre"],
                dernier_mois=date.fromisoformat(f"{donnees['dernier_mois']}-01"),
                mois=donnees["mois"],
                auteur=request.user,
            )
        except ErreurPupitre as erreur:
            form.add_error(None, str(erreur))
        else:
            return redirect("bulletin", conseil=conseil.slug, pk=bulletin.pk)
    return render(
        request,
        "diffusion/diagnostic_ecrire.html",
        {"form": form, "demande": objet},
        status=422 if form.is_bound else 200,
    )


@require_POST
@exige(Droit.ECRIRE_BULLETIN)
def decliner(request, conseil, diagnostic):
    objet = get_object_or_404(DemandeDiagnostic, conseil=conseil, pk=diagnostic)
    try:
        demandes_diagnostic.decliner(demande=objet, raison=request.POST.get("raison", ""))
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
        return redirect("diagnostic-ecrire", conseil=conseil.slug, diagnostic=objet.pk)
    messages.success(request, "La demande est déclinée, avec sa raison.")
    return redirect("diagnostics", conseil=conseil.slug)
