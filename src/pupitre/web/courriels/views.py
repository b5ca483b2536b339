"""The letters that left in the council's name, as they left."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from pupitre.acces.droits import Droit
from pupitre.socle.courriel import boite
from pupitre.socle.courriel.envoi import renvoyer as renvoyer_courriel
from pupitre.socle.courriel.modele import Courriel
from pupitre.web.acces import exige

_ADRESSE = re.compile(r"https?://[^\s]+")


@require_GET
@exige(Droit.VOIR_COURRIELS)
def liste(request, conseil):
    etat = request.GET.get("etat", "")
    page = Paginator(boite.du_perimetre(conseil.slug, etat), 50).get_page(request.GET.get("page"))
    return render(
        request,
        "courriels/liste.html",
        {
            "page": page,
            "etats": Courriel.Etat.choices,
            "etat": etat,
            "gardes": settings.COURRIELS_GARDES,
            "sans_serveur": not settings.CONFIGURATION.courriel_hote and not settings.COURRIELS_GARDES,
        },
    )


@require_GET
@exige(Droit.VOIR_COURRIELS)
def fiche(request, conseil, courriel):
    objet = get_object_or_404(boite.du_perimetre(conseil.slug), pk=courriel)
    adresses = _ADRESSE.findall(objet.texte)
    return render(
        request,
        "courriels/fiche.html",
        {
            "courriel": objet,
            # In the demonstration the letter goes nowhere: its button opens here, whatever the port.
            "chemin": urlsplit(adresses[0]).path if adresses and settings.COURRIELS_GARDES else "",
            "gardes": settings.COURRIELS_GARDES,
        },
    )


@require_POST
@exige(Droit.VOIR_COURRIELS)
def renvoyer(request, conseil, courriel):
    objet = get_object_or_404(boite.du_perimetre(conseil.slug), pk=courriel)
    renvoyer_courriel(courriel=objet)
    messages.success(request, "Le courriel est remis à l’envoi.")
    return redirect("courriel", conseil=conseil.slug, courriel=objet.pk)
