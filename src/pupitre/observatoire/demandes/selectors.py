"""Reads of data requests: those a person may see, who owns what they ask for, where they stand."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from pupitre.acces.droits import Droit, Role
from pupitre.acces.models import Habilitation, Organisation, Utilisateur
from pupitre.acces.policies import peut
from pupitre.acces.selectors import habilitations_de
from pupitre.observatoire.demandes.autorisations import sans_accord
from pupitre.observatoire.demandes.etats import EtatDemande
from pupitre.observatoire.models import (
    DemandeDonnees,
    EvenementDemande,
    ReglageDemandes,
    RemiseDonnees,
    ReponseProprietaire,
    SourceDemandee,
)
from pupitre.socle import horloge
from pupitre.territoires.models import Conseil


def etat_de(demande: DemandeDonnees) -> str:
    """The last event: asked anew, because another process may have written it."""
    return demande.evenements.order_by("-pk").values_list("etat", flat=True).first() or ""


def visibles(utilisateur, conseil: Conseil):
    """All of the council's for its team and president; for a partner, its own and those on its own sources.

    The owner sees a request once the team has passed it on: before, it may be refused without it knowing.
    """
    demandes = DemandeDonnees.objects.filter(conseil=conseil).avec_etat().select_related("organisation")
    if peut(utilisateur, Droit.VOIR_REGISTRE, conseil):
        return demandes
    miennes = [
        h.organisation_id
        for h in habilitations_de(utilisateur)
        if h.role == Role.PARTENAIRE and h.conseil_id == conseil.pk
    ]
    transmise = EvenementDemande.objects.filter(demande=OuterRef("pk"), etat=EtatDemande.ACCORD)
    sur_les_miennes = SourceDemandee.objects.filter(
        demande=OuterRef("pk"), source__organisation__in=miennes, refus=""
    )
    return demandes.filter(
        Q(organisation__in=miennes) | (Exists(transmise) & Exists(sur_les_miennes))
    ).distinct()


def lignes_retenues(demande: DemandeDonnees) -> list[SourceDemandee]:
    """The sources that may be delivered: not refused by their convention, nor by their owner."""
    non = {r.organisation_id for r in reponses(demande).values() if r.sens == ReponseProprietaire.Sens.NON}
    lignes = demande.lignes.filter(refus="").select_related("source__organisation")
    return [li for li in lignes if li.source.organisation_id not in non]


def proprietaires(demande: DemandeDonnees) -> list[Organisation]:
    """Organisations whose consent is needed, in the order of their names."""
    lignes = demande.lignes.filter(refus="").select_related("source__organisation")
    a_demander = {li.source.organisation for li in lignes if not sans_accord(li.source, demande.organisation)}
    return sorted(a_demander, key=lambda o: o.nom)


def reponses(demande: DemandeDonnees) -> dict[int, ReponseProprietaire]:
    """Organisation → its last answer."""
    return {r.organisation_id: r for r in demande.reponses.select_related("organisation").order_by("pk")}


def proprietaires_attendus(demande: DemandeDonnees) -> list[Organisation]:
    repondu = reponses(demande)
    return [o for o in proprietaires(demande) if o.pk not in repondu]


def proprietaires_consentants(demande: DemandeDonnees) -> list[Organisation]:
    """Those who receive a copy."""
    return [r.organisation for r in reponses(demande).values() if r.sens != ReponseProprietaire.Sens.NON]


def derniere_remise(demande: DemandeDonnees) -> RemiseDonnees | None:
    return demande.remises.first()


def reglage(conseil: Conseil) -> ReglageDemandes:
    """The council's delays, or the default ones."""
    return ReglageDemandes.objects.filter(conseil=conseil).first() or ReglageDemandes(conseil=conseil)


def echeance(demande: DemandeDonnees, etat: str, depuis: date) -> date | None:
    """The day by which the one who is waited for should have moved; None when nobody is."""
    delais = reglage(demande.conseil)
    jours = {
        EtatDemande.DEPOSEE: delais.delai_equipe,
        EtatDemande.ACCORD: delais.delai_proprietaire,
        EtatDemande.A_PREPARER: delais.delai_equipe,
        EtatDemande.VISA: delais.delai_president,
    }.get(EtatDemande(etat))
    return depuis + timedelta(days=jours) if jours else None


def comptes_de(role: Role, conseil: Conseil, organisation: Organisation | None = None) -> list[Utilisateur]:
    """Open accounts that hold that role today."""
    tenues = Habilitation.objects.actives(horloge.aujourdhui()).filter(role=role, conseil=conseil)
    if organisation is not None:
        tenues = tenues.filter(organisation=organisation)
    return list(Utilisateur.objects.filter(habilitations__in=tenues).distinct())
