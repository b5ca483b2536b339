"""Accounts and habilitations: who may enter. Never what they read."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pupitre.acces import liens, selectors, services
from pupitre.acces.droits import Droit
from pupitre.acces.models import Habilitation, Utilisateur
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.web.acces import exige
from pupitre.web.administration.formulaires import CompteForm, HabilitationForm, RechercheForm

PAR_PAGE = 40
_LIRE_ECRIRE = require_http_methods(["GET", "HEAD", "POST"])


def _compte(request: HttpRequest, pk: int) -> Utilisateur:
    return get_object_or_404(selectors.comptes_visibles(request.user), pk=pk)


@exige(Droit.ADMINISTRER)
@require_safe
def comptes(request: HttpRequest) -> HttpResponse:
    form = RechercheForm(request.GET)
    choix = form.cleaned_data if form.is_valid() else {}
    trouves = selectors.chercher_comptes(
        request.user, q=choix.get("q", ""), etat=choix.get("etat", ""), tri=request.GET.get("tri", "nom")
    )
    page = Paginator(trouves, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "form": form,
        "page": page,
        "tri": request.GET.get("tri", "nom"),
        "filtre": any(choix.values()),
    }
    return render(request, "administration/comptes.html", contexte)


@exige(Droit.ADMINISTRER)
@never_cache
@_LIRE_ECRIRE
def creer(request: HttpRequest) -> HttpResponse:
    form = CompteForm(request.POST if request.method == "POST" else None)
    habilitation = HabilitationForm(
        request.POST if request.method == "POST" else None, initial={"debut": horloge.aujourdhui()}
    )
    valides = request.method == "POST" and all([form.is_valid(), habilitation.is_valid()])
    if not valides:
        return render(request, "administration/creer.html", {"form": form, "habilitation": habilitation})
    with transaction.atomic():
        compte = services.creer_compte(**form.cleaned_data, password=None)
        services.habiliter(utilisateur=compte, auteur=request.user, **habilitation.cleaned_data)
    return _montrer_lien(request, compte, "Le compte est créé.")


@exige(Droit.ADMINISTRER)
@require_safe
def compte(request: HttpRequest, compte: int) -> HttpResponse:
    return _fiche(request, _compte(request, compte))


def _fiche(request: HttpRequest, compte: Utilisateur, form: HabilitationForm | None = None) -> HttpResponse:
    aujourdhui = horloge.aujourdhui()
    habilitations = compte.habilitations.select_related("conseil", "organisation", "departement", "commune")
    return render(
        request,
        "administration/compte.html",
        {
            "compte": compte,
            "en_cours": [h for h in habilitations if h.fin is None or h.fin >= aujourdhui],
            "passees": [h for h in habilitations if h.fin is not None and h.fin < aujourdhui],
            "form": form or HabilitationForm(initial={"debut": aujourdhui}),
            "soi_meme": compte.pk == request.user.pk,
            "aujourdhui": aujourdhui,
        },
        status=422 if form is not None else 200,
    )


@exige(Droit.ADMINISTRER)
@require_POST
def habiliter(request: HttpRequest, compte: int) -> HttpResponse:
    cible = _compte(request, compte)
    form = HabilitationForm(request.POST, instance=Habilitation(utilisateur=cible))
    if not form.is_valid():
        return _fiche(request, cible, form)
    return _faire(
        request,
        cible,
        lambda: services.habiliter(utilisateur=cible, auteur=request.user, **form.cleaned_data),
        "L’habilitation est ouverte.",
    )


@exige(Droit.ADMINISTRER)
@require_POST
def retirer(request: HttpRequest, compte: int, habilitation: int) -> HttpResponse:
    cible = _compte(request, compte)
    retiree = get_object_or_404(cible.habilitations, pk=habilitation)
    return _faire(
        request, cible, lambda: services.retirer(habilitation=retiree), "L’habilitation est retirée."
    )


@exige(Droit.ADMINISTRER)
@require_POST
def fermer(request: HttpRequest, compte: int) -> HttpResponse:
    cible = _compte(request, compte)
    return _faire(
        request,
        cible,
        lambda: services.fermer_compte(utilisateur=cible),
        "Le compte est fermé\u202f: plus personne n’entre avec lui.",
    )


@exige(Droit.ADMINISTRER)
@require_POST
def rouvrir(request: HttpRequest, compte: int) -> HttpResponse:
    cible = _compte(request, compte)
    return _faire(
        request, cible, lambda: services.rouvrir_compte(utilisateur=cible), "Le compte est rouvert."
    )


@exige(Droit.ADMINISTRER)
@never_cache
@require_POST
def renouveler(request: HttpRequest, compte: int) -> HttpResponse:
    cible = _compte(request, compte)
    if not cible.is_active:
        messages.error(request, "Le compte est fermé. Rouvrez-le avant de remettre un lien.")
        return redirect("compte", compte=cible.pk)
    services.oublier_mot_de_passe(utilisateur=cible)
    return _montrer_lien(request, cible, "L’ancien mot de passe et les anciens liens ne valent plus.")


def _montrer_lien(request: HttpRequest, compte: Utilisateur, annonce: str) -> HttpResponse:
    """Shown once, in the answer itself: the link is kept nowhere."""
    qui, jeton = liens.ecrire(compte)
    adresse = request.build_absolute_uri(reverse("premier_acces", kwargs={"qui": qui, "jeton": jeton}))
    return render(
        request, "administration/lien.html", {"compte": compte, "lien": adresse, "annonce": annonce}
    )


def _faire(request: HttpRequest, cible: Utilisateur, geste, annonce: str) -> HttpResponse:
    try:
        geste()
    except ErreurPupitre as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, annonce)
    return redirect("compte", compte=cible.pk)
