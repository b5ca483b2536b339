"""What rights ask for: habilitations and tokens that end soon, before somebody is locked out."""

from __future__ import annotations

from datetime import timedelta

from pupitre.acces.droits import Droit
from pupitre.acces.models import Habilitation, JetonApi
from pupitre.acces.policies import peut
from pupitre.socle import horloge
from pupitre.socle.gestes import Geste
from pupitre.socle.texte import date_longue
from pupitre.territoires.models import Conseil

PROCHE = 30


def gestes(utilisateur, conseil: Conseil) -> list[Geste]:
    if not peut(utilisateur, Droit.REGLER_CONSEIL, conseil):
        return []
    jour = horloge.aujourdhui()
    bientot = jour + timedelta(days=PROCHE)
    return [*_habilitations(conseil, jour, bientot), *_jetons(conseil, jour, bientot)]


def _habilitations(conseil: Conseil, jour, bientot) -> list[Geste]:
    echues = Habilitation.objects.actives(jour).filter(conseil=conseil, fin__lte=bientot)
    return [
        Geste(
            "cadenas",
            f"L’accès de {h.utilisateur} prend fin",
            f"{h.get_role_display().capitalize()}"
            f"{f', {h.organisation}' if h.organisation else ''}. L’administrateur le prolonge à votre demande.",
            f"le {date_longue(h.fin)}",
            "veille",
            "Voir qui a accès",
            "habilites",
            {"conseil": conseil.slug},
            pour=h.fin,
        )
        for h in echues.select_related("utilisateur", "organisation").order_by("fin")
    ]


def _jetons(conseil: Conseil, jour, bientot) -> list[Geste]:
    echus = JetonApi.objects.filter(
        conseil=conseil, revoque_le__isnull=True, expire_le__gte=jour, expire_le__lte=bientot
    )
    return [
        Geste(
            "cle",
            f"Le jeton « {j.libelle} » expire",
            f"{j.organisation} ne pourra plus livrer par son logiciel.",
            f"le {date_longue(j.expire_le)}",
            "veille",
            "Renouveler",
            "jetons",
            {"conseil": conseil.slug},
            pour=j.expire_le,
        )
        for j in echus.select_related("organisation").order_by("expire_le")
    ]
