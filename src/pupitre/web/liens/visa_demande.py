"""The president signs, or sends back, a delivery of data: from a telephone, without an account."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from pupitre.acces import actes
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.demandes import lettres, selectors, services
from pupitre.observatoire.demandes.etats import EtatDemande
from pupitre.observatoire.models import DemandeDonnees
from pupitre.web.acces import par_lien
from pupitre.web.observatoire.formulaires_demandes import RaisonForm
from pupitre.web.telechargement import envoyer


def _demande(lien) -> DemandeDonnees:
    return get_object_or_404(DemandeDonnees, pk=lien.objet, conseil=lien.conseil)


@require_http_methods(["GET", "POST"])
@par_lien(lettres.VISA)
def viser(request, lien):
    demande = _demande(lien)
    renvoie = request.method == "POST" and "renvoyer" in request.POST
    form = RaisonForm(request.POST if renvoie else None, prefix="remarque")
    faite = ""
    try:
        if renvoie and form.is_valid():
            with transaction.atomic():
                actes.accomplir(lien, "renvoi")
                services.renvoyer(demande=demande, nom=lien.nom, raison=form.cleaned_data["raison"])
            faite = "renvoi"
        elif request.method == "POST" and "viser" in request.POST:
            with transaction.atomic():
                actes.accomplir(lien, "visa")
                services.viser(demande=demande, nom=lien.nom)
            faite = "visa"
    except ErreurPupitre as erreur:
        form = RaisonForm(prefix="remarque")
        form.errors[""] = [str(erreur)]
    contexte = {
        "demande": demande,
        "resume": lettres.resume(demande),
        "reponses": selectors.reponses(demande).values(),
        "form": form,
        "faite": faite,
        "attendu": not faite and selectors.etat_de(demande) == EtatDemande.VISA,
        "jeton": actes.jeton(lien),
    }
    echec = request.method == "POST" and not faite
    return render(request, "liens/visa_demande.html", contexte, status=422 if echec else 200)


@require_GET
@par_lien(lettres.VISA)
def analyse(request, lien):
    demande = _demande(lien)
    remise = selectors.derniere_remise(demande)
    if remise is None:
        raise Http404
    return envoyer(remise.chemin("pdf").read_bytes(), "pdf", demande.reference, joint=False)
