"""Editions of every kind: frozen when written, read again."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from pupitre.acces import actes
from pupitre.acces.droits import DROITS, Droit, Role
from pupitre.acces.policies import peut
from pupitre.acces.selectors import habilitations_de
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.mesures import Pas
from pupitre.observatoire.chiffres import catalogue, periodes
from pupitre.observatoire.diffusion import changements, fichiers, lecteurs, textes
from pupitre.observatoire.diffusion.etudes import Semestre
from pupitre.observatoire.diffusion.genres import GENRES, Commande
from pupitre.observatoire.etats import MODIFIABLES, EtatBulletin, verifier_bulletin
from pupitre.observatoire.models import Bulletin, EvenementBulletin
from pupitre.socle.texte import date_longue
from pupitre.territoires.models import Conseil

VISA = "visa"
TERMINE_MAX = 10_000_000


class EditionRefusee(ErreurPupitre):
    """The edition is not in a state where that can be done."""


def etat_de(bulletin: Bulletin) -> EtatBulletin:
    if bulletin.retire_le is not None:
        return EtatBulletin.RETIRE
    if bulletin.publie_le is not None:
        return EtatBulletin.DIFFUSE
    dernier = bulletin.evenements.order_by("-pk").values_list("etat", flat=True).first()
    return EtatBulletin(dernier or EtatBulletin.BROUILLON)


def noter(bulletin: Bulletin, etat: EtatBulletin, *, auteur=None, nom: str = "", raison: str = "") -> None:
    """Append an event; the row must be locked by the caller's transaction."""
    verifier_bulletin(bulletin.evenements.order_by("-pk").values_list("etat", flat=True).first(), etat)
    EvenementBulletin.objects.create(
        bulletin=bulletin, etat=etat, auteur=auteur, nom=nom or (str(auteur) if auteur else ""), raison=raison
    )


def visibles(utilisateur, conseil: Conseil):
    """Sent editions that the person may read; drafts too for those who write or approve them."""
    bulletins = Bulletin.objects.filter(conseil=conseil).defer("faits", "textes")
    if peut(utilisateur, Droit.ECRIRE_BULLETIN, conseil) or peut(utilisateur, Droit.VISER_BULLETIN, conseil):
        return bulletins
    if de_l_etat(utilisateur, conseil):
        return bulletins.diffuses().filter(ouvert_a_l_etat=True)
    return bulletins.diffuses()


def de_l_etat(utilisateur, conseil: Conseil) -> bool:
    """Does the person read that council's editions for the prefecture or the prosecutor only?"""
    roles = {h.role for h in habilitations_de(utilisateur) if h.conseil_id in (conseil.pk, None)}
    return not roles & (DROITS[Droit.LIRE_BULLETIN] - {Role.PREFECTURE, Role.PARQUET})


def lire_periode(texte: str) -> tuple[str, date]:
    """ "2026-10", "2026", "2026-S1" (half-year), "2026-W47" (week): the kind and the first day.

    Raises:
        EditionRefusee: not a period.
    """
    p = Bulletin.Periodicite
    semestre = Semestre.lire(texte)
    if semestre is not None:
        return p.SEMESTRE, semestre.debut
    if re.fullmatch(r"\d{4}-W\d{2}", texte):
        with contextlib.suppress(ValueError):
            return p.SEMAINE, date.fromisocalendar(int(texte[:4]), int(texte[6:]), 1)
    for pas, genre in ((Pas.MOIS, p.MOIS), (Pas.ANNEE, p.ANNEE)):
        debut = periodes.lire_code(texte, pas) if ("-" in texte) == (pas is Pas.MOIS) else None
        if debut is not None:
            return genre, debut
    raise EditionRefusee(
        f"«\u202f{texte}\u202f» n’est pas une période.",
        "Une édition porte sur une semaine, un mois, un semestre ou une année.",
        "Écrivez par exemple 2026-W47, 2026-10, 2026-S1 ou 2026.",
    )


def preparer_periode(*, conseil: Conseil, periode: str, auteur=None) -> Bulletin:
    """The draft of the edition that this text names. Raises like `lire_periode` and `preparer`."""
    genre, debut = lire_periode(periode)
    return preparer(conseil=conseil, periodicite=genre, debut=debut, auteur=auteur)


@transaction.atomic
def preparer(
    *,
    conseil: Conseil,
    periodicite: str,
    debut: date,
    sujet: str = "",
    parametres: Mapping[str, Any] | None = None,
    auteur=None,
) -> Bulletin:
    """Freeze the facts of a new edition; a former draft of the same period is replaced, its texts are kept.

    Raises:
        ErreurPupitre: nothing to say about that period, or a draft that already waits for the visa.
    """
    Conseil.objects.select_for_update(of=("self",)).get(pk=conseil.pk)
    editions = Bulletin.objects.filter(conseil=conseil, periodicite=periodicite, debut=debut, sujet=sujet)
    brouillon = editions.filter(publie_le__isnull=True).first()
    gardes = {}
    if brouillon is not None:
        if etat_de(brouillon) is EtatBulletin.SOUMIS:
            raise EditionRefusee(
                "Cette période est déjà soumise au visa.",
                "L’écrire à nouveau changerait ce que la présidence est en train de lire.",
                "Retirez-la du visa, puis écrivez-la à nouveau.",
            )
        gardes = brouillon.textes
        brouillon.delete()
    precedente = editions.aggregate(n=Max("edition"))["n"] or 0
    derniere = editions.filter(edition=precedente).first()
    genre = GENRES[periodicite]
    faits = genre.composer(Commande(conseil, debut, parametres or {}, precedente + 1, derniere))
    changes: list[str] = []
    if derniere is not None:
        changes = changements.comparer(fichiers.faits_bruts(derniere), faits)
        entete = (
            f"Ce que corrige l’édition {precedente + 1}, depuis celle du {date_longue(derniere.publie_le)}"
        )
        faits = changements.inscrire(faits, changes, maximum=genre.corrections, entete=entete)
    bulletin = Bulletin.objects.create(
        conseil=conseil,
        periodicite=periodicite,
        debut=debut,
        sujet=sujet,
        edition=precedente + 1,
        faits=faits.to_dict(),
        parametres=dict(parametres or {}),
        changements=changes,
        ouvert_a_l_etat=lecteurs.ouverte_a_l_etat(conseil, periodicite, genre.usage),
        textes=textes.nettoyer(faits, gardes),
        version_catalogue=catalogue.version_de(conseil),
        ecrit_par=auteur,
    )
    noter(bulletin, EtatBulletin.BROUILLON, auteur=auteur)
    return bulletin


def ce_qui_changerait(bulletin: Bulletin) -> list[str]:
    """What an edition written now would correct of a sent one; nothing is written.

    Raises:
        ErreurPupitre: nothing more can be said of that period.
    """
    commande = Commande(
        bulletin.conseil, bulletin.debut, bulletin.parametres or {}, bulletin.edition + 1, bulletin
    )
    return changements.comparer(
        fichiers.faits_bruts(bulletin), GENRES[bulletin.periodicite].composer(commande)
    )


def _verrou(bulletin: Bulletin) -> Bulletin:
    return Bulletin.objects.select_for_update(of=("self",)).select_related("conseil").get(pk=bulletin.pk)


def _modifiable(bulletin: Bulletin) -> None:
    if etat_de(bulletin) not in MODIFIABLES:
        raise EditionRefusee(
            "Cette édition est diffusée.",
            f"Elle l’a été le {date_longue(bulletin.publie_le)} et ne change plus.",
            "Écrivez une nouvelle édition\u202f: elle dira ce qu’elle corrige, aux mêmes destinataires.",
        )


@transaction.atomic
def relire(*, bulletin: Bulletin, saisis: Mapping[str, str], auteur=None) -> Bulletin:
    """Keep the written comments. A visa given or awaited falls: what is signed is what is sent.

    Raises:
        EditionRefusee: the edition has left.
    """
    verrou = _verrou(bulletin)
    _modifiable(verrou)
    nouveaux = textes.nettoyer(fichiers.faits_bruts(verrou), saisis)
    if nouveaux == verrou.textes:
        return verrou
    verrou.textes = nouveaux
    verrou.save(update_fields=["textes"])
    _retomber(verrou, auteur)
    return verrou


@transaction.atomic
def deposer_termine(*, bulletin: Bulletin, contenu: bytes, nom: str, auteur=None) -> None:
    """Keep the PDF that the coordinator finished in a word processor: it is the one that will be sent.

    Raises:
        EditionRefusee: the edition has left, or the file is not a PDF.
    """
    verrou = _verrou(bulletin)
    _modifiable(verrou)
    if not contenu.startswith(b"%PDF-"):
        raise EditionRefusee(
            f"«\u202f{nom}\u202f» n’est pas un PDF.",
            "Ce qui part aux destinataires ne doit plus pouvoir changer.",
            "Dans votre traitement de texte, choisissez «\u202fExporter au format PDF\u202f», puis déposez ce fichier.",
        )
    if len(contenu) > TERMINE_MAX:
        raise EditionRefusee(
            f"«\u202f{nom}\u202f» est trop lourd pour être joint à un courriel.",
            f"Il pèse {len(contenu) // 1_000_000} Mo, et {TERMINE_MAX // 1_000_000} Mo au plus partent.",
            "Réduisez ses images, puis exportez-le à nouveau au format PDF.",
        )
    empreinte = hashlib.sha256(contenu).hexdigest()
    verrou.fichier_termine = f"bulletins/{verrou.conseil.slug}/{verrou.pk}-termine-{empreinte[:12]}.pdf"
    fichiers.ecrire(Path(settings.CONFIGURATION.donnees) / verrou.fichier_termine, contenu)
    verrou.save(update_fields=["fichier_termine"])
    _retomber(verrou, auteur)


def _retomber(bulletin: Bulletin, auteur) -> None:
    if etat_de(bulletin) in (EtatBulletin.SOUMIS, EtatBulletin.VISE):
        noter(
            bulletin,
            EtatBulletin.BROUILLON,
            auteur=auteur,
            raison="Le texte a changé depuis la demande de visa.",
        )
        actes.retirer_tous(acte=VISA, objet=bulletin.pk)
