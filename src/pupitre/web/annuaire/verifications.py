"""Asking everyone to check their own card, and who has answered."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pupitre.acces.droits import Droit
from pupitre.annuaire import selectors, verifications
from pupitre.annuaire.models import CampagneDeFiches, DemandeDeFiche, Personne
from pupitre.annuaire.policies import regard
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.socle.texte import pluriel
from pupitre.web.acces import exige
from pupitre.web.annuaire.formulaires import CampagneForm
from pupitre.web.territoires.formulaires import refuser

DELAI = timedelta(days=21)
CHAMPS = {c: Personne._meta.get_field(c).verbose_name for c in verifications.CORRIGEABLES}


@require_http_methods(["GET", "POST"])
@exige(Droit.TENIR_ANNUAIRE)
def liste(request, conseil):
    form = CampagneForm(
        request.POST if request.method == "POST" else None,
        conseil=conseil,
        initial={"echeance": horloge.aujourdhui() + DELAI},
    )
    if request.method == "POST" and form.is_valid():
        try:
            campagne = verifications.lancer(
                conseil=conseil,
                personnes=selectors.chercher(conseil, form.filtre()),
                echeance=form.cleaned_data["echeance"],
                auteur=request.user,
            )
        except ErreurPupitre as erreur:
            refuser(form, erreur, "echeance" if "date" in erreur.quoi else "a_qui")
        else:
            nombre = campagne.demandes.count()
            messages.success(request, f"{pluriel(nombre, 'courriel')} en route.")
            return redirect("annuaire-verification", conseil=conseil.slug, campagne=campagne.pk)
    return render(
        request,
        "annuaire/verifications.html",
        {
            "form": form,
            "campagnes": verifications.campagnes(conseil),
            "regard": regard(request.user, conseil),
        },
        status=422 if form.is_bound else 200,
    )


@require_GET
@exige(Droit.TENIR_ANNUAIRE)
def campagne(request, conseil, campagne):
    objet = get_object_or_404(verifications.campagnes(conseil), pk=campagne)
    demandes = list(verifications.demandes(objet))
    for demande in demandes:
        demande.corrections = [
            (CHAMPS[c["champ"]], c["avant"], c["apres"]) for c in demande.changements if c["champ"] in CHAMPS
        ]
    return render(
        request,
        "annuaire/verification.html",
        {
            "campagne": objet,
            "repondues": [d for d in demandes if d.repondue_le],
            "attendues": [d for d in demandes if not d.repondue_le],
        },
    )


@require_POST
@exige(Droit.TENIR_ANNUAIRE)
def relancer(request, conseil, campagne):
    objet = get_object_or_404(CampagneDeFiches, conseil=conseil, pk=campagne)
    nombre = verifications.relancer(campagne=objet, auteur=request.user)
    if nombre:
        messages.success(request, f"{pluriel(nombre, 'courriel')} de rappel en route.")
    else:
        messages.info(
            request, "Aucun rappel\u202f: chacun a répondu, ou vient de recevoir un courriel aujourd’hui."
        )
    return redirect("annuaire-verification", conseil=conseil.slug, campagne=objet.pk)


def _demande(conseil, demande_de_fiche) -> DemandeDeFiche:
    return get_object_or_404(
        DemandeDeFiche.objects.select_related("personne"), campagne__conseil=conseil, pk=demande_de_fiche
    )


@require_POST
@exige(Droit.TENIR_ANNUAIRE)
def traiter(request, conseil, demande_de_fiche):
    objet = _demande(conseil, demande_de_fiche)
    verifications.traiter(demande=objet)
    messages.success(request, f"La réponse de {objet.personne} est notée comme traitée.")
    return redirect("annuaire-verification", conseil=conseil.slug, campagne=objet.campagne_id)


@require_POST
@exige(Droit.TENIR_ANNUAIRE)
def annuler(request, conseil, demande_de_fiche):
    objet = _demande(conseil, demande_de_fiche)
    rendus = verifications.annuler_correction(demande=objet)
    messages.success(request, f"{pluriel(rendus, 'correction annulée', 'corrections annulées')}.")
    return redirect("annuaire-verification", conseil=conseil.slug, campagne=objet.campagne_id)
