"""Signing in and out, one's password, one's rights, the appearance of the pages."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from pupitre.acces import liens, services
from pupitre.acces.policies import explications
from pupitre.web.acces import connectee, ouverte
from pupitre.web.compte.demonstration import comptes_offerts
from pupitre.web.compte.formulaires import ConnexionForm, MotDePasseForm, PremierAccesForm
from pupitre.web.contexte import APPARENCES, COOKIE_APPARENCE

_UN_AN = 365 * 24 * 3600


def _suite(request: HttpRequest, champ: str, defaut: str) -> str:
    """The page to return to, if it is one of ours."""
    voulue = request.POST.get(champ) or request.GET.get(champ) or ""
    sure = url_has_allowed_host_and_scheme(
        voulue, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return voulue if sure else reverse(defaut)


@ouverte
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def connexion(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_suite(request, "next", "accueil"))
    form = ConnexionForm(request, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(_suite(request, "next", "accueil"))
    contexte = {"form": form, "suite": request.GET.get("next", ""), "comptes": comptes_offerts()}
    return render(request, "compte/connexion.html", contexte)


@ouverte
@require_POST
def deconnexion(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, "Vous êtes déconnecté.")
    return redirect("connexion")


@ouverte
@require_POST
def apparence(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device is set: kept in a cookie that says nothing else."""
    reponse = redirect(_suite(request, "suite", "accueil"))
    choisie = request.POST.get("apparence")
    if choisie in APPARENCES:
        reponse.set_cookie(
            COOKIE_APPARENCE,
            choisie,
            max_age=_UN_AN,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
        )
    else:
        reponse.delete_cookie(COOKIE_APPARENCE)
    return reponse


@connectee
@require_http_methods(["GET", "HEAD"])
def mes_acces(request: HttpRequest) -> HttpResponse:
    return render(request, "compte/mes_acces.html", {"explications": explications(request.user)})


@connectee
@require_POST
def semaine(request: HttpRequest) -> HttpResponse:
    """Whether the person receives their week by e-mail."""
    par_courriel = request.POST.get("par_courriel") == "1"
    services.regler_semaine(utilisateur=request.user, par_courriel=par_courriel)
    messages.success(
        request,
        "Vous recevrez votre semaine le lundi." if par_courriel else "Vous ne recevrez plus votre semaine.",
    )
    return redirect("mes_acces")


@connectee
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mot_de_passe(request: HttpRequest) -> HttpResponse:
    form = MotDePasseForm(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.choisir_mot_de_passe(utilisateur=request.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.user)
        messages.success(request, "Votre mot de passe est changé. Vos autres sessions sont closes.")
        return redirect("mes_acces")
    return render(request, "compte/mot_de_passe.html", {"form": form})


@ouverte
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def premier_acces(request: HttpRequest, qui: str, jeton: str) -> HttpResponse:
    utilisateur = liens.lire(qui, jeton)
    if utilisateur is None:
        return render(request, "compte/lien_perime.html", status=410)
    form = PremierAccesForm(utilisateur, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.choisir_mot_de_passe(utilisateur=utilisateur, password=form.cleaned_data["new_password1"])
        logout(request)
        messages.success(request, "Votre mot de passe est enregistré. Vous pouvez vous connecter.")
        return redirect("connexion")
    return render(request, "compte/premier_acces.html", {"form": form, "personne": utilisateur})
