"""What the frame of every page needs: the council, the rights, the navigation, the appearance."""

from __future__ import annotations

from django.conf import settings

from pupitre.acces import policies, selectors
from pupitre.acces.droits import Droit
from pupitre.web.navigation import navigation

APPARENCES = ("clair", "sombre")
COOKIE_APPARENCE = "pupitre_apparence"
COOKIE_RACCOURCI = "pupitre_raccourci"


def cadre(request) -> dict:
    choisie = request.COOKIES.get(COOKIE_APPARENCE, "")
    commun = {
        "demonstration": settings.DONNEES_FICTIVES,
        "apparence": choisie if choisie in APPARENCES else "",
        "conseil_courant": None,
        "raccourci": request.COOKIES.get(COOKIE_RACCOURCI) != "non",
    }
    utilisateur = getattr(request, "user", None)
    if utilisateur is None or not utilisateur.is_authenticated:
        return commun
    conseils = selectors.conseils_de(utilisateur)
    courant = getattr(request, "conseil", None) or (conseils[0] if len(conseils) == 1 else None)
    droits = {d.name.lower() for d in Droit if policies.habilitation_pour(utilisateur, d, courant)}
    return commun | {
        "conseil_courant": courant,
        "communes_courantes": " · ".join(c.nom for c in courant.communes_as_of()) if courant else "",
        "conseils": conseils,
        "droits": droits,
        "navigation": navigation(request, courant, droits, getattr(request, "gestes", None)),
    }
