"""Writes: accounts and habilitations."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from pupitre.acces.droits import Role
from pupitre.acces.models import Habilitation, Organisation, Utilisateur
from pupitre.socle import horloge
from pupitre.territoires.models import Conseil, Departement


@transaction.atomic
def creer_compte(*, email: str, prenom: str, nom: str, password: str | None, fonction: str = "") -> Utilisateur:
    return Utilisateur.objects.creer(
        email=email, prenom=prenom, nom=nom, password=password, fonction=fonction
    )


@transaction.atomic
def habiliter(
    *,
    utilisateur: Utilisateur,
    role: Role,
    conseil: Conseil | None = None,
    organisation: Organisation | None = None,
    departement: Departement | None = None,
    debut: date | None = None,
    fin: date | None = None,
) -> Habilitation:
    habilitation = Habilitation(
        utilisateur=utilisateur,
        role=role,
        conseil=conseil,
        organisation=organisation,
        departement=departement,
        debut=debut or horloge.aujourdhui(),
        fin=fin,
    )
    habilitation.full_clean()
    habilitation.save()
    return habilitation


@transaction.atomic
def retirer(*, habilitation: Habilitation) -> None:
    """End an habilitation yesterday: it stays in the history and opens nothing any more."""
    hier = horloge.aujourdhui() - timedelta(days=1)
    if habilitation.debut > hier:
        habilitation.delete()
        return
    habilitation.fin = hier
    habilitation.save(update_fields=["fin"])
