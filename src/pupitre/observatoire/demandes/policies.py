"""Who may do what with a data request: the role first, then whose it is, then its state."""

from __future__ import annotations

from pupitre.acces.droits import Droit, Role
from pupitre.acces.models import Organisation
from pupitre.acces.policies import peut
from pupitre.acces.selectors import habilitations_de
from pupitre.acces.verdict import Verdict, permis, refuse
from pupitre.observatoire.demandes import selectors
from pupitre.observatoire.demandes.etats import EtatDemande
from pupitre.observatoire.models import DemandeDonnees

_LIBRES = frozenset({EtatDemande.DEPOSEE, EtatDemande.ACCORD, EtatDemande.A_PREPARER, EtatDemande.VISA})


def organisations_de(utilisateur, conseil) -> list[Organisation]:
    """Those on whose behalf this person acts as a partner of that council."""
    return [
        h.organisation
        for h in habilitations_de(utilisateur)
        if h.role == Role.PARTENAIRE and h.conseil_id == conseil.pk
    ]


def _en_etat(verdict: Verdict, demande: DemandeDonnees, *etats: EtatDemande) -> Verdict:
    if not verdict:
        return verdict
    etat = selectors.etat_de(demande)
    if etat not in etats:
        return refuse(
            f"La demande est «\u202f{EtatDemande(etat).label}\u202f»\u202f: ce geste ne s’y fait plus."
        )
    return verdict


def peut_instruire(utilisateur, demande: DemandeDonnees) -> Verdict:
    verdict = peut(utilisateur, Droit.INSTRUIRE_DEMANDE, demande.conseil)
    return _en_etat(verdict, demande, EtatDemande.DEPOSEE)


def peut_refuser(utilisateur, demande: DemandeDonnees) -> Verdict:
    verdict = peut(utilisateur, Droit.INSTRUIRE_DEMANDE, demande.conseil)
    return _en_etat(verdict, demande, EtatDemande.DEPOSEE, EtatDemande.ACCORD, EtatDemande.A_PREPARER)


def peut_relancer(utilisateur, demande: DemandeDonnees) -> Verdict:
    verdict = peut(utilisateur, Droit.INSTRUIRE_DEMANDE, demande.conseil)
    return _en_etat(verdict, demande, EtatDemande.ACCORD, EtatDemande.VISA)


def peut_preparer(utilisateur, demande: DemandeDonnees) -> Verdict:
    verdict = peut(utilisateur, Droit.INSTRUIRE_DEMANDE, demande.conseil)
    return _en_etat(verdict, demande, EtatDemande.A_PREPARER)


def peut_viser(utilisateur, demande: DemandeDonnees) -> Verdict:
    verdict = peut(utilisateur, Droit.VISER_DEMANDE, demande.conseil)
    return _en_etat(verdict, demande, EtatDemande.VISA)


def peut_retirer(utilisateur, demande: DemandeDonnees) -> Verdict:
    if demande.organisation not in organisations_de(utilisateur, demande.conseil):
        return refuse("Seule l’organisation qui a demandé peut retirer sa demande.")
    return _en_etat(permis("C’est votre demande."), demande, *_LIBRES)


def peut_repondre(utilisateur, demande: DemandeDonnees) -> Verdict:
    """For the owner of data that are waited for; `proprietaires_pour` says for which organisations."""
    if not proprietaires_pour(utilisateur, demande):
        return refuse("Cette demande n’attend pas de réponse de votre organisation.")
    return _en_etat(permis("Ces données sont les vôtres."), demande, EtatDemande.ACCORD)


def proprietaires_pour(utilisateur, demande: DemandeDonnees) -> list[Organisation]:
    """Organisations of this person whose answer is still waited for."""
    miennes = {o.pk for o in organisations_de(utilisateur, demande.conseil)}
    return [o for o in selectors.proprietaires_attendus(demande) if o.pk in miennes]


def peut_telecharger(utilisateur, demande: DemandeDonnees) -> Verdict:
    """What is frozen for the visa is read by the team and the president; what is delivered, by the parties too."""
    equipe = peut(utilisateur, Droit.VOIR_REGISTRE, demande.conseil)
    if equipe:
        return equipe
    if selectors.etat_de(demande) != EtatDemande.REMISE:
        return refuse("Rien n’est encore remis.")
    parties = {demande.organisation_id} | {o.pk for o in selectors.proprietaires_consentants(demande)}
    if parties.isdisjoint(o.pk for o in organisations_de(utilisateur, demande.conseil)):
        return refuse("Ces données ne vous sont pas remises.")
    return permis("Ces données vous sont remises.")
