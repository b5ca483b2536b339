"""Bulletins: written as a draft whose figures are frozen, read, then published as an edition."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire import policies
from pupitre.observatoire.chiffres import catalogue
from pupitre.observatoire.diffusion import bulletins
from pupitre.web.acces import exige
from pupitre.web.telechargement import envoyer


class BulletinForm(forms.Form):
    periode = forms.ChoiceField(
        label="Période",
        help_text="Un mois, ou une année entière.",
        error_messages={"required": "Choisissez la période du bulletin."},
    )

    def __init__(self, *args, conseil, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["periode"].choices = bulletins.periodes_possibles(conseil)


def _visible(request, conseil, pk):
    bulletin = get_object_or_404(conseil.bulletins, pk=pk)
    if not policies.peut_lire_bulletin(request.user, bulletin):
        raise Http404
    return bulletin


@require_GET
@exige(Droit.LIRE_BULLETIN)
def liste(request, conseil):
    lisibles = bulletins.visibles(request.user, conseil)
    page = Paginator(lisibles, 24).get_page(request.GET.get("page"))
    return render(request, "observatoire/bulletins.html", {"page": page})


@require_http_methods(["GET", "POST"])
@exige(Droit.ECRIRE_BULLETIN)
def ecrire(request, conseil):
    form = BulletinForm(
        request.POST if request.method == "POST" else None,
        conseil=conseil,
        initial={"periode": request.GET.get("periode", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            bulletin = bulletins.preparer(
                conseil=conseil, periode=form.cleaned_data["periode"], auteur=request.user
            )
        except ErreurPupitre as erreur:
            form.add_error("periode", str(erreur))
        else:
            return redirect("bulletin", conseil=conseil.slug, pk=bulletin.pk)
    return render(
        request,
        "observatoire/bulletin_ecrire.html",
        {"form": form},
        status=422 if form.is_bound else 200,
    )


@require_GET
@exige(Droit.LIRE_BULLETIN)
def fiche(request, conseil, pk):
    bulletin = _visible(request, conseil, pk)
    contexte = {
        "bulletin": bulletin,
        "faits": bulletins.faits_de(bulletin),
        "publiable": bool(policies.peut_publier_bulletin(request.user, bulletin)),
        "perime": bulletin.version_catalogue < catalogue.version_de(conseil),
    }
    return render(request, "observatoire/bulletin.html", contexte)


@require_POST
@exige(Droit.ECRIRE_BULLETIN)
def publier(request, conseil, pk):
    bulletin = _visible(request, conseil, pk)
    try:
        bulletins.publier(bulletin=bulletin, auteur=request.user)
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, "L’édition est publiée\u202f: elle ne changera plus.")
    return redirect("bulletin", conseil=conseil.slug, pk=bulletin.pk)


@require_GET
@exige(Droit.LIRE_BULLETIN)
def pdf(request, conseil, pk):
    bulletin = _visible(request, conseil, pk)
    nom = f"bulletin-{conseil.slug}-{bulletin.periode}-edition-{bulletin.edition}"
    return envoyer(bulletins.pdf(bulletin), "pdf", nom, joint=False)
