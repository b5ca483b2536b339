"""Writes: cards, organisations, services, tags, lists, networks."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from pupitre.acces.models import Organisation
from pupitre.acces.services import creer_organisation
from pupitre.annuaire.models import Etiquette, ListeDePersonnes, Personne, Reseau, Service
from pupitre.annuaire.selectors import du_conseil, organisations
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle import horloge
from pupitre.socle.texte import cle_de_recherche
from pupitre.territoires.models import Conseil


class OrganisationPartagee(ErreurPupitre):
    """Another council works with it too: its name is not ours alone to change."""


@transaction.atomic
def enregistrer(*, personne: Personne, etiquettes: Iterable[Etiquette] | None = None) -> Personne:
    """Raises ValidationError. A card that the team writes is checked that day."""
    personne.email = personne.email.strip().lower()
    personne.verifiee_le = horloge.aujourdhui()
    personne.full_clean()
    personne.save()
    if etiquettes is not None:
        personne.etiquettes.set(etiquettes)
    return personne


def organisation_nommee(conseil: Conseil, nom: str) -> Organisation | None:
    """The organisation of this council that is written so, whatever the accents and capitals."""
    cle = cle_de_recherche(nom)
    return next((o for o in organisations(conseil) if cle_de_recherche(o.nom) == cle), None)


@transaction.atomic
def trouver_ou_creer_organisation(
    *, conseil: Conseil, nom: str, nature: str = Organisation.Nature.AUTRE
) -> Organisation:
    return organisation_nommee(conseil, nom) or creer_organisation(nom=nom, nature=nature, conseils=[conseil])


@transaction.atomic
def modifier_organisation(*, organisation: Organisation) -> Organisation:
    """
    Raises:
        OrganisationPartagee: another council has it too.
    """
    if organisation.conseils.count() > 1:
        raise OrganisationPartagee(
            f"{organisation.nom} ne peut pas être renommée ici.",
            "Un autre conseil travaille aussi avec cette organisation.",
            "Demandez-le à l’administrateur de votre installation de Pupitre.",
        )
    organisation.full_clean()
    organisation.save()
    return organisation


@transaction.atomic
def enregistrer_service(*, service: Service) -> Service:
    service.full_clean()
    service.save()
    return service


@transaction.atomic
def etiqueter(*, conseil: Conseil, personnes: Iterable[int], nom: str) -> int:
    """Put one word on these cards; the word is made if it is new. How many cards bear it now that did not."""
    nom = " ".join(nom.split())[:60]
    cle = cle_de_recherche(nom)
    etiquette = next((e for e in conseil.etiquettes.all() if cle_de_recherche(e.nom) == cle), None)
    if etiquette is None:
        etiquette = Etiquette(conseil=conseil, nom=nom)
        etiquette.full_clean()
        etiquette.save()
    deja = set(etiquette.personnes.values_list("pk", flat=True))
    nouvelles = [p.pk for p in du_conseil(conseil).filter(pk__in=list(personnes)) if p.pk not in deja]
    etiquette.personnes.add(*nouvelles)
    return len(nouvelles)


@transaction.atomic
def desetiqueter(*, personne: Personne, etiquette: Etiquette) -> None:
    """Take the word off this card; a word that no card bears any more disappears."""
    personne.etiquettes.remove(etiquette)
    if not etiquette.personnes.exists():
        etiquette.delete()


@transaction.atomic
def ranger(*, conseil: Conseil, personnes: Iterable[int], liste: ListeDePersonnes) -> int:
    deja = set(liste.personnes.values_list("pk", flat=True))
    nouvelles = [p.pk for p in du_conseil(conseil).filter(pk__in=list(personnes)) if p.pk not in deja]
    liste.personnes.add(*nouvelles)
    return len(nouvelles)


@transaction.atomic
def enregistrer_liste(*, liste: ListeDePersonnes) -> ListeDePersonnes:
    liste.full_clean()
    liste.save()
    return liste


@transaction.atomic
def enregistrer_reseau(*, reseau: Reseau, personnes: Iterable[Personne] = ()) -> Reseau:
    reseau.full_clean()
    reseau.save()
    reseau.personnes.set(personnes)
    return reseau
