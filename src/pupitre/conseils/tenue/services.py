"""What the screen in the room sends: each gesture may arrive twice, late, or after somebody else's."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import transaction

from pupitre.annuaire.models import Personne
from pupitre.conseils.etats import EtatSeance
from pupitre.conseils.models import Convocation, NoteSeance, PointOrdreDuJour, Seance
from pupitre.conseils.seances import services as seances
from pupitre.conseils.seances.erreurs import GesteRefuse
from pupitre.conseils.seances.selectors import etat_de, fonctions_le, jour_de
from pupitre.socle import horloge

TEXTE_MAX = 20_000


@transaction.atomic
def ouvrir(*, seance: Seance, auteur=None) -> None:
    """Open it, or open it again to complete what was held. Already open: nothing is written.

    Raises:
        GesteRefuse: cancelled, or without a date.
    """
    tenue = Seance.objects.select_for_update(of=("self",)).get(pk=seance.pk)
    etat = etat_de(tenue)
    if etat == EtatSeance.OUVERTE:
        return
    if etat == EtatSeance.ANNULEE or tenue.debut is None:
        raise GesteRefuse(
            "La séance ne s’ouvre pas.",
            "Elle est annulée." if etat == EtatSeance.ANNULEE else "Elle n’a pas de date.",
            "Fixez sa date, ou préparez une nouvelle séance.",
        )
    if etat != EtatSeance.TENUE:
        _appeler_les_membres(tenue)
    seances.passer(tenue, EtatSeance.OUVERTE, auteur=auteur)


def _appeler_les_membres(seance: Seance) -> None:
    """Members of that day who were not written to may still be present."""
    from pupitre.conseils.seances import convocations

    convocations.dresser(seance=seance)


@transaction.atomic
def clore(*, seance: Seance, auteur=None) -> None:
    """It is held: who was not ticked was not there. Closed already: nothing is written."""
    tenue = Seance.objects.select_for_update(of=("self",)).get(pk=seance.pk)
    if etat_de(tenue) == EtatSeance.TENUE:
        return
    exiger_ouverte(tenue)
    Convocation.objects.filter(seance=tenue, present__isnull=True).update(present=False)
    seances.passer(tenue, EtatSeance.TENUE, auteur=auteur)


def exiger_ouverte(seance: Seance) -> None:
    etat = etat_de(seance)
    if etat != EtatSeance.OUVERTE:
        raise GesteRefuse(
            "Rien n’est enregistré.",
            f"La séance est {EtatSeance(etat).label}.",
            "Ouvrez-la, ou rouvrez-la, puis recommencez\u202f: ce que vous avez tapé reste sur cette page.",
        )


@transaction.atomic
def pointer(*, seance: Seance, convocation: int, present: bool, suppleant: str = "") -> Convocation:
    """Say that somebody is there, or is not; who stands in for them, when it is another. The last word counts.

    Raises:
        GesteRefuse: not open, or nobody of that séance.
    """
    exiger_ouverte(seance)
    appel = Convocation.objects.select_for_update(of=("self",)).filter(seance=seance, pk=convocation).first()
    if appel is None:
        raise GesteRefuse(
            "La présence n’est pas notée.",
            "Cette personne n’est pas sur la liste de la séance.",
            "Ajoutez-la comme présente.",
        )
    appel.present, appel.suppleant = present, " ".join(suppleant.split())[:160]
    appel.save(update_fields=["present", "suppleant"])
    return appel


@transaction.atomic
def accueillir(*, seance: Seance, personne: Personne) -> Convocation:
    """Somebody of the directory who was not called, and came."""
    exiger_ouverte(seance)
    if personne.conseil_id != seance.formation.conseil_id:
        raise GesteRefuse(
            "La présence n’est pas notée.",
            "Cette fiche appartient à un autre conseil.",
            "Créez la personne dans votre annuaire.",
        )
    fonction = fonctions_le([personne.pk], jour_de(seance)).get(personne.pk)
    appel, _ = Convocation.objects.get_or_create(
        seance=seance,
        personne=personne,
        defaults={
            "organisation": fonction.organisation if fonction else None,
            "qualite": fonction.intitule if fonction else "",
            "reponse": Convocation.Reponse.PRESENT,
        },
    )
    appel.present = True
    appel.save(update_fields=["present"])
    return appel


@dataclass(frozen=True, slots=True)
class Notee:
    """What is kept. `en_double`: somebody else wrote there meanwhile; both texts are kept, `note` is this one."""

    note: NoteSeance
    en_double: bool = False


@transaction.atomic
def noter(
    *,
    seance: Seance,
    cle: UUID,
    point: UUID | None,
    texte: str,
    version: int,
    onglet: UUID,
    auteur=None,
) -> Notee:
    """Keep a text as it is typed.

    Args:
        cle: chosen by the page, the same for all the versions of one text.
        version: the one that the page last saw kept, 0 for a new text.
        onglet: which page writes. Its own writing whose answer was lost is not a conflict.

    Raises:
        GesteRefuse: not open, a note or an item of another séance, or a text beyond any note.
    """
    exiger_ouverte(seance)
    if len(texte) > TEXTE_MAX:
        raise GesteRefuse(
            "Cette note n’est pas enregistrée.",
            f"Elle dépasse {TEXTE_MAX:,} caractères.".replace(",", "\u202f"),
            "Continuez dans une autre note.",
        )
    if point is not None and not PointOrdreDuJour.objects.filter(pk=point, seance=seance).exists():
        raise GesteRefuse(
            "Cette note n’est pas enregistrée.",
            "Son point n’est plus à l’ordre du jour.",
            "Rechargez la page\u202f: votre texte y est gardé.",
        )
    gardee = NoteSeance.objects.select_for_update(of=("self",)).filter(pk=cle).first()
    if gardee is None:
        return Notee(
            _ecrire(NoteSeance(pk=cle, seance=seance, point_id=point, version=0), texte, onglet, auteur)
        )
    if gardee.seance_id != seance.pk:
        raise GesteRefuse(
            "Cette note n’est pas enregistrée.",
            "Elle appartient à une autre séance.",
            "Rechargez la page.",
        )
    if gardee.texte == texte:
        return Notee(gardee)
    if gardee.version == version or gardee.onglet == onglet:
        return Notee(_ecrire(gardee, texte, onglet, auteur))
    # Two people wrote: the second text becomes a note of its own, the same one however often it is sent.
    return _a_cote(gardee, uuid5(cle, str(onglet)), texte, onglet, auteur)


def _a_cote(gardee: NoteSeance, cle: UUID, texte: str, onglet: UUID, auteur) -> Notee:
    autre = NoteSeance.objects.select_for_update(of=("self",)).filter(pk=cle).first()
    if autre is None:
        autre = NoteSeance(pk=cle, seance_id=gardee.seance_id, point_id=gardee.point_id, version=0)
    return Notee(autre if autre.texte == texte else _ecrire(autre, texte, onglet, auteur), en_double=True)


def _ecrire(note: NoteSeance, texte: str, onglet: UUID, auteur) -> NoteSeance:
    note.texte, note.onglet, note.auteur = texte, onglet, auteur
    note.version += 1
    note.modifiee_le = horloge.maintenant()
    note.save()
    return note
