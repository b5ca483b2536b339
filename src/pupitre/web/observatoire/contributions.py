"""What feeds the half-yearly study beside figures: extracts of minutes, interviews, letters."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.diffusion import contributions, faits_marquants
from pupitre.observatoire.models import Contribution
from pupitre.web.acces import exige


class ContributionForm(forms.ModelForm):
    confirme = forms.BooleanField(
        label="J’ai relu\u202f: ce texte ne désigne aucune personne", required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = Contribution
        fields = ("genre", "relais", "jour", "commune", "secteur", "texte", "retenue")
        widgets = {
            "jour": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "texte": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = {"texte": "Ce qui a été dit ou écrit, sans le nom de personne."}

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.conseil = conseil
        communes = [c.pk for c in conseil.communes_as_of()]
        self.fields["commune"].queryset = self.fields["commune"].queryset.filter(pk__in=communes)
        self.fields["commune"].empty_label = "Tout le conseil"
        self.fields["secteur"].widget = forms.Select(
            choices=[("", "Sans secteur"), *faits_marquants.secteurs(conseil)]
        )


@require_GET
@exige(Droit.ECRIRE_BULLETIN)
def liste(request, conseil):
    return render(
        request,
        "diffusion/contributions.html",
        {
            "contributions": contributions.du_conseil(conseil),
            "secteurs": dict(faits_marquants.secteurs(conseil)),
        },
    )


@require_http_methods(["GET", "POST"])
@exige(Droit.ECRIRE_BULLETIN)
def saisir(request, conseil, contribution=None):
    objet = (
        get_object_or_404(Contribution, conseil=conseil, pk=contribution) if contribution else Contribution()
    )
    form = ContributionForm(
        request.POST if request.method == "POST" else None, instance=objet, conseil=conseil
    )
    if request.method == "POST" and form.is_valid():
        try:
            contributions.enregistrer(
                contribution=form.save(commit=False),
                confirme=form.cleaned_data["confirme"],
                auteur=request.user,
            )
        except ErreurPupitre as erreur:
            form.fields["confirme"].widget = forms.CheckboxInput()
            form.add_error("texte", str(erreur))
        else:
            messages.success(request, "La contribution est gardée.")
            return redirect("contributions", conseil=conseil.slug)
    return render(
        request,
        "diffusion/contribution.html",
        {"form": form, "objet": objet},
        status=422 if form.is_bound else 200,
    )


@require_POST
@exige(Droit.ECRIRE_BULLETIN)
def basculer(request, conseil, contribution):
    objet = get_object_or_404(Contribution, conseil=conseil, pk=contribution)
    contributions.basculer(contribution=objet)
    return redirect("contributions", conseil=conseil.slug)
