"""Who may do what with a delivery or a bulletin: the role first, then the state."""

from __future__ import annotations

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.acces.verdict import Verdict, permis, refuse
from pupitre.moteur.observations import Gravite
from pupitre.observatoire.etats import OUVERTES, Etat
from pupitre.observatoire.models import Bulletin, Livraison
from pupitre.observatoire.selectors import etat_de


def peut_publier(utilisateur, livraison: Livraison) -> Verdict:
    verdict = peut(utilisateur, Droit.PUBLIER, livraison.source.conseil)
    if not verdict:
        return verdict
    etat = etat_de(livraison)
    if etat != Etat.CONTROLEE:
        return refuse(f"La livraison est {Etat(etat).label}\u202f: elle ne se publie qu’une fois contrôlée.")
    n = livraison.anomalies.filter(gravite=Gravite.BLOQUANTE).count()
    if n:
        return refuse("Des anomalies empêchent la publication\u202f: elles sont expliquées ci-dessous.")
    return permis("Le fichier est lu et contrôlé.")


def peut_rejeter(utilisateur, livraison: Livraison) -> Verdict:
    verdict = peut(utilisateur, Droit.PUBLIER, livraison.source.conseil)
    if verdict and etat_de(livraison) not in OUVERTES:
        return refuse("La livraison est close\u202f: son histoire ne change plus.")
    return verdict


def peut_lire_bulletin(utilisateur, bulletin: Bulletin) -> Verdict:
    """A published edition for all who may read bulletins; a draft for those who write them."""
    if bulletin.publie_le is not None:
        return peut(utilisateur, Droit.LIRE_BULLETIN, bulletin.conseil)
    return peut(utilisateur, Droit.ECRIRE_BULLETIN, bulletin.conseil)


def peut_publier_bulletin(utilisateur, bulletin: Bulletin) -> Verdict:
    verdict = peut(utilisateur, Droit.ECRIRE_BULLETIN, bulletin.conseil)
    if verdict and bulletin.publie_le is not None:
        return refuse("Cette édition est publiée\u202f: une correction est une nouvelle édition.")
    return verdict
