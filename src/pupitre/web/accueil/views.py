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
from pupitre.acces.policies import audience, habilitation_pour
from pupitre.observatoire.attentes import dernier_bulletin, gestes, gestes_personnels, resume
from pupitre.observatoire.chiffres.tableau import Demande, Tableau, composer
from pupitre.observatoire.selectors import livraisons_visibles, premiers_pas, sources_visibles
from pupitre.web.acces import connectee, exige, ouverte
from pupitre.web.accueil import vie


@connectee
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    conseils = list(selectors.conseils_visibles(request.user))
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
    if habilitation_pour(request.user, Droit.PUBLIER, conseil):
        return _equipe(request, conseil)
    if habilitation_pour(request.user, Droit.DEPOSER, conseil):
        return _partenaire(request, conseil)
    bulletin = (
        dernier_bulletin(conseil) if habilitation_pour(request.user, Droit.LIRE_BULLETIN, conseil) else None
    )
    contexte = {
        "bulletin": bulletin,
        "gestes": gestes_personnels(request.user, conseil),
        "territoire": _territoire(request, conseil),
    }
    return render(request, "accueil/lecteur.html", contexte)


def _equipe(request: HttpRequest, conseil) -> HttpResponse:
    pas = premiers_pas(conseil)
    if not all(p.fait or p.facultatif for p in pas):
        suivant = next(i for i, p in enumerate(pas) if not p.fait and not p.facultatif)
        return render(request, "accueil/premiers_pas.html", {"pas": pas, "suivant": suivant})
    attendus = gestes(conseil)
    contexte = {
        "gestes": attendus,
        "resume": resume(attendus),
        "bulletin": dernier_bulletin(conseil),
        "territoire": _territoire(request, conseil),
    }
    return render(request, "accueil/equipe.html", contexte)


def _territoire(request: HttpRequest, conseil) -> Tableau | None:
    """The state of the territory in the figures that the council follows; None without the right to read them."""
    if not habilitation_pour(request.user, Droit.VOIR_CHIFFRES, conseil):
        return None
    return composer(
        conseil=conseil, audience=audience(request.user, conseil), demande=Demande(), detail=False
    )


def _partenaire(request: HttpRequest, conseil) -> HttpResponse:
    return render(
        request,
        "accueil/partenaire.html",
        {
            "sources": sources_visibles(request.user, conseil).select_related("organisation"),
            "livraisons": livraisons_visibles(request.user, conseil).select_related("source")[:8],
            "gestes": gestes_personnels(request.user, conseil),
        },
    )


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
