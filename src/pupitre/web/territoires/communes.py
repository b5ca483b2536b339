"""Search of communes, and members joining or leaving on a day."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from pupitre.acces.droits import Droit
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.socle.texte import date_longue
from pupitre.territoires import services
from pupitre.territoires.models import Commune, Conseil
from pupitre.territoires.recherche import Trouvee, chercher
from pupitre.web.acces import exige
from pupitre.web.territoires.formulaires import AjoutForm, RetraitForm, refuser


@exige(Droit.REGLER_CONSEIL)
@require_safe
def rechercher(request: HttpRequest, conseil: Conseil) -> HttpResponse:
    """The list of choices under the search field, as a fragment; without htmx, the whole page."""
    q = request.GET.get("q", "")[:80]
    if not request.htmx:
        return _page_ajout(request, conseil, AjoutForm(initial=_initial(q)), q)
    return render(request, "territoires/_trouvees.html", _trouvees(q))


@exige(Droit.REGLER_CONSEIL)
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: HttpRequest, conseil: Conseil) -> HttpResponse:
    if request.method != "POST":
        q = request.GET.get("q", "")[:80]
        return _page_ajout(request, conseil, AjoutForm(initial=_initial(q)), q)
    formulaire = AjoutForm(request.POST)
    if formulaire.is_valid():
        try:
            adhesion = services.adherer(
                conseil=conseil,
                commune=formulaire.cleaned_data["commune"],
                depuis=formulaire.cleaned_data["depuis"],
            )
        except ErreurPupitre as erreur:
            refuser(formulaire, erreur)
        else:
            messages.success(
                request, f"{adhesion.commune} est membre depuis le {date_longue(adhesion.debut)}."
            )
            return redirect("territoire", conseil=conseil.slug)
    q = formulaire.data.get("q", "")[:80] or formulaire.data.get("commune", "")[:5]
    return _page_ajout(request, conseil, formulaire, q, status=422)


@exige(Droit.REGLER_CONSEIL)
@require_http_methods(["GET", "HEAD", "POST"])
def retirer(request: HttpRequest, conseil: Conseil, commune: str) -> HttpResponse:
    membre = get_object_or_404(Commune.objects.filter(adhesions__conseil=conseil).distinct(), code=commune)
    formulaire = RetraitForm(request.POST or None, initial={"le": horloge.aujourdhui()})
    if request.method == "POST" and formulaire.is_valid():
        le = formulaire.cleaned_data["le"]
        try:
            services.retirer(conseil=conseil, commune=membre, le=le)
        except ErreurPupitre as erreur:
            refuser(formulaire, erreur)
        else:
            messages.success(request, f"{membre} n’est plus membre à partir du {date_longue(le)}.")
            return redirect("territoire", conseil=conseil.slug)
    return render(
        request,
        "territoires/retirer.html",
        {"conseil": conseil, "commune": membre, "form": formulaire},
        status=422 if formulaire.errors else 200,
    )


def _initial(q: str) -> dict:
    return {"q": q, "depuis": horloge.aujourdhui()}


def _page_ajout(
    request: HttpRequest, conseil: Conseil, formulaire: AjoutForm, q: str, status: int = 200
) -> HttpResponse:
    contexte = {
        "conseil": conseil,
        "form": formulaire,
        "choisie": formulaire["commune"].value(),
        **_trouvees(q),
    }
    return render(request, "territoires/ajouter.html", contexte, status=status)


def _trouvees(q: str) -> dict[str, object]:
    trouvees: list[Trouvee] = chercher(q) if q.strip() else []
    return {"q": q, "trouvees": trouvees}
