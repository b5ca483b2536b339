"""The owner of the data answers a request: yes, yes with reserves, no."""

from __future__ import annotations

from django.db import transaction
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from pupitre.acces import actes
from pupitre.acces.models import Organisation
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.demandes import lettres, selectors, services
from pupitre.observatoire.demandes.etats import EtatDemande
from pupitre.observatoire.models import DemandeDonnees
from pupitre.web.acces import par_lien
from pupitre.web.observatoire.formulaires_demandes import ReponseForm


@require_http_methods(["GET", "POST"])
@par_lien(lettres.REPONSE)
def repondre(request, lien):
    cle, organisation = lettres.lire_objet_de_reponse(lien.objet)
    demande = get_object_or_404(DemandeDonnees, pk=cle, conseil=lien.conseil)
    organisation = get_object_or_404(Organisation, pk=organisation)
    form = ReponseForm(request.POST if request.method == "POST" else None)
    faite = False
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                actes.accomplir(lien, form.cleaned_data["sens"])
                services.repondre(
                    demande=demande,
                    organisation=organisation,
                    sens=form.cleaned_data["sens"],
                    texte=form.cleaned_data["texte"],
                    nom=lien.nom,
                    par_lien=True,
                )
            faite = True
        except ErreurPupitre as erreur:
            form.add_error(None, str(erreur))
    attendue = (
        not faite
        and selectors.etat_de(demande) == EtatDemande.ACCORD
        and organisation in selectors.proprietaires_attendus(demande)
    )
    contexte = {
        "demande": demande,
        "organisation": organisation,
        "resume": lettres.resume(demande),
        "form": form,
        "faite": faite,
        "attendue": attendue,
    }
    return render(
        request,
        "liens/reponse_proprietaire.html",
        contexte,
        status=422 if form.is_bound and not faite else 200,
    )
