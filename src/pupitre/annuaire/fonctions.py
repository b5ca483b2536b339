"""Writes: who takes a post, leaves it, is replaced. The past is never rewritten by a departure."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from pupitre.annuaire.models import Fonction, Personne
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.socle.texte import date_longue

_VEILLE = timedelta(days=1)


class FonctionRefusee(ErreurPupitre):
    """The dates do not follow each other."""


@transaction.atomic
def enregistrer(*, fonction: Fonction) -> Fonction:
    """Raises ValidationError."""
    fonction.full_clean()
    fonction.save()
    return fonction


def _avant(fonction: Fonction, jour: date, geste: str) -> None:
    if jour <= fonction.debut or (fonction.fin is not None and jour > fonction.fin + _VEILLE):
        dite = f"elle court depuis le {date_longue(fonction.debut)}"
        dite += f" jusqu’au {date_longue(fonction.fin)}" if fonction.fin else ""
        raise FonctionRefusee(
            f"{geste} au {date_longue(jour)} n’est pas possible.",
            f"La fonction «\u202f{fonction.intitule}\u202f» n’est pas tenue ce jour-là\u202f: {dite}.",
            "Choisissez une date postérieure à la prise de fonction, ou corrigez d’abord celle-ci.",
        )


@transaction.atomic
def quitter(*, fonction: Fonction, depuis: date, vacante: bool = True) -> Fonction | None:
    """The person no longer holds it from `depuis` on. Gives the vacancy opened, if one is.

    Raises:
        FonctionRefusee: `depuis` is not within the function.
    """
    _avant(fonction, depuis, "Un départ")
    fonction.fin = depuis - _VEILLE
    fonction.save(update_fields=["fin"])
    return _suivante(fonction, None, depuis) if vacante else None


@transaction.atomic
def remplacer(*, fonction: Fonction, personne: Personne, depuis: date) -> Fonction:
    """`personne` takes the post on `depuis`; a vacancy that begins the same day leaves no trace.

    Raises:
        FonctionRefusee: `depuis` is not within the function, or the person holds it already.
    """
    if fonction.personne_id == personne.pk:
        raise FonctionRefusee(
            f"{personne} tient déjà cette fonction.",
            "On n’est pas remplacé par soi-même.",
            "Choisissez une autre personne.",
        )
    if fonction.personne_id is None and depuis <= fonction.debut:
        fonction.personne = personne
        fonction.debut = depuis
        fonction.save(update_fields=["personne", "debut"])
        return fonction
    _avant(fonction, depuis, "Un remplacement")
    fonction.fin = depuis - _VEILLE
    fonction.save(update_fields=["fin"])
    return _suivante(fonction, personne, depuis)


def _suivante(fonction: Fonction, personne: Personne | None, depuis: date) -> Fonction:
    """The same post from that day on. Those who stand in for it stand in for the post, whoever holds it."""
    suivante = Fonction.objects.create(
        conseil_id=fonction.conseil_id,
        personne=personne,
        organisation_id=fonction.organisation_id,
        service_id=fonction.service_id,
        intitule=fonction.intitule,
        qualite=fonction.qualite,
        suppleant_de_id=fonction.suppleant_de_id,
        debut=depuis,
    )
    for suppleance in fonction.suppleances.as_of(depuis):
        suppleance.suppleant_de = suivante
        suppleance.save(update_fields=["suppleant_de"])
    return suivante
