"""A member reads the charter and signs it, without an account."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from pupitre.acces import actes
from pupitre.conseils.formations import chartes, ecrits
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.web.acces import par_lien
from pupitre.web.telechargement import envoyer


class EngagementForm(forms.Form):
    engagement = forms.BooleanField(
        label="J’ai lu cette charte et je m’engage personnellement à la respecter.",
        error_messages={"required": "Cochez la case pour signer."},
    )


def _objets(lien):
    trouves = chartes.du_lien(lien)
    if trouves is None or trouves[0].adopte_le is None:
        raise Http404
    return trouves


@require_http_methods(["GET", "POST"])
@par_lien(chartes.ACTE)
def signer(request, lien) -> HttpResponse:
    charte, personne = _objets(lien)
    form = EngagementForm(request.POST if request.method == "POST" else None)
    signee = None
    if request.method == "POST" and form.is_valid():
        try:
            signee = chartes.signer(charte=charte, personne=personne, lien=lien)
        except ErreurPupitre as erreur:
            form.add_error("engagement", str(erreur))
    lu = ecrits.ecrit(charte)
    contexte = {
        "charte": charte,
        "personne": personne,
        "form": form,
        "signee": signee,
        "blocs": [(type(b).__name__, b) for b in lu.blocs],
        "jeton": actes.jeton(lien),
    }
    echec = form.is_bound and signee is None
    return render(request, "liens/charte.html", contexte, status=422 if echec else 200)


@require_GET
@par_lien(chartes.ACTE)
def document(request, lien) -> HttpResponse:
    charte, _ = _objets(lien)
    return envoyer(ecrits.document(charte, "pdf"), "pdf", f"charte-v{charte.version}", joint=False)
