"""Writes: sources, and the life of a delivery from the file received to the figures visible."""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction

from pupitre.moteur.sources import DECRITS
from pupitre.observatoire import etats
from pupitre.observatoire.collecte import douteuses, gabarits
from pupitre.observatoire.collecte.analyse import lire
from pupitre.observatoire.collecte.journal import DepotRefuse, PublicationRefusee, fermee, inscrire
from pupitre.observatoire.collecte.publication import publier, publier_ensemble
from pupitre.observatoire.collecte.reglages import reglages
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.models import Frequence, Livraison, Source
from pupitre.observatoire.selectors import etat_de
from pupitre.socle.texte import date_longue, enumeration

_BLOC = 1 << 20


@transaction.atomic
def creer_source(
    *,
    conseil,
    organisation,
    code: str,
    nom: str,
    format: str,
    description: dict | None = None,
    territoires: Sequence[str] = (),
    frequence: str = Frequence.MOIS,
    producteur: str = "",
    millesime: str = "",
    ruptures: Sequence[dict] = (),
    fictive: bool = False,
    modele: str = "",
) -> Source:
    """`modele`: code of the ready-made source that it comes from."""
    source = Source(
        conseil=conseil,
        organisation=organisation,
        code=code,
        nom=nom,
        format=format,
        territoires=list(territoires),
        frequence=frequence,
        producteur=producteur,
        millesime=millesime,
        ruptures=list(ruptures),
        fictive=fictive,
        modele=modele,
    )
    source.full_clean()
    source.save()
    organisation.conseils.add(conseil)
    if description:
        gabarits.enregistrer(source=source, description=description, motif=gabarits.Motif.FOURNI)
    return source


@transaction.atomic
def regler_source(*, source: Source, **champs) -> Source:
    """Change the settings of a source; deliveries already published keep the figures they gave."""
    description = champs.pop("description", None)
    for nom, valeur in champs.items():
        setattr(source, nom, valeur)
    source.full_clean()
    source.save()
    if description:
        gabarits.enregistrer(source=source, description=description, motif=gabarits.Motif.COLONNES)
    return source


def deposer(
    *, source: Source, fichier: Path, nom: str | None = None, auteur=None, voie: str = ""
) -> Livraison:
    """Keep a file as received and open its delivery.

    Args:
        voie: how it came when no account sent it, in French.

    Raises:
        DepotRefuse: the same content was already received from this source and not rejected.
    """
    nom = nom or Path(fichier).name
    identifiant = uuid.uuid4()
    relatif = f"{source.conseil.slug}/{source.code}/{identifiant.hex}{_extension(nom)}"
    chemin, sha256, taille = _garder(Path(fichier), Path(settings.MEDIA_ROOT) / relatif)
    deja = _deja_recue(source, sha256)
    if deja is not None:
        chemin.unlink()
        refus = DepotRefuse(
            f"Ce fichier a déjà été reçu le {date_longue(deja.recue_le)}, sous le nom «\u202f{deja.nom}\u202f».",
            "Son contenu est identique à l’octet près\u202f: le publier deux fois compterait deux fois les faits.",
            "Ouvrez la livraison existante, ou déposez le fichier corrigé.",
        )
        refus.livraison = deja
        raise refus
    with transaction.atomic():
        livraison = Livraison.objects.create(
            id=identifiant,
            source=source,
            nom=nom[-255:],
            chemin=relatif,
            sha256=sha256,
            taille=taille,
            deposee_par=auteur,
        )
        inscrire(livraison, Etat.RECUE, auteur=auteur, raison=voie)
    return livraison


def _deja_recue(source: Source, sha256: str) -> Livraison | None:
    """The same content, open or visible, and read as it would be read now.

    Once published, a file is read anew only as another delivery: with the same settings it would say the
    same, with others it corrects and replaces.
    """
    memes = Livraison.objects.filter(source=source, sha256=sha256).avec_etat()
    for livraison in memes.exclude(etat__in=(Etat.REJETEE, Etat.REMPLACEE)):
        lue_autrement = livraison.lecture.get("reglages") not in (None, reglages(source))
        if livraison.etat != Etat.PUBLIEE or not lue_autrement:
            return livraison
    return None


def _extension(nom: str) -> str:
    suffixe = "".join(Path(nom).suffixes[-2:]) if nom.lower().endswith(".gz") else Path(nom).suffix
    return re.sub(r"[^A-Za-z0-9.]", "", suffixe)[:12].lower()


def _garder(origine: Path, destination: Path) -> tuple[Path, str, int]:
    destination.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    partiel = destination.with_name(f".{destination.name}.partiel")
    empreinte, taille = hashlib.sha256(), 0
    with origine.open("rb") as entree, partiel.open("wb") as sortie:
        while bloc := entree.read(_BLOC):
            empreinte.update(bloc)
            taille += len(bloc)
            sortie.write(bloc)
        sortie.flush()
        os.fsync(sortie.fileno())
    partiel.chmod(0o440)
    os.replace(partiel, destination)
    return destination, empreinte.hexdigest(), taille


@transaction.atomic
def retenir_territoires(*, livraison: Livraison, territoires: Sequence[str], auteur=None) -> None:
    """Choose which territories of its files this source is about, for this file and the next ones.

    Raises:
        PublicationRefusee: the delivery is closed, or a name is not in the file.
    """
    if etat_de(livraison) != Etat.CONTROLEE:
        raise fermee(livraison)
    if not territoires:
        raise PublicationRefusee(
            "Aucun territoire n’est coché.",
            "Sans choix, tout le fichier serait retenu, au-delà du conseil.",
            "Cochez au moins un territoire.",
        )
    connus = set(livraison.lecture.get("territoires_du_fichier", ()))
    if inconnus := sorted(set(territoires) - connus):
        raise PublicationRefusee(
            f"{enumeration(inconnus)}\u202f: ce territoire n’est pas dans le fichier.",
            "Seuls les territoires que le partenaire nomme peuvent être retenus.",
            "Choisissez dans la liste proposée.",
        )
    livraison.source.territoires = sorted(territoires)
    livraison.source.save(update_fields=["territoires"])


@transaction.atomic
def rejeter(*, livraison: Livraison, auteur=None, raison: str) -> None:
    """Close a delivery without publishing it; the file as received is kept.

    Raises:
        PublicationRefusee: no reason given, or already published, replaced or rejected.
    """
    if not raison.strip():
        raise PublicationRefusee(
            "Le rejet n’est pas enregistré.",
            "La raison manque\u202f: le partenaire et vos successeurs en auront besoin.",
            "Écrivez en une phrase pourquoi ce fichier est rejeté.",
        )
    if etat_de(livraison) not in etats.OUVERTES:
        raise fermee(livraison)
    inscrire(livraison, Etat.REJETEE, auteur=auteur, raison=raison.strip())
    douteuses.oublier_les_textes(livraison=livraison)


@transaction.atomic
def a_relire(*, livraison: Livraison, auteur=None) -> None:
    """The file waits to be read again in the background: nothing of the former reading can be published."""
    inscrire(livraison, Etat.LUE, auteur=auteur, details={"a_relire": True})


def importer(
    *, source: Source, fichier: Path, nom: str | None = None, auteur=None, publier: bool = False
) -> Livraison:
    """Deposit and read; publish at once when asked."""
    livraison = lire(livraison=deposer(source=source, fichier=fichier, nom=nom, auteur=auteur), auteur=auteur)
    if publier:
        publier_ensemble(livraisons=[livraison], auteur=auteur)
    return livraison


__all__ = [
    "DECRITS",
    "DepotRefuse",
    "PublicationRefusee",
    "a_relire",
    "creer_source",
    "deposer",
    "importer",
    "lire",
    "publier",
    "publier_ensemble",
    "reglages",
    "regler_source",
    "rejeter",
    "retenir_territoires",
]
