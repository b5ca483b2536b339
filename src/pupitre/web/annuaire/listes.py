"""Lists kept by hand, and networks: people of the directory gathered under a name."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.annuaire import selectors, services
from pupitre.annuaire.models import ListeDePersonnes, Reseau
from pupitre.annuaire.policies import regard
from pupitre.socle import horloge
from pupitre.web.acces import exige
from pupitre.web.annuaire import exports
from pupitre.web.annuaire.formulaires import ChoixDePersonne, ListeForm, ReseauForm


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_ANNUAIRE)
def listes(request, conseil):
    form = ListeForm(
        request.POST if request.method == "POST" else None, instance=ListeDePersonnes(conseil=conseil)
    )
    if request.method == "POST" and form.is_valid():
        try:
            liste = services.enregistrer_liste(liste=form.save(commit=False))
        except ValidationError as erreur:
            form.add_error("nom", erreur.messages)
        else:
            messages.success(request, f"La liste {liste} est créée\u202f: ajoutez-y des personnes.")
            return redirect("annuaire-liste", conseil=conseil.slug, liste_de_personnes=liste.pk)
    return render(
        request,
        "annuaire/listes.html",
        {
            "form": form,
            "regard": regard(request.user, conseil),
            "listes": selectors.listes(conseil).annotate(nombre=Count("personnes")),
            "etiquettes": selectors.etiquettes(conseil).annotate(nombre=Count("personnes")),
        },
        status=422 if form.is_bound else 200,
    )


def _liste(conseil, pk) -> ListeDePersonnes:
    return get_object_or_404(ListeDePersonnes, conseil=conseil, pk=pk)


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_ANNUAIRE)
def liste(request, conseil, liste_de_personnes):
    objet = _liste(conseil, liste_de_personnes)
    form = ChoixDePersonne(request.POST if request.method == "POST" else None, conseil=conseil)
    if request.method == "POST" and form.is_valid():
        choisie = form.cleaned_data["choisie"]
        objet.personnes.add(choisie)
        messages.success(request, f"{choisie} est dans la liste.")
        return redirect("annuaire-liste", conseil=conseil.slug, liste_de_personnes=objet.pk)
    cles = list(objet.personnes.vivantes().values_list("pk", flat=True))
    return render(
        request,
        "annuaire/liste_de_personnes.html",
        {"liste": objet, "form": form, "fiches": selectors.habiller(cles, horloge.aujourdhui())},
        status=422 if form.is_bound else 200,
    )


@require_GET
@exige(Droit.TENIR_ANNUAIRE)
def exporter(request, conseil, liste_de_personnes, format):
    objet, jour = _liste(conseil, liste_de_personnes), horloge.aujourdhui()
    fiches = selectors.habiller(list(objet.personnes.vivantes().values_list("pk", flat=True)), jour)
    return exports.en(format, "liste", f"{objet}, {conseil}", fiches, regard(request.user, conseil), jour)


@require_POST
@exige(Droit.TENIR_ANNUAIRE)
def retirer(request, conseil, liste_de_personnes, personne):
    objet = _liste(conseil, liste_de_personnes)
    retiree = get_object_or_404(objet.personnes, pk=personne)
    objet.personnes.remove(retiree)
    messages.success(request, f"{retiree} n’est plus dans la liste. Sa fiche ne change pas.")
    return redirect("annuaire-liste", conseil=conseil.slug, liste_de_personnes=objet.pk)


@require_POST
@exige(Droit.TENIR_ANNUAIRE)
def supprimer(request, conseil, liste_de_personnes):
    objet = _liste(conseil, liste_de_personnes)
    nom = str(objet)
    objet.delete()
    messages.success(request, f"La liste {nom} est supprimée. Les fiches ne changent pas.")
    return redirect("annuaire-listes", conseil=conseil.slug)


@require_GET
@exige(Droit.VOIR_ANNUAIRE)
def reseaux(request, conseil):
    lus = list(conseil.reseaux.prefetch_related("personnes"))
    cles = {p.pk for r in lus for p in r.personnes.all()}
    habillees = {p.pk: p for p in selectors.habiller(list(cles), horloge.aujourdhui())}
    for reseau in lus:
        reseau.membres = [habillees[p.pk] for p in reseau.personnes.all() if not p.fusionnee_dans_id]
    return render(
        request,
        "annuaire/reseaux.html",
        {"reseaux": lus, "regard": regard(request.user, conseil)},
    )


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_ANNUAIRE)
def reseau(request, conseil, reseau=None):
    objet = get_object_or_404(Reseau, conseil=conseil, pk=reseau) if reseau else Reseau(conseil=conseil)
    envoi = request.POST if request.method == "POST" else None
    ajoute = envoi is not None and "qui" in envoi and objet.pk
    form = ReseauForm(None if ajoute else envoi, instance=objet)
    choix = ChoixDePersonne(envoi if ajoute else None, conseil=conseil)
    if ajoute and choix.is_valid():
        objet.personnes.add(choix.cleaned_data["choisie"])
        messages.success(request, f"{choix.cleaned_data['choisie']} est dans ce réseau.")
        return redirect("annuaire-reseau", conseil=conseil.slug, reseau=objet.pk)
    if form.is_bound and form.is_valid():
        garde = services.enregistrer_reseau(
            reseau=form.save(commit=False), personnes=objet.personnes.all() if objet.pk else ()
        )
        messages.success(request, f"Le réseau {garde} est à jour.")
        return redirect("annuaire-reseau", conseil=conseil.slug, reseau=garde.pk)
    return render(
        request,
        "annuaire/reseau.html",
        {
            "objet": objet,
            "form": form,
            "choix": choix,
            "membres": objet.personnes.vivantes() if objet.pk else [],
        },
        status=422 if envoi is not None else 200,
    )


@require_POST
@exige(Droit.TENIR_ANNUAIRE)
def quitter_reseau(request, conseil, reseau, personne):
    objet = get_object_or_404(Reseau, conseil=conseil, pk=reseau)
    retiree = get_object_or_404(objet.personnes, pk=personne)
    objet.personnes.remove(retiree)
    messages.success(request, f"{retiree} n’est plus dans ce réseau. Sa fiche ne change pas.")
    return redirect("annuaire-reseau", conseil=conseil.slug, reseau=objet.pk)
