"""What people hold: taken, left, replaced, vacant; who held it on a day."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.acces.models import Organisation
from pupitre.annuaire import fonctions, mouvements, selectors, services
from pupitre.annuaire.models import Fonction
from pupitre.annuaire.policies import regard
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.web.acces import exige
from pupitre.web.annuaire import exports
from pupitre.web.annuaire.formulaires import FonctionForm, QuitterForm, RemplacerForm
from pupitre.web.annuaire.personnes import jour_demande, visible
from pupitre.web.telechargement import tableau_en
from pupitre.web.territoires.formulaires import refuser


def _du_conseil(conseil, fonction) -> Fonction:
    return get_object_or_404(
        Fonction.objects.select_related("personne", "organisation", "service"), conseil=conseil, pk=fonction
    )


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_ANNUAIRE)
def ajouter(request, conseil, personne):
    objet = visible(conseil, personne)
    form = FonctionForm(
        request.POST if request.method == "POST" else None,
        instance=Fonction(personne=objet),
        conseil=conseil,
    )
    if request.method == "POST" and form.is_valid() and _garder(form, conseil):
        messages.success(request, f"{objet} est désormais\u202f: {form.instance}.")
        return redirect("personne", conseil=conseil.slug, personne=objet.pk)
    return render(
        request,
        "annuaire/fonction_ajouter.html",
        {"form": form, "personne": objet},
        status=422 if form.is_bound else 200,
    )


def _garder(form: FonctionForm, conseil) -> bool:
    lus, fonction = form.cleaned_data, form.save(commit=False)
    try:
        with transaction.atomic():
            if lus.get("nouvelle") and not lus.get("organisation"):
                fonction.organisation = services.trouver_ou_creer_organisation(
                    conseil=conseil, nom=lus["nouvelle"], nature=lus["nature"] or Organisation.Nature.AUTRE
                )
            fonctions.enregistrer(fonction=fonction)
    except ValidationError as erreur:
        form.add_error(None, erreur.messages)
    return form.is_valid()


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_ANNUAIRE)
def fiche(request, conseil, fonction):
    """Corrects what was badly typed. A departure and a replacement are other gestures, on the same page."""
    objet = _du_conseil(conseil, fonction)
    form = FonctionForm(
        request.POST if request.method == "POST" else None,
        instance=objet,
        conseil=conseil,
        avec_nouvelle=False,
    )
    if request.method == "POST" and form.is_valid() and _garder(form, conseil):
        messages.success(request, "La fonction est à jour.")
        return _retour(conseil, form.instance)
    return _page(request, conseil, objet, form=form)


def _page(request, conseil, objet, *, form=None, quitter=None, remplacer=None):
    jour = horloge.aujourdhui()
    fautifs = [f for f in (form, quitter, remplacer) if f is not None and f.is_bound]
    montree = _du_conseil(conseil, objet.pk)
    return render(
        request,
        "annuaire/fonction.html",
        {
            "fonction": montree,
            "form": form or FonctionForm(instance=objet, conseil=conseil, avec_nouvelle=False),
            "quitter": quitter or QuitterForm(initial={"depuis": jour}, prefix="quitter"),
            "remplacer": remplacer or RemplacerForm(conseil=conseil, initial={"depuis": jour}),
            "succession": selectors.poste(montree),
            "en_cours": montree.fin is None or montree.fin >= jour,
        },
        status=422 if fautifs else 200,
    )


def _retour(conseil, fonction: Fonction):
    if fonction.personne_id is None:
        return redirect("organisation", conseil=conseil.slug, organisation=fonction.organisation_id)
    return redirect("personne", conseil=conseil.slug, personne=fonction.personne_id)


@require_POST
@exige(Droit.TENIR_ANNUAIRE)
def quitter(request, conseil, fonction):
    objet = _du_conseil(conseil, fonction)
    if objet.personne_id is None:
        raise Http404
    form = QuitterForm(request.POST, prefix="quitter")
    if form.is_valid():
        try:
            fonctions.quitter(fonction=objet, **form.cleaned_data)
        except ErreurPupitre as erreur:
            refuser(form, erreur, "depuis")
        else:
            messages.success(
                request, f"{objet.personne} a quitté la fonction «\u202f{objet.intitule}\u202f»."
            )
            return _retour(conseil, objet)
    return _page(request, conseil, objet, quitter=form)


@require_POST
@exige(Droit.TENIR_ANNUAIRE)
def remplacer(request, conseil, fonction):
    objet = _du_conseil(conseil, fonction)
    form = RemplacerForm(request.POST, conseil=conseil)
    if form.is_valid():
        try:
            suivante = fonctions.remplacer(
                fonction=objet,
                personne=form.cleaned_data["choisie"],
                depuis=form.cleaned_data["depuis"],
            )
        except ErreurPupitre as erreur:
            refuser(form, erreur, "depuis")
        else:
            messages.success(
                request, f"{suivante.personne} prend la fonction «\u202f{suivante.intitule}\u202f»."
            )
            return _retour(conseil, suivante)
    return _page(request, conseil, objet, remplacer=form)


@require_GET
@exige(Droit.VOIR_ANNUAIRE)
def mouvements_(request, conseil):
    jour = jour_demande(request)
    rotation = mouvements.rotation(conseil, jour)
    return render(
        request,
        "annuaire/mouvements.html",
        {
            "jour": jour,
            "vacances": mouvements.vacances(conseil, jour),
            "rotation": rotation,
            "arrivees": mouvements.arrivees(conseil, rotation.debut, jour)[:50],
            "departs": mouvements.departs(conseil, rotation.debut, jour)[:50],
            "regard": regard(request.user, conseil),
        },
    )


@require_GET
@exige(Droit.VOIR_ANNUAIRE)
def exporter_mouvements(request, conseil, table, format):
    jour = jour_demande(request)
    if table == "rotation":
        lue = mouvements.rotation(conseil, jour)
        return tableau_en(format, "rotation", exports.table_de_rotation(f"Rotation, {conseil}", lue))
    vacances = mouvements.vacances(conseil, jour)
    return tableau_en(
        format, "fonctions-vacantes", exports.table_des_vacances(f"Fonctions vacantes, {conseil}", vacances)
    )
