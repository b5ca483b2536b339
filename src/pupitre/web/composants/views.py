"""Every component in every state: what a page may be built of."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pupitre.acces.droits import Droit
from pupitre.web.acces import exige
from pupitre.web.icones import TRACES


class ExempleForm(forms.Form):
    nom = forms.CharField(label="Nom du secteur", help_text="Tel que les habitants le disent.")
    courriel = forms.EmailField(label="Adresse électronique", required=False)
    nature = forms.ChoiceField(label="Nature", choices=[("q", "Quartier"), ("i", "IRIS")])
    jour = forms.DateField(label="En vigueur depuis le", widget=forms.DateInput(attrs={"type": "date"}))
    rythme = forms.ChoiceField(
        label="Rythme", choices=[("m", "Chaque mois"), ("a", "Chaque année")], widget=forms.RadioSelect
    )
    remarque = forms.CharField(label="Remarque", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    fichier = forms.FileField(label="Fichier du partenaire", required=False, help_text="xlsx, ods ou csv.")
    relu = forms.BooleanField(label="J’ai relu les anomalies", required=False)


_FIGURES = (
    ("Cambriolages de logements", "41", "faits", "stable", "Pas d’évolution significative.", "41 contre 46."),
    ("Vols dans les véhicules", "63", "faits", "hausse", "Hausse significative.", "63 contre 40, surtout Gare."),
    ("Incidents dans les bus", "29", "incidents", "baisse", "Baisse significative.", "29 contre 49."),
    ("Occupations de hall", "–", "non livré", "absent", "Octobre n’est pas arrivé.", "Le bailleur est relancé."),
    ("Dégradations", "n. d.", "faits", "absent", "Valeur retenue.", "Moins de cinq faits."),
)  # fmt: skip


@exige(Droit.ADMINISTRER)
@require_safe
def composants(request: HttpRequest) -> HttpResponse:
    vierge = ExempleForm(prefix="vierge", initial={"rythme": "m"})
    fautif = ExempleForm({"fautif-courriel": "sans arobase", "fautif-nature": "q"}, prefix="fautif")
    fautif.is_valid()
    return render(
        request,
        "composants/composants.html",
        {
            "vierge": vierge,
            "fautif": fautif,
            "figures": _FIGURES,
            "icones": sorted(TRACES),
            "page": Paginator(range(1, 243), 20).get_page(request.GET.get("page") or 4),
            "tri": request.GET.get("tri", "nom"),
        },
    )
