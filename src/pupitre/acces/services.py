"""Writes: accounts and habilitations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from pupitre.acces.droits import Role
from pupitre.acces.models import Habilitation, Organisation, Utilisateur
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.territoires.models import Commune, Conseil, Departement


@transaction.atomic
def creer_compte(
    *, email: str, prenom: str, nom: str, password: str | None, fonction: str = ""
) -> Utilisateur:
    return Utilisateur.objects.creer(
        email=email, prenom=prenom, nom=nom, password=password, fonction=fonction
    )


class CommuneEtrangere(ErreurPupitre):
    """The commune is not a member of the council."""


class HabilitationPourSoi(ErreurPupitre):
    """Rights are given by someone else."""


@transaction.atomic
def habiliter(
    *,
    utilisateur: Utilisateur,
    role: Role,
    conseil: Conseil | None = None,
    organisation: Organisation | None = None,
    departement: Departement | None = None,
    commune: Commune | None = None,
    debut: date | None = None,
    fin: date | None = None,
    auteur: Utilisateur | None = None,
) -> Habilitation:
    """
    Raises:
        ValidationError: the role is not bound to what it should be, or ends before it begins.
        CommuneEtrangere: the commune is not a member of that council.
        HabilitationPourSoi: an administrator would open the council's work to himself.
    """
    if auteur is not None and auteur.pk == utilisateur.pk:
        raise HabilitationPourSoi(
            "Personne ne s’habilite soi-même.",
            "L’administrateur ouvre les portes, il ne lit pas les chiffres.",
            "Demandez à un autre administrateur de le faire.",
        )
    if commune is not None and (conseil is None or commune not in conseil.communes_as_of()):
        raise CommuneEtrangere(
            f"{commune} n’est pas membre de ce conseil.",
            "On ne parle, dans un conseil, que pour l’une de ses communes.",
            "Choisissez une commune du conseil, ou laissez ce champ vide.",
        )
    habilitation = Habilitation(
        utilisateur=utilisateur,
        role=role,
        conseil=conseil,
        organisation=organisation,
        departement=departement,
        commune=commune,
        debut=debut or horloge.aujourdhui(),
        fin=fin,
    )
    habilitation.full_clean()
    habilitation.save()
    return habilitation


@transaction.atomic
def retirer(*, habilitation: Habilitation) -> None:
    """End an habilitation yesterday: it stays in the history and opens nothing any more.

    Raises:
        DernierAdministrateur: the installation would have none left.
    """
    if habilitation.role == Role.ADMINISTRATEUR:
        _garder_un_administrateur(sans=habilitation.utilisateur)
    hier = horloge.aujourdhui() - timedelta(days=1)
    if habilitation.debut > hier:
        habilitation.delete()
        return
    habilitation.fin = hier
    habilitation.save(update_fields=["fin"])


class DernierAdministrateur(ErreurPupitre):
    """Nobody could administer the installation any more."""


def _garder_un_administrateur(*, sans: Utilisateur) -> None:
    autres = Habilitation.objects.actives().filter(role=Role.ADMINISTRATEUR).exclude(utilisateur=sans)
    if not autres.exists():
        raise DernierAdministrateur(
            f"{sans} est le dernier compte administrateur.",
            "Sans lui, personne ne pourrait plus ouvrir ni fermer de compte.",
            "Habilitez d’abord un autre administrateur.",
        )


@transaction.atomic
def fermer_compte(*, utilisateur: Utilisateur) -> None:
    """The account opens nothing any more; its habilitations and its history stay."""
    if Habilitation.objects.actives().filter(role=Role.ADMINISTRATEUR, utilisateur=utilisateur).exists():
        _garder_un_administrateur(sans=utilisateur)
    utilisateur.is_active = False
    utilisateur.save(update_fields=["is_active"])


@transaction.atomic
def rouvrir_compte(*, utilisateur: Utilisateur) -> None:
    utilisateur.is_active = True
    utilisateur.save(update_fields=["is_active"])


@transaction.atomic
def oublier_mot_de_passe(*, utilisateur: Utilisateur) -> None:
    """Before a new link: the former password, the open sessions and the former links fall."""
    utilisateur.set_unusable_password()
    utilisateur.save(update_fields=["password"])


@transaction.atomic
def choisir_mot_de_passe(*, utilisateur: Utilisateur, password: str) -> None:
    """
    Raises:
        ValidationError: the password does not follow the rules of the site.
    """
    validate_password(password, utilisateur)
    utilisateur.set_password(password)
    utilisateur.save(update_fields=["password"])


@transaction.atomic
def creer_organisation(*, nom: str, nature: str, conseils: Iterable[Conseil]) -> Organisation:
    organisation = Organisation(nom=nom, nature=nature)
    organisation.full_clean()
    organisation.save()
    organisation.conseils.set(conseils)
    return organisation


@transaction.atomic
def regler_semaine(*, utilisateur: Utilisateur, par_courriel: bool) -> None:
    """Whether the week comes by e-mail. The links by which it was refused fall when it is wanted again."""
    utilisateur.semaine_par_courriel = par_courriel
    utilisateur.save(update_fields=["semaine_par_courriel"])
