"""What the directory asks for: cards that people have corrected, and those that they have not checked."""

from __future__ import annotations

from django.db.models import F, Q

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.annuaire import verifications
from pupitre.socle import horloge
from pupitre.socle.gestes import Geste
from pupitre.socle.texte import date_longue, pluriel
from pupitre.territoires.models import Conseil


def gestes(utilisateur, conseil: Conseil) -> list[Geste]:
    if not peut(utilisateur, Droit.TENIR_ANNUAIRE, conseil):
        return []
    jour = horloge.aujourdhui()
    trouves, relancable = [], True
    vivantes = Q(a_lire__gt=0) | Q(echeance__lt=jour, repondues__lt=F("sollicitees"))
    for campagne in verifications.campagnes(conseil).filter(vivantes).order_by("-pk"):
        if campagne.a_lire:
            trouves.append(
                _geste(
                    conseil,
                    campagne.pk,
                    f"{pluriel(campagne.a_lire, 'fiche à relire', 'fiches à relire')} dans l’annuaire",
                    "Des personnes disent ce qui a changé dans leurs fonctions.",
                    "Relire",
                )
            )
        manquent = campagne.sollicitees - campagne.repondues
        if relancable and manquent and campagne.echeance < jour:
            # of the last campaign only: the former ones are no longer worth a letter
            relancable = False
            trouves.append(
                _geste(
                    conseil,
                    campagne.pk,
                    f"{pluriel(manquent, 'fiche n’est pas vérifiée', 'fiches ne sont pas vérifiées')}",
                    f"La réponse était souhaitée pour le {date_longue(campagne.echeance)}.",
                    "Relancer",
                )
            )
    return trouves


def _geste(conseil: Conseil, campagne: int, titre: str, pourquoi: str, bouton: str) -> Geste:
    arguments = {"conseil": conseil.slug, "campagne": str(campagne)}
    return Geste("comptes", titre, pourquoi, "", "", bouton, "annuaire-verification", arguments)
