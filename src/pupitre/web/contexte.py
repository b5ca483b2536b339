"""What the frame of every page needs: the council, the rights, the navigation."""

from __future__ import annotations

from django.conf import settings

from pupitre.acces import policies, selectors
from pupitre.acces.droits import Droit
from pupitre.web.navigation import navigation


def cadre(request) -> dict:
    utilisateur = getattr(request, "user", None)
    if utilisateur is None or not utilisateur.is_authenticated:
        return {"conseil_courant": None, "demonstration": settings.DONNEES_FICTIVES}
    conseils = list(selectors.conseils_visibles(utilisateur))
    courant = getattr(request, "conseil", None) or (conseils[0] if len(conseils) == 1 else None)
    droits = {d.name.lower() for d in Droit if policies.peut(utilisateur, d, courant)}
    return {
        "conseil_courant": courant,
        "conseils": conseils,
        "droits": droits,
        "navigation": navigation(request, courant, droits),
        "demonstration": settings.DONNEES_FICTIVES,
    }
