"""The council's places among others: a funnel, a table, and what to import where nothing can be compared."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from pupitre.acces.droits import Droit
from pupitre.acces.policies import audience
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.chiffres import comparaisons as composition
from pupitre.observatoire.chiffres import vues
from pupitre.observatoire.chiffres.figures import FORMATS_IMAGE
from pupitre.observatoire.collecte import bases
from pupitre.observatoire.models import Vue
from pupitre.web.acces import exige
from pupitre.web.telechargement import figure_en, tableau_en


def _composer(request, conseil) -> composition.Comparaisons:
    champs = vues.CHOIX[Vue.Ecran.COMPARER]
    return composition.composer(
        conseil=conseil,
        audience=audience(request.user, conseil),
        demande=composition.DemandeComparaison(**{c: request.GET.get(c, "") for c in champs}),
    )


@require_GET
@exige(Droit.VOIR_CHIFFRES)
def comparer(request, conseil):
    vu = _composer(request, conseil)
    contexte = {
        "comparaison": vu,
        "requete": urlencode([(k, v) for k, v in vu.choix if v]),
        "a_preparer": bases.a_preparer(conseil),
        "vues": vues.visibles(request.user, conseil),
        "ecran": Vue.Ecran.COMPARER,
    }
    return render(request, "observatoire/comparer.html", contexte)


@require_GET
@exige(Droit.VOIR_CHIFFRES)
def exporter(request, conseil, format):
    vu = _composer(request, conseil)
    nom = f"{conseil.slug}-comparaison"
    if format in FORMATS_IMAGE:
        if vu.figure is None:
            raise Http404
        return figure_en(format, nom, vu.figure)
    return tableau_en(format, nom, vu.table)


@require_POST
@exige(Droit.TENIR_LECTURE)
def preparer(request, conseil):
    """Read again, whole, the files published before comparisons existed."""
    try:
        prets = [bases.preparer(livraison=livraison) for livraison in bases.a_preparer(conseil)]
    except ErreurPupitre as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, "La comparaison est prête." if prets else "Il n’y avait rien à préparer.")
    return redirect("comparer", conseil=conseil.slug)
