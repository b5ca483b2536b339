"""Saved views: keep the reading of a screen under a name, find it again, rename it, share it, delete it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from pupitre.acces.droits import Droit
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.chiffres import vues
from pupitre.observatoire.models import Vue
from pupitre.web.acces import exige

ADRESSES = {Vue.Ecran.TABLEAU: "tableau", Vue.Ecran.SAISONS: "saisons", Vue.Ecran.COMPARER: "comparer"}


class VueForm(forms.Form):
    nom = forms.CharField(
        label="Nom de la vue",
        max_length=80,
        help_text="Par exemple\u202f: cambriolages de Limeil, douze mois.",
        error_messages={"required": "Donnez un nom à cette vue."},
    )
    derniere_periode = forms.BooleanField(
        label="Toujours la dernière période livrée",
        required=False,
        initial=True,
        help_text="Décochez pour garder la période affichée.",
    )
    partagee = forms.BooleanField(label="La partager avec l’équipe", required=False)

    def __init__(self, *args, equipe: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not equipe:
            del self.fields["partagee"]


def adresse(vue: Vue) -> str:
    return f"{reverse(ADRESSES[vue.ecran], args=[vue.conseil.slug])}?{vues.requete(vue)}"


@require_http_methods(["GET", "POST"])
@exige(Droit.VOIR_CHIFFRES)
def enregistrer(request, conseil):
    ecran = request.GET.get("ecran", "")
    if ecran not in ADRESSES:
        ecran = Vue.Ecran.TABLEAU
    choix = {c: request.GET.get(c, "") for c in vues.CHOIX[ecran]}
    equipe = vues.de_l_equipe(request.user, conseil)
    form = VueForm(request.POST if request.method == "POST" else None, equipe=equipe)
    if request.method == "POST" and form.is_valid():
        try:
            vue = vues.enregistrer(
                conseil=conseil, auteur=request.user, ecran=ecran, choix=choix, **form.cleaned_data
            )
        except ErreurPupitre as erreur:
            form.add_error(None, str(erreur))
        except ValidationError as erreur:
            form.add_error("nom", erreur.messages)
        else:
            messages.success(request, "La vue est enregistrée.")
            return redirect(adresse(vue))
    contexte = {
        "form": form,
        "choix": [(c, v) for c, v in choix.items() if v],
        "retour": f"{reverse(ADRESSES[ecran], args=[conseil.slug])}?{request.GET.urlencode()}",
    }
    return render(
        request, "observatoire/vue_enregistrer.html", contexte, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "POST"])
@exige(Droit.VOIR_CHIFFRES)
def liste(request, conseil):
    """One's views and the team's; renaming and deleting are sent to the same address."""
    fautive, erreurs = None, []
    if request.method == "POST":
        fautive = get_object_or_404(
            vues.modifiables(request.user, conseil), pk=_entier(request.POST.get("vue"))
        )
        try:
            if request.POST.get("geste") == "supprimer":
                vues.supprimer(vue=fautive)
                messages.success(request, "La vue est supprimée.")
            else:
                nom, partagee = request.POST.get("nom", ""), "partagee" in request.POST
                vues.renommer(vue=fautive, nom=nom, partagee=partagee, auteur=request.user)
                messages.success(request, "La vue est renommée.")
            return redirect("vues", conseil=conseil.slug)
        except ErreurPupitre as erreur:
            erreurs = [str(erreur)]
        except ValidationError as erreur:
            erreurs = erreur.messages
    visibles = [(fautive if fautive == v else v) for v in vues.visibles(request.user, conseil)]
    contexte = {
        "vues": [(v, adresse(v)) for v in visibles],
        "equipe": vues.de_l_equipe(request.user, conseil),
        "fautive": fautive,
        "erreurs": erreurs,
    }
    return render(request, "observatoire/vues.html", contexte, status=422 if erreurs else 200)


def _entier(texte: str | None) -> int:
    return int(texte) if texte and texte.isdigit() and len(texte) < 12 else 0
