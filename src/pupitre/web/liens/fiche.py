"""A person checks their own card of the directory, by the link received."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from pupitre.annuaire import verifications
from pupitre.annuaire.models import Personne
from pupitre.web.acces import par_lien


class FicheForm(forms.ModelForm):
    proposition = forms.CharField(
        label="Vos fonctions ont-elles changé\u202f?",
        help_text="Dites-le avec vos mots\u202f: nouveau poste, départ, nom de la personne qui vous remplace. "
        "La coordination mettra l’annuaire à jour.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )

    class Meta:
        model = Personne
        fields = verifications.CORRIGEABLES
        widgets = {"adresse": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "telephone_prive": "Facultatif. Lu seulement de l’équipe de coordination et de la présidence.",
        }


@require_http_methods(["GET", "POST"])
@par_lien(verifications.FICHE)
def verifier(request, lien):
    demande = verifications.demande_du_lien(lien)
    if demande is None:
        raise Http404
    form = FicheForm(request.POST if request.method == "POST" else None, instance=demande.personne)
    if form.is_bound and form.is_valid():
        valeurs = dict(form.cleaned_data)
        try:
            verifications.repondre(
                lien=lien, demande=demande, proposition=valeurs.pop("proposition"), valeurs=valeurs
            )
        except ValidationError as erreur:
            form.add_error(None, erreur.messages)
        else:
            return render(request, "liens/fiche_merci.html", {"lien": lien})
    return render(
        request,
        "liens/fiche.html",
        {
            "form": form,
            "demande": demande,
            "nom": lien.nom,
            "conseil": lien.conseil,
            "fonctions": verifications.fonctions_dites(demande),
        },
        status=422 if form.is_bound else 200,
    )
