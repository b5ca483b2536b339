"""From the question of an elected official to the draft that answers it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.text import slugify

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.observatoire.diffusion import editions
from pupitre.observatoire.models import Bulletin, DemandeDiagnostic
from pupitre.territoires.models import Conseil


class DemandeRefusee(ErreurPupitre):
    """The request is already settled, or lacks a reason."""


def visibles(utilisateur, conseil: Conseil):
    """All for the team, one's own for the others."""
    demandes = DemandeDiagnostic.objects.filter(conseil=conseil).select_related(
        "demandeur", "commune", "bulletin"
    )
    if peut(utilisateur, Droit.ECRIRE_BULLETIN, conseil):
        return demandes
    return demandes.filter(demandeur=utilisateur)


def en_attente(conseil: Conseil):
    return DemandeDiagnostic.objects.filter(conseil=conseil, bulletin__isnull=True, raison="")


@transaction.atomic
def demander(*, demande: DemandeDiagnostic) -> DemandeDiagnostic:
    demande.full_clean()
    demande.save()
    return demande


@transaction.atomic
def ecrire(
    *,
    demande: DemandeDiagnostic,
    indicateurs: list[str],
    perimetre: str,
    dernier_mois: date,
    mois: int,
    auteur=None,
) -> Bulletin:
    """The draft that answers. Raises DiagnosticRefuse or EditionRefusee."""
    sujet = slugify(demande.titre)[:48] or "diagnostic"
    bulletin = editions.preparer(
        conseil=demande.conseil,
        periodicite=Bulletin.Periodicite.LIBRE,
        debut=dernier_mois,
        sujet=f"{sujet}-{demande.pk}",
        parametres={
            "titre": demande.titre,
            "question": demande.question,
            "demandeur": str(demande.demandeur),
            "email": demande.demandeur.email,
            "indicateurs": indicateurs,
            "perimetre": perimetre,
            "dernier_mois": dernier_mois.isoformat(),
            "mois": mois,
        },
        auteur=auteur,
    )
    demande.bulletin = bulletin
    demande.save(update_fields=["bulletin"])
    return bulletin


@transaction.atomic
def decliner(*, demande: DemandeDiagnostic, raison: str) -> None:
    if not raison.strip() or demande.bulletin_id:
        raise DemandeRefusee(
            "La demande n’est pas déclinée.",
            "La raison manque\u202f: l’élu qui l’a posée la lira."
            if not raison.strip()
            else "Un diagnostic y répond déjà.",
            "Écrivez-la en une phrase.",
        )
    demande.raison = raison.strip()[:240]
    demande.save(update_fields=["raison"])
