"""Links for people without an account: signed, for one gesture on one object, expiring, revocable, counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.core import signing
from django.db import transaction
from django.utils.crypto import constant_time_compare, get_random_string

from pupitre.acces.models import LienActe, UsageLien, Utilisateur
from pupitre.socle import horloge
from pupitre.socle.lecture_seule import ecriture_permise
from pupitre.territoires.models import Conseil

_SIGNEUR = signing.Signer(salt="pupitre.acces.acte")
PAR_HEURE = 60


class Raison(StrEnum):
    INCONNU = "inconnu"
    EXPIRE = "expire"
    RETIRE = "retire"
    SERVI = "servi"
    TROP = "trop"


@dataclass(frozen=True, slots=True)
class LienRefuse(Exception):
    raison: Raison


@transaction.atomic
def creer(
    *,
    acte: str,
    objet: object,
    conseil: Conseil,
    nom: str,
    email: str = "",
    jours: int,
    gestes_max: int = 1,
    auteur: Utilisateur | None = None,
) -> LienActe:
    """
    Args:
        acte: what the link allows, the same slug as the page's `par_lien`.
        objet: primary key of what it bears on.
        jours: how long it lives. `gestes_max`: 0 for as many gestures as wanted until then.
    """
    return LienActe.objects.create(
        acte=acte,
        objet=str(objet),
        conseil=conseil,
        nom=nom,
        email=email,
        sel=get_random_string(22),
        expire_le=horloge.maintenant() + timedelta(days=jours),
        gestes_max=gestes_max,
        cree_par=auteur,
    )


def jeton(lien: LienActe) -> str:
    """What the address carries."""
    return _SIGNEUR.sign(f"{lien.pk}.{lien.sel}").replace(":", "~")


def lire(acte: str, texte: str) -> LienActe:
    """The link behind an address. Reading it counts nothing: see `noter`.

    Raises:
        LienRefuse: forged or of another gesture (`inconnu`), expired, revoked, already used, used too often.
    """
    try:
        pk, _, sel = _SIGNEUR.unsign(texte.replace("~", ":")).partition(".")
    except signing.BadSignature:
        raise LienRefuse(Raison.INCONNU) from None
    lien = LienActe.objects.select_related("conseil").filter(pk=pk, acte=acte).first()
    if lien is None or not constant_time_compare(lien.sel, sel):
        raise LienRefuse(Raison.INCONNU)
    _vivant(lien, horloge.maintenant())
    return lien


def _vivant(lien: LienActe, maintenant: datetime) -> None:
    if lien.revoque_le is not None:
        raise LienRefuse(Raison.RETIRE)
    if lien.expire_le < maintenant:
        raise LienRefuse(Raison.EXPIRE)
    if lien.gestes_max and lien.usages.filter(genre=UsageLien.Genre.FAIT).count() >= lien.gestes_max:
        raise LienRefuse(Raison.SERVI)
    if lien.usages.filter(le__gt=maintenant - timedelta(hours=1)).count() >= PAR_HEURE:
        raise LienRefuse(Raison.TROP)


def noter_ouverture(lien: LienActe) -> None:
    with ecriture_permise("l’ouverture d’un lien est enregistrée"):
        UsageLien.objects.create(lien=lien, genre=UsageLien.Genre.OUVERT)


@transaction.atomic
def accomplir(lien: LienActe, detail: str = "") -> None:
    """Count one gesture; call it in the transaction that makes it.

    Raises:
        LienRefuse: another request made the last permitted gesture first.
    """
    verrou = LienActe.objects.select_for_update(of=("self",)).get(pk=lien.pk)
    _vivant(verrou, horloge.maintenant())
    UsageLien.objects.create(lien=verrou, genre=UsageLien.Genre.FAIT, detail=detail[:200])


def prolonger(lien: LienActe, *, jours: int) -> None:
    """A link that several letters carry ends some days after the last of them."""
    LienActe.objects.filter(pk=lien.pk).update(expire_le=horloge.maintenant() + timedelta(days=jours))


@transaction.atomic
def retirer(lien: LienActe) -> None:
    LienActe.objects.filter(pk=lien.pk, revoque_le__isnull=True).update(revoque_le=horloge.maintenant())


def retirer_tous(*, acte: str, objet: object) -> int:
    """The object is settled: its open links fall."""
    return LienActe.objects.filter(acte=acte, objet=str(objet), revoque_le__isnull=True).update(
        revoque_le=horloge.maintenant()
    )
