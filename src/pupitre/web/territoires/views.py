"""Communes and secteurs of a council."""

from django.shortcuts import render

from pupitre.acces.droits import Droit
from pupitre.web.acces import exige


@exige(Droit.VOIR_TERRITOIRE)
def territoire(request, conseil):
    return render(request, "territoires/territoire.html", {"conseil": conseil})
