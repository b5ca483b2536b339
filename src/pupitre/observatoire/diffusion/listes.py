"""The diffusion list, and under whose name and authority what leaves is sent."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from pupitre.acces.droits import DROITS, Droit, Role
from pupitre.acces.models import Habilitation, Organisation
from pupitre.observatoire.models import Bulletin, Destinataire, ReglageDiffusion
from pupitre.socle.courriel import Lettre
from pupitre.socle.courriel.envoi import poster
from pupitre.socle.courriel.modele import Courriel
from pupitre.territoires.models import Conseil

_P = Bulletin.Periodicite
# What a role receives unless somebody chooses otherwise.
_D_USAGE = {
    Role.PRESIDENT: (_P.SEMAINE, _P.MOIS, _P.SEMESTRE, _P.ANNEE),
    Role.MAIRE_MEMBRE: (_P.SEMAINE, _P.MOIS, _P.SEMESTRE, _P.ANNEE),
    Role.DGS: (_P.SEMAINE, _P.MOIS, _P.SEMESTRE, _P.ANNEE),
    Role.ELU_DELEGUE: (_P.MOIS, _P.SEMESTRE, _P.ANNEE),
    Role.PARQUET: (_P.SEMESTRE, _P.ANNEE),
}

_LIBELLES = dict(Bulletin.Periodicite.choices)


def reglage(conseil: Conseil) -> ReglageDiffusion:
    """The council's setting, or the prudent default: nothing leaves without the visa."""
    return ReglageDiffusion.objects.filter(conseil=conseil).first() or ReglageDiffusion(conseil=conseil)


def qui_donne_un_point(conseil: Conseil):
    """Organisations that may tell their week: those that deliver something, and those chosen already."""
    return conseil.organisations.filter(
        Q(sources__conseil=conseil) | Q(pk__in=reglage(conseil).points_attendus.values("pk"))
        if ReglageDiffusion.objects.filter(conseil=conseil).exists()
        else Q(sources__conseil=conseil)
    ).distinct()


def poster_au_nom(
    conseil: Conseil, lettre: Lettre, *, cle: str, nom: str, email: str, categorie: str
) -> Courriel:
    """A letter in the council's name, once for that reason and that person."""
    regle = reglage(conseil)
    return poster(
        lettre,
        cle=cle,
        destinataire=email,
        nom=nom,
        categorie=categorie,
        perimetre=conseil.slug,
        expediteur=regle.expediteur or str(conseil),
        repondre_a=regle.repondre_a,
    )[0]


def proposes(conseil: Conseil) -> list[Destinataire]:
    """Accounts that may read editions and are not on the list: each as the line it would make, not saved."""
    presents = {
        e.lower() for e in Destinataire.objects.filter(conseil=conseil).values_list("email", flat=True)
    }
    lecteurs = DROITS[Droit.LIRE_BULLETIN] & set(_D_USAGE)
    habilitations = (
        Habilitation.objects.actives()
        .filter(conseil=conseil, role__in=lecteurs)
        .select_related("utilisateur", "commune")
        .order_by("utilisateur__nom", "pk")
    )
    trouves: dict[str, Destinataire] = {}
    for h in habilitations:
        email = h.utilisateur.email.lower()
        if email not in presents:
            trouves.setdefault(email, _ligne(conseil, h, email))
    return list(trouves.values())


def _ligne(conseil: Conseil, habilitation: Habilitation, email: str) -> Destinataire:
    role = Role(habilitation.role)
    return Destinataire(
        conseil=conseil,
        nom=str(habilitation.utilisateur),
        fonction=habilitation.utilisateur.fonction or str(role.label),
        email=email,
        commune=habilitation.commune,
        periodicites=[str(p) for p in _D_USAGE[role]],
        de_l_etat=role is Role.PARQUET,
    )


@transaction.atomic
def ajouter_proposes(*, conseil: Conseil, emails: set[str]) -> int:
    """Put these accounts on the list, as proposed. Gives how many."""
    choisis = [d for d in proposes(conseil) if d.email in emails]
    for destinataire in choisis:
        enregistrer(destinataire=destinataire)
    return len(choisis)


def du_conseil(conseil: Conseil):
    return Destinataire.objects.filter(conseil=conseil).select_related("commune").order_by("-actif", "nom")


def libelles(destinataire: Destinataire) -> list[str]:
    return [str(_LIBELLES[p]) for p in destinataire.periodicites if p in _LIBELLES]


@transaction.atomic
def enregistrer(*, destinataire: Destinataire) -> Destinataire:
    """Raises ValidationError: an address already on the list, an unknown kind."""
    destinataire.email = destinataire.email.lower()
    destinataire.full_clean()
    destinataire.save()
    return destinataire


@transaction.atomic
def regler(
    *,
    conseil: Conseil,
    visa_requis: bool,
    expediteur: str = "",
    repondre_a: str = "",
    points_attendus: Iterable[Organisation] = (),
    auteur=None,
) -> None:
    regle, _ = ReglageDiffusion.objects.update_or_create(
        conseil=conseil,
        defaults={
            "visa_requis": visa_requis,
            "expediteur": expediteur,
            "repondre_a": repondre_a,
            "regle_par": auteur,
        },
    )
    regle.points_attendus.set(points_attendus)
