"""No more weekly letters: from the letter itself, without an account."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from pupitre.acces import services
from pupitre.acces.models import Utilisateur
from pupitre.conseils.semaine.lettre import ARRET
from pupitre.web.acces import par_lien


# A mail reader's own button sends this form (RFC 8058): it has no cookie, the signed address is the authority.
@csrf_exempt
@require_http_methods(["GET", "POST"])
@par_lien(ARRET)
def arreter(request, lien):
    compte = (
        get_object_or_404(Utilisateur, pk=lien.objet, habilitations__conseil=lien.conseil, is_active=True)
        if lien.objet.isdecimal()
        else None
    )
    if request.method == "POST":
        services.regler_semaine(utilisateur=compte, par_courriel=request.POST.get("geste") == "reprendre")
    return render(request, "liens/semaine.html", {"compte": compte})
