"""« Lieux et heures »: for the team, whose eyes alone see points and cells."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from pupitre.acces.droits import Droit
from pupitre.moteur.resultats import Audience
from pupitre.observatoire.chiffres import lieux_montres
from pupitre.observatoire.chiffres.figures import FORMATS_IMAGE
from pupitre.observatoire.chiffres.lecteur import Lecteur
from pupitre.web.acces import exige
from pupitre.web.telechargement import figure_en, tableau_en

CHAMPS = ("source", "nature", "commune")


def _composer(request, conseil):
    demande = lieux_montres.DemandeLieux(**{c: request.GET.get(c, "") for c in CHAMPS})
    return lieux_montres.composer(Lecteur.ouvrir(conseil, Audience.INTERNE), demande)


@require_GET
@exige(Droit.PUBLIER)
def voir(request, conseil):
    lieux = _composer(request, conseil)
    requete = urlencode(lieux.choix) if lieux else ""
    return render(request, "observatoire/lieux.html", {"lieux": lieux, "requete": requete})


@require_GET
@exige(Droit.PUBLIER)
def exporter(request, conseil, table, format):
    lieux = _composer(request, conseil)
    if lieux is None:
        return redirect("lieux", conseil=conseil.slug)
    voulu = lieux.dessin(table)
    if voulu is None or (voulu.seule is None if format in FORMATS_IMAGE else voulu.table is None):
        raise Http404
    nom = f"{conseil.slug}-{table}"
    return figure_en(format, nom, voulu) if format in FORMATS_IMAGE else tableau_en(format, nom, voulu.table)
