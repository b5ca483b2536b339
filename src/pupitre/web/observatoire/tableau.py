"""The dashboard: what is asked in the address, what is shown, what leaves, what the team writes under a figure."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from pupitre.acces.droits import Droit
from pupitre.acces.policies import audience
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres import annotations, vues
from pupitre.observatoire.chiffres import tableau as composition
from pupitre.observatoire.chiffres.figures import FORMATS_IMAGE
from pupitre.observatoire.collecte import conventions
from pupitre.observatoire.models import Vue
from pupitre.web.acces import exige
from pupitre.web.telechargement import figure_en, resultats_en

CHAMPS = vues.CHOIX[Vue.Ecran.TABLEAU]


def _composer(request, conseil, vu_par: Audience | None = None) -> composition.Tableau:
    return composition.composer(
        conseil=conseil,
        audience=vu_par or audience(request.user, conseil),
        demande=composition.Demande(**{champ: request.GET.get(champ, "") for champ in CHAMPS}),
    )


@require_GET
@exige(Droit.VOIR_CHIFFRES)
def tableau(request, conseil):
    interne = audience(request.user, conseil) is Audience.INTERNE
    return render(
        request,
        "observatoire/tableau.html",
        {
            "tableau": _composer(request, conseil),
            "reservees": conventions.sans_diffusion(conseil) if interne else [],
            "vues": vues.visibles(request.user, conseil),
            "ecran": Vue.Ecran.TABLEAU,
        },
    )


@require_GET
@exige(Droit.VOIR_CHIFFRES)
def provenance(request, conseil):
    vu = _composer(request, conseil)
    chiffre = next((c for c in vu.chiffres if c.choisi), None)
    if chiffre is None:
        raise Http404
    contexte = {
        "chiffre": chiffre,
        "livraisons": chiffre.livraisons,
        "natures": chiffre.natures,
        "retour": f"{reverse('tableau', args=[conseil.slug])}?{vu.requete}",
    }
    return render(request, "observatoire/provenance.html", contexte)


@require_GET
@exige(Droit.VOIR_CHIFFRES)
def exporter(request, conseil, table, format):
    recueil = _composer(request, conseil).recueil
    nom = f"{conseil.slug}-{table}"
    if format in FORMATS_IMAGE:
        if table not in recueil.figures:
            raise Http404
        return figure_en(format, nom, recueil.figures[table])
    if not recueil.resultats.get(table):
        raise Http404
    return resultats_en(format, nom, recueil.resultats[table])


class CommentaireForm(forms.Form):
    texte = forms.CharField(
        label="Votre commentaire",
        required=False,
        max_length=annotations.LONGUEUR_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ce qui éclaire le chiffre. Vide, la phrase calculée revient seule.",
    )
    montre = forms.BooleanField(
        label="Le montrer aussi aux élus",
        required=False,
        help_text="Sinon, seule l’équipe le lit. N’y écrivez pas de nombre qu’ils ne voient pas, celui d’un secteur en "
        "particulier.",
    )
    confirme = forms.BooleanField(
        label="J’ai relu\u202f: ce texte ne désigne aucune personne", required=False, widget=forms.HiddenInput
    )


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_LECTURE)
def commenter(request, conseil):
    vu = _composer(request, conseil)
    if vu.principal is None:
        raise Http404
    ecrit = vu.principal.annotation
    form = CommentaireForm(
        request.POST if request.method == "POST" else None,
        initial={"texte": ecrit.texte, "montre": ecrit.montre} if ecrit else {},
    )
    retour = f"{reverse('tableau', args=[conseil.slug])}?{vu.requete}"
    if request.method == "POST" and form.is_valid():
        try:
            annotations.ecrire(
                conseil=conseil,
                cle=vu.principal.cle,
                calcule=vu.principal.calcule,
                auteur=request.user,
                **form.cleaned_data,
            )
        except ErreurPupitre as erreur:
            form.fields["confirme"].widget = forms.CheckboxInput()
            form.add_error("texte", str(erreur))
        else:
            garde = form.cleaned_data["texte"].strip()
            messages.success(
                request, "Le commentaire est gardé." if garde else "La phrase calculée est de retour."
            )
            return redirect(retour)
    contexte = {
        "form": form,
        "principal": vu.principal,
        "periode": vu.periode,
        "retour": retour,
        "historique": annotations.historique(conseil, vu.principal.cle),
    }
    return render(request, "observatoire/commenter.html", contexte, status=422 if form.is_bound else 200)
