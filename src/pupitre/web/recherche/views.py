"""The one search: everything that a person may see in a council, grouped by kind, the best first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_POST

from pupitre.acces.droits import Droit
from pupitre.web.acces import exige
from pupitre.web.contexte import COOKIE_RACCOURCI
from pupitre.web.recherche import composition

_UN_AN = 365 * 24 * 3600
_PAGES_MAX = 400


@require_GET
@exige(Droit.VOIR_TERRITOIRE)
def rechercher(request: HttpRequest, conseil) -> HttpResponse:
    q = request.GET.get("q", "").strip()
    page = request.GET.get("page", "")
    trouvee = composition.chercher(
        request.user,
        conseil,
        q,
        genre=request.GET.get("genre", ""),
        page=min(int(page), _PAGES_MAX) if page.isdecimal() and 0 < len(page) < 6 and int(page) else 1,
    )
    contexte = {"q": q, "recherche": trouvee, "reponse": trouvee.reponse, "page": trouvee.page}
    seuls = request.htmx and not request.htmx.history_restore_request
    gabarit = "recherche/_resultats.html" if seuls else "recherche/resultats.html"
    reponse = render(request, gabarit, contexte)
    # the same address gives a page or its results alone: a browser must not show one for the other
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse


@require_POST
@exige(Droit.VOIR_TERRITOIRE)
def raccourci(request: HttpRequest, conseil) -> HttpResponse:
    """A key alone can get in the way of who dictates or whose hands tremble: it can be turned off (RGAA 12.10)."""
    reponse = redirect(reverse("rechercher", kwargs={"conseil": conseil.slug}))
    if request.POST.get("raccourci") == "non":
        reponse.set_cookie(
            COOKIE_RACCOURCI, "non", max_age=_UN_AN, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    else:
        reponse.delete_cookie(COOKIE_RACCOURCI)
    return reponse
