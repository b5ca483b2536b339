"""Who may do what with a delivery or a bulletin: the role first, then the state."""

from __future__ import annotations

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.acces.verdict import Verdict, permis, refuse
from pupitre.moteur.observations import Gravite
from pupitre.observatoire.diffusion.editions import de_l_etat
from pupitre.observatoire.diffusion.editions import etat_de as etat_du_bulletin
from pupitre.observatoire.diffusion.listes import reglage
from pupitre.observatoire.etats import OUVERTES, Etat, EtatBulletin
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
    """A sent edition for all who may read them; a draft for those who write or approve it."""
    if bulletin.publie_le is not None:
        verdict = peut(utilisateur, Droit.LIRE_BULLETIN, bulletin.conseil)
        if verdict and not bulletin.ouvert_a_l_etat and de_l_etat(utilisateur, bulletin.conseil):
            return refuse("Les conventions de ses sources ne la donnent pas à la préfecture ni au parquet.")
        return verdict
    return peut(utilisateur, Droit.ECRIRE_BULLETIN, bulletin.conseil) or peut(
        utilisateur, Droit.VISER_BULLETIN, bulletin.conseil
    )


def peut_relire_bulletin(utilisateur, bulletin: Bulletin) -> Verdict:
    verdict = peut(utilisateur, Droit.ECRIRE_BULLETIN, bulletin.conseil)
    if verdict and bulletin.publie_le is not None:
        return refuse("Cette édition est diffusée\u202f: une correction est une nouvelle édition.")
    return verdict


def peut_retirer_bulletin(utilisateur, bulletin: Bulletin) -> Verdict:
    verdict = peut(utilisateur, Droit.ECRIRE_BULLETIN, bulletin.conseil)
    if verdict and etat_du_bulletin(bulletin) is not EtatBulletin.DIFFUSE:
        return refuse("Seule une édition diffusée se retire.")
    return verdict


def peut_soumettre_bulletin(utilisateur, bulletin: Bulletin) -> Verdict:
    verdict = peut_relire_bulletin(utilisateur, bulletin)
    if verdict and etat_du_bulletin(bulletin) not in (EtatBulletin.BROUILLON, EtatBulletin.RENVOYE):
        return refuse(f"L’édition est «\u202f{etat_du_bulletin(bulletin).label}\u202f».")
    return verdict


def peut_viser_bulletin(utilisateur, bulletin: Bulletin) -> Verdict:
    verdict = peut(utilisateur, Droit.VISER_BULLETIN, bulletin.conseil)
    if verdict and etat_du_bulletin(bulletin) is not EtatBulletin.SOUMIS:
        return refuse("Aucun visa n’est demandé pour cette édition.")
    return verdict


def peut_diffuser_bulletin(utilisateur, bulletin: Bulletin) -> Verdict:
    """After the visa; straight from the draft only where the president has delegated."""
    verdict = peut_relire_bulletin(utilisateur, bulletin)
    if not verdict:
        return verdict
    etat = etat_du_bulletin(bulletin)
    if etat is EtatBulletin.VISE:
        return permis("La présidence a donné son visa.")
    if etat is not EtatBulletin.SOUMIS and not reglage(bulletin.conseil).visa_requis:
        return permis("La présidence a donné délégation.")
    return refuse("Rien ne part sans le visa de la présidence.")
