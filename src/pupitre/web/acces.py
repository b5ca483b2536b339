"""How a page says who may open it. Every view carries one of these, and a test holds them to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from pupitre.acces import actes, policies, selectors
from pupitre.acces.droits import Droit
from pupitre.acces.verdict import Verdict

Vue = Callable[..., HttpResponse]


def ouverte(vue: Vue) -> Vue:
    """A page open to anyone, signed in or not."""
    vue = login_not_required(vue)
    vue.acces = "ouverte"
    return vue


def connectee(vue: Vue) -> Vue:
    """A page for any account: it shows only what is the person's own."""
    vue.acces = "connectee"
    return vue


def exige(droit: Droit) -> Callable[[Vue], Vue]:
    """A page for those who hold `droit`, on the council named in the address if it names one.

    A council that the person cannot see is 404; a role that does not suffice is 403 with the reason.
    The view receives the `Conseil` in place of its slug.
    """

    def decorer(vue: Vue) -> Vue:
        @wraps(vue)
        def gardee(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if "conseil" in kwargs:
                siens = {c.slug: c for c in selectors.conseils_de(request.user)}
                if kwargs["conseil"] not in siens:
                    raise Http404
                request.conseil = kwargs["conseil"] = siens[kwargs["conseil"]]
            verdict = policies.peut(request.user, droit, kwargs.get("conseil"))
            if not verdict:
                return refus(request, verdict)
            return vue(request, *args, **kwargs)

        gardee.acces = droit
        return gardee

    return decorer


def par_lien(acte: str, *, noter: bool = True) -> Callable[[Vue], Vue]:
    """A page that a personal link opens, without an account, for that gesture and no other.

    The address holds `<str:lien>`; the view receives the `LienActe` in its place. A link that does not open is
    said with its reason: 404 when forged or of another gesture, 410 when past, 429 when opened too often.

    Args:
        noter: whether opening it counts; not for a fragment that the page asks for by itself.
    """

    def decorer(vue: Vue) -> Vue:
        @wraps(vue)
        def gardee(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            try:
                kwargs["lien"] = actes.lire(acte, kwargs["lien"])
            except actes.LienRefuse as refus_:
                return lien_ferme(request, refus_.raison)
            if request.method == "GET" and noter:
                actes.noter_ouverture(kwargs["lien"])
            try:
                return vue(request, *args, **kwargs)
            except actes.LienRefuse as refus_:
                return lien_ferme(request, refus_.raison)

        gardee = login_not_required(gardee)
        gardee.acces = f"lien:{acte}"
        return gardee

    return decorer


def par_secret(vue: Vue) -> Vue:
    """A file for a program, at an address that is a secret: no account, nothing else is shown or asked."""
    vue = login_not_required(vue)
    vue.acces = "secret"
    return vue


_CODES = {actes.Raison.INCONNU: 404, actes.Raison.TROP: 429}


def lien_ferme(request: HttpRequest, raison: actes.Raison) -> HttpResponse:
    return render(request, "lien_ferme.html", {"raison": str(raison)}, status=_CODES.get(raison, 410))


def refus(request: HttpRequest, verdict: Verdict) -> HttpResponse:
    return render(request, "403.html", {"verdict": verdict}, status=403)
