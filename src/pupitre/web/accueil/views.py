"""The first page, whoever one is; the pages open to all; the pages of refusal and failure."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe

from pupitre.acces import selectors
from pupitre.acces.droits import Droit
from pupitre.acces.policies import habilitation_pour
from pupitre.conseils.decisions.execution import lignes as lignes_de_decisions
from pupitre.conseils.decisions.selectors import confiees_a, ouvertes
from pupitre.conseils.semaine import selectors as selectors_semaine
from pupitre.observatoire.attentes import dernier_bulletin
from pupitre.observatoire.chiffres.catalogue import etat_visible
from pupitre.observatoire.selectors import livraisons_visibles, premiers_pas, sources_visibles
from pupitre.socle import horloge
from pupitre.web.acces import connectee, exige, ouverte
from pupitre.web.accueil import vie


@connectee
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    conseils = selectors.conseils_de(request.user)
    if len(conseils) == 1:
        request.conseil = conseils[0]
        return _du_conseil(request, conseils[0])
    if not conseils and selectors.est_administrateur(request.user):
        return redirect("comptes")
    if not conseils:
        return redirect("mes_acces")
    lignes = [(c, c.communes_as_of(), dernier_bulletin(c)) for c in conseils]
    return render(request, "accueil/conseils.html", {"lignes": lignes})


@exige(Droit.VOIR_TERRITOIRE)
@require_safe
def accueil_conseil(request: HttpRequest, conseil) -> HttpResponse:
    return _du_conseil(request, conseil)


def _du_conseil(request: HttpRequest, conseil) -> HttpResponse:
    """One page for each way of working: the team's, a partner's, a reader's."""
    equipe = habilitation_pour(request.user, Droit.PUBLIER, conseil)
    if equipe and not etat_visible(conseil).profils:
        pas = premiers_pas(conseil)
        if not all(p.fait or p.facultatif for p in pas):
            suivant = next(i for i, p in enumerate(pas) if not p.fait and not p.facultatif)
            return render(request, "accueil/premiers_pas.html", {"pas": pas, "suivant": suivant})
    semaine = selectors_semaine.lire(request.user, conseil)
    # counted beside the entries of the rail
    request.gestes = semaine.gestes
    contexte = {"semaine": semaine, "territoire": semaine.territoire, "aujourdhui": horloge.aujourdhui()}
    if equipe:
        return render(request, "accueil/equipe.html", contexte | {"bulletin": dernier_bulletin(conseil)})
    if habilitation_pour(request.user, Droit.DEPOSER, conseil):
        return render(request, "accueil/partenaire.html", contexte | _depots(request, conseil))
    return render(request, "accueil/lecteur.html", contexte)


def _depots(request: HttpRequest, conseil) -> dict:
    return {
        "sources": sources_visibles(request.user, conseil).select_related("organisation"),
        "livraisons": livraisons_visibles(request.user, conseil).select_related("source")[:6],
        "decisions": lignes_de_decisions(ouvertes(confiees_a(request.user, conseil))),
    }


@ouverte
@never_cache
@require_safe
def sante(request: HttpRequest) -> JsonResponse:
    """For a supervisor: does the installation answer, read its database, and may it write its store?"""
    constats = vie.constater()
    return JsonResponse(constats, status=200 if constats["etat"] == "bon" else 503)


@ouverte
@require_safe
def accessibilite(request: HttpRequest) -> HttpResponse:
    return render(request, "accueil/accessibilite.html")


def introuvable(request: HttpRequest, exception: Http404) -> HttpResponse:
    return render(request, "404.html", status=404)


@requires_csrf_token
def panne(request: HttpRequest) -> HttpResponse:
    """Without context: what failed may be the database or the session."""
    return HttpResponse(render_to_string("500.html"), status=500)
