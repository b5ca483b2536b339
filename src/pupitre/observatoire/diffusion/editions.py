"""Editions of every kind: frozen when written, read again, kept as sent."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from pupitre.acces.droits import Droit
from pupitre.acces.policies import peut
from pupitre.documents.bulletin import FaitsBulletin
from pupitre.documents.ecrits import Ecrit
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.mesures import Pas
from pupitre.observatoire.chiffres import catalogue, periodes
from pupitre.observatoire.diffusion import changements, communes, textes
from pupitre.observatoire.diffusion.etudes import Semestre
from pupitre.observatoire.diffusion.genres import GENRES, Commande, rendre
from pupitre.observatoire.etats import MODIFIABLES, EtatBulletin, verifier_bulletin
from pupitre.observatoire.models import Bulletin, EvenementBulletin
from pupitre.socle import horloge
from pupitre.socle.texte import date_longue
from pupitre.territoires.models import Conseil


class EditionRefusee(ErreurPupitre):
    """The edition is not in a state where that can be done."""


@transaction.atomic
def publier(*, bulletin: Bulletin, auteur=None) -> Bulletin:
    """Freeze an edition without writing to anybody (an installation's terminal, a demonstration's past).

    Raises:
        EditionRefusee: already sent.
    """
    if etat_de(bulletin) is not EtatBulletin.DIFFUSE:
        EvenementBulletin.objects.create(
            bulletin=bulletin, etat=EtatBulletin.DIFFUSE, auteur=auteur, nom=str(auteur) if auteur else ""
        )
    return figer(bulletin, auteur=auteur)


def etat_de(bulletin: Bulletin) -> EtatBulletin:
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
    """Sent editions; drafts too for those who write or approve them."""
    bulletins = Bulletin.objects.filter(conseil=conseil).defer("faits", "textes")
    if peut(utilisateur, Droit.ECRIRE_BULLETIN, conseil) or peut(utilisateur, Droit.VISER_BULLETIN, conseil):
        return bulletins
    return bulletins.diffuses()


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
    commande = Commande(conseil, debut, parametres or {}, precedente + 1, derniere)
    faits = GENRES[periodicite].composer(commande)
    bulletin = Bulletin.objects.create(
        conseil=conseil,
        periodicite=periodicite,
        debut=debut,
        sujet=sujet,
        edition=precedente + 1,
        faits=faits.to_dict(),
        parametres=dict(parametres or {}),
        changements=changements.comparer(faits_bruts(derniere), faits) if derniere is not None else [],
        textes=textes.nettoyer(faits, gardes),
        version_catalogue=catalogue.version_de(conseil),
        ecrit_par=auteur,
    )
    noter(bulletin, EtatBulletin.BROUILLON, auteur=auteur)
    return bulletin


def faits_bruts(bulletin: Bulletin) -> FaitsBulletin | Ecrit:
    """The facts as frozen, with the proposed comments."""
    return GENRES[bulletin.periodicite].lire(bulletin.faits)


def faits_de(bulletin: Bulletin) -> FaitsBulletin | Ecrit:
    """The facts with what people wrote over the proposed comments."""
    definitif = bulletin.publie_le is not None
    return textes.appliquer(faits_bruts(bulletin), bulletin.textes, definitif=definitif)


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
    nouveaux = textes.nettoyer(faits_bruts(verrou), saisis)
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
    verrou.fichier_termine = f"bulletins/{verrou.conseil.slug}/{verrou.pk}-termine.pdf"
    _ecrire(Path(settings.CONFIGURATION.donnees) / verrou.fichier_termine, contenu)
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


def document(bulletin: Bulletin, format: str = "pdf", commune: str = "") -> bytes:
    """The file of an edition: as kept when it left, else rendered from the frozen facts.

    Args:
        commune: INSEE code of the reader's: the whole, and the page of that commune.
    Raises:
        KeyError: that kind has no such format.
    """
    if format not in GENRES[bulletin.periodicite].formats:
        raise KeyError(format)
    garde = chemin(bulletin, format, commune)
    if bulletin.publie_le is not None and garde.is_file():
        return garde.read_bytes()
    if format == "pdf" and bulletin.fichier_termine:
        return (Path(settings.CONFIGURATION.donnees) / bulletin.fichier_termine).read_bytes()
    return rendre(communes.pour(faits_de(bulletin), commune), format)


def chemin(bulletin: Bulletin, format: str = "pdf", commune: str = "") -> Path:
    suffixe = f"-{commune}" if commune else ""
    return (
        Path(settings.CONFIGURATION.donnees)
        / "bulletins"
        / bulletin.conseil.slug
        / f"{bulletin.pk}{suffixe}.{format}"
    )


def figer(bulletin: Bulletin, *, auteur=None, codes: tuple[str, ...] = ()) -> Bulletin:
    """Keep every file of an edition as it leaves; nothing of it changes after.

    Args:
        codes: communes that have a document of their own.
    Raises:
        EditionRefusee: already sent.
    """
    genre = GENRES[bulletin.periodicite]
    faits = textes.appliquer(faits_bruts(bulletin), bulletin.textes, definitif=True)
    fichiers = {}
    if bulletin.fichier_termine:
        fichiers["pdf", ""] = document(bulletin)
    else:
        fichiers = {(f, ""): rendre(faits, f) for f in genre.formats}
        if communes.personnalise(faits):
            fichiers |= {("pdf", c): rendre(communes.pour(faits, c), "pdf") for c in codes}
    with transaction.atomic():
        verrou = _verrou(bulletin)
        if verrou.publie_le is not None:
            raise EditionRefusee(
                "Cette édition est déjà publiée.",
                f"Elle l’a été le {date_longue(verrou.publie_le)} et ne change plus.",
                "Écrivez une nouvelle édition pour la corriger.",
            )
        if verrou.textes != bulletin.textes or verrou.fichier_termine != bulletin.fichier_termine:
            raise EditionRefusee(
                "Le texte vient de changer.",
                "Quelqu’un l’a relu pendant que l’édition était préparée.",
                "Relisez-la, puis diffusez-la à nouveau.",
            )
        for (format, commune), contenu in fichiers.items():
            _ecrire(chemin(verrou, format, commune), contenu)
        verrou.publie_le = horloge.maintenant()
        verrou.publie_par = auteur
        verrou.pdf_sha256 = hashlib.sha256(fichiers["pdf", ""]).hexdigest()
        verrou.save(update_fields=["publie_le", "publie_par", "pdf_sha256"])
    bulletin.refresh_from_db()
    return bulletin


def _ecrire(destination: Path, contenu: bytes) -> None:
    destination.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    partiel = destination.with_suffix(destination.suffix + ".partiel")
    with partiel.open("wb") as sortie:
        sortie.write(contenu)
        sortie.flush()
        os.fsync(sortie.fileno())
    os.replace(partiel, destination)
