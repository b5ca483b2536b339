"""Organisations around the table: their services, who represents them on a day."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.acces.models import NATURES_GROUPEES, Organisation
from pupitre.acces.services import creer_organisation
from pupitre.annuaire import selectors, services
from pupitre.annuaire.policies import regard
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.web.acces import exige
from pupitre.web.annuaire.formulaires import OrganisationForm, ServiceForm
from pupitre.web.annuaire.personnes import jour_demande
from pupitre.web.territoires.formulaires import refuser


@require_GET
@exige(Droit.VOIR_ANNUAIRE)
def liste(request, conseil):
    jour = jour_demande(request)
    lues = selectors.organisations_comptees(conseil, jour)
    groupes = [(g, [o for o in lues if o.nature in membres]) for g, membres in NATURES_GROUPEES]
    return render(
        request,
        "annuaire/organisations.html",
        {
            "groupes": [(g, membres) for g, membres in groupes if membres],
            "nombre": len(lues),
            "jour": jour,
            "regard": regard(request.user, conseil),
        },
    )


def _visible(conseil, organisation) -> Organisation:
    return get_object_or_404(selectors.organisations(conseil), pk=organisation)


@require_GET
@exige(Droit.VOIR_ANNUAIRE)
def fiche(request, conseil, organisation):
    return _fiche(request, conseil, _visible(conseil, organisation))


def _fiche(request, conseil, objet, form=None):
    jour = jour_demande(request)
    return render(
        request,
        "annuaire/organisation.html",
        {
            "organisation": objet,
            "jour": jour,
            "tenues": selectors.fonctions_de(conseil, objet, jour),
            "passees": selectors.anciennes_de(conseil, objet, jour)[:30],
            "services": objet.services.select_related("commune"),
            "form": form or ServiceForm(conseil=conseil, organisation=objet),
            "regard": regard(request.user, conseil),
        },
        status=422 if form is not None else 200,
    )


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_ANNUAIRE)
def ecrire(request, conseil, organisation=None):
    objet = _visible(conseil, organisation) if organisation is not None else Organisation()
    form = OrganisationForm(request.POST if request.method == "POST" else None, instance=objet)
    if request.method == "POST" and form.is_valid():
        try:
            gardee = _garder(form, conseil, organisation)
        except ErreurPupitre as erreur:
            refuser(form, erreur, "nom")
        else:
            messages.success(request, f"{gardee} est à jour.")
            return redirect("organisation", conseil=conseil.slug, organisation=gardee.pk)
    return render(
        request,
        "annuaire/organisation_ecrire.html",
        {"form": form, "objet": objet, "partagee": bool(objet.pk) and objet.conseils.count() > 1},
        status=422 if form.is_bound else 200,
    )


def _garder(form: OrganisationForm, conseil, organisation) -> Organisation:
    if organisation is not None:
        return services.modifier_organisation(organisation=form.save(commit=False))
    connue = services.organisation_nommee(conseil, form.cleaned_data["nom"])
    return connue or creer_organisation(**form.cleaned_data, conseils=[conseil])


@require_POST
@exige(Droit.TENIR_ANNUAIRE)
def ajouter_service(request, conseil, organisation):
    objet = _visible(conseil, organisation)
    form = ServiceForm(request.POST, conseil=conseil, organisation=objet)
    if form.is_valid():
        try:
            service = services.enregistrer_service(service=form.save(commit=False))
        except ValidationError as erreur:
            form.add_error("nom", erreur.messages)
        else:
            messages.success(request, f"Le service {service} est ajouté.")
            return redirect("organisation", conseil=conseil.slug, organisation=objet.pk)
    return _fiche(request, conseil, objet, form)
