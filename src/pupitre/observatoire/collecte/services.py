"""Writes: sources, and the life of a delivery from the file received to the figures visible."""

from __future__ import annotations

import hashlib
import json
import os
import re
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction

from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.observations import Anomalie, Gravite, Releve
from pupitre.observatoire import etats
from pupitre.observatoire.chiffres import catalogue
from pupitre.observatoire.collecte import adresses, controles, douteuses, localisation
from pupitre.observatoire.collecte.couverture import Couverture
from pupitre.observatoire.etats import Etat
from pupitre.observatoire.models import (
    AnomalieLivraison,
    EvenementLivraison,
    Frequence,
    Livraison,
    Source,
)
from pupitre.observatoire.selectors import etat_de, recouvrements
from pupitre.socle.texte import date_longue, enumeration, nombre

_BLOC = 1 << 20
DECRITS = frozenset({"comptages", "faits"})
DESCRIPTION_PROPOSEE = Anomalie(
    "description_proposee",
    Gravite.AVERTISSEMENT,
    "Le rôle des colonnes a été deviné sur ce premier fichier. Vérifiez ce qui a été compris avant de publier\u202f; "
    "«\u202fCorriger la lecture des colonnes\u202f» le change pour ce fichier et les prochains.",
)


class DepotRefuse(ErreurPupitre):
    """The file is not taken as a new delivery: already received, or nothing in it."""


class PublicationRefusee(ErreurPupitre):
    """The delivery cannot be published as it is."""


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
) -> Source:
    source = Source(
        conseil=conseil,
        organisation=organisation,
        code=code,
        nom=nom,
        format=format,
        description=description or {},
        territoires=list(territoires),
        frequence=frequence,
        producteur=producteur,
        millesime=millesime,
        ruptures=list(ruptures),
        fictive=fictive,
    )
    source.full_clean()
    source.save()
    organisation.conseils.add(conseil)
    return source


@transaction.atomic
def regler_source(*, source: Source, **champs) -> Source:
    """Change the settings of a source; deliveries already published keep the figures they gave."""
    for nom, valeur in champs.items():
        setattr(source, nom, valeur)
    source.full_clean()
    source.save()
    return source


def deposer(*, source: Source, fichier: Path, nom: str | None = None, auteur=None) -> Livraison:
    """Keep a file as received and open its delivery.

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
        raise DepotRefuse(
            f"Ce fichier a déjà été reçu le {date_longue(deja.recue_le)}, sous le nom «\u202f{deja.nom}\u202f».",
            "Son contenu est identique à l’octet près\u202f: le publier deux fois compterait deux fois les faits.",
            "Ouvrez la livraison existante, ou déposez le fichier corrigé.",
        )
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
        _evenement(livraison, Etat.RECUE, auteur=auteur)
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


def reglages(source: Source) -> str:
    """Digest of what decides how the files of a source are read."""
    reglages_ = [source.format, source.description, source.territoires, *adresses.reglages(source)]
    brut = json.dumps(reglages_, sort_keys=True)
    return hashlib.sha256(brut.encode()).hexdigest()[:16]


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


def _evenement(livraison: Livraison, etat: Etat, *, auteur=None, raison: str = "", details=None) -> None:
    Livraison.objects.select_for_update(of=("self",)).get(pk=livraison.pk)
    etats.verifier(etat_de(livraison), etat)
    EvenementLivraison.objects.create(
        livraison=livraison, etat=etat, auteur=auteur, raison=raison, details=details or {}
    )


def lire(*, livraison: Livraison, auteur=None) -> Livraison:
    """Read and check a delivery; what cannot be read at all is rejected with its reason.

    Reading again is allowed until publication: after a change of the territories kept or of the columns.
    """
    from pupitre.moteur import sources

    source = livraison.source
    proposee = False
    try:
        if source.format in DECRITS and not source.description:
            source.description = sources.proposer_description(livraison.fichier, nom=livraison.nom).to_dict()
            proposee = True
        description = sources.Description.from_dict(source.description) if source.description else None
        releve = sources.lire(
            livraison.fichier, format=source.format or None, description=description, nom=livraison.nom
        )
    except ErreurPupitre as erreur:
        with transaction.atomic():
            _evenement(livraison, Etat.REJETEE, auteur=auteur, raison=str(erreur), details=erreur.as_dict())
        return livraison
    table, ecartees = controles.retenir(releve, source)
    situees = localisation.rattacher(table, source)
    table = situees.table
    communes = {c.code: c.nom for c in source.conseil.communes_as_of()}
    anomalies = [
        *releve.anomalies,
        *situees.anomalies,
        *controles.controler(table, ecartees, source, communes),
    ]
    lecture = _resume(releve, table, ecartees) | {"reglages": reglages(source)}
    if situees.bilan is not None:
        lecture["adresses"] = situees.bilan.to_dict()
    if table.num_rows and not controles.a_choisir(table, source):
        scelle = catalogue.entrepot().sceller(table, source.conseil.slug, source.code, livraison.cle)
        lecture["scelle"] = scelle.to_dict()
    if proposee:
        anomalies.append(DESCRIPTION_PROPOSEE)
    with transaction.atomic():
        if proposee:
            source.save(update_fields=["description"])
        livraison.lecture = lecture
        livraison.save(update_fields=["lecture"])
        douteuses.garder(livraison=livraison, doutes=situees.doutes)
        livraison.anomalies.all().delete()
        AnomalieLivraison.objects.bulk_create([_anomalie(livraison, a) for a in anomalies])
        _evenement(livraison, Etat.LUE, auteur=auteur)
        _evenement(
            livraison,
            Etat.CONTROLEE,
            auteur=auteur,
            details={g: sum(a.gravite == g for a in anomalies) for g in Gravite},
        )
    return livraison


def _resume(releve: Releve, table, ecartees: int) -> dict:
    import pyarrow.compute as pc

    couverture = Couverture.de_table(table)
    lus = releve.observations
    return {
        "format": releve.format,
        "observations": lus.num_rows,
        "retenues": table.num_rows,
        "ecartees": ecartees,
        "vides": releve.vides,
        "producteur": releve.producteur,
        "millesime": releve.millesime,
        "feuilles": list(releve.feuilles),
        "extrait": [list(ligne) for ligne in releve.extrait[:12]],
        "natures": sorted(v for v in pc.unique(table["nature"]).to_pylist() if v),
        "unites": sorted(v for v in pc.unique(table["unite"]).to_pylist() if v),
        "territoires_du_fichier": sorted(v for v in pc.unique(lus["territoire"]).to_pylist() if v),
        "territoires": sorted(v for v in pc.unique(table["territoire"]).to_pylist() if v),
        "communes": sorted(v for v in pc.unique(table["commune"]).to_pylist() if v),
        "secteurs": sorted(v for v in pc.unique(table["secteur"]).to_pylist() if v),
        "total": pc.sum(table["n"]).as_py(),
        "couverture": couverture.en_json(),
        "granularites": sorted(couverture.periodes()),
    }


def _anomalie(livraison: Livraison, anomalie: Anomalie) -> AnomalieLivraison:
    return AnomalieLivraison(
        livraison=livraison,
        code=anomalie.code,
        gravite=anomalie.gravite,
        message=anomalie.message,
        feuille=anomalie.lieu.feuille or "",
        ligne=anomalie.lieu.ligne,
        colonne=anomalie.lieu.colonne or "",
    )


@transaction.atomic
def retenir_territoires(*, livraison: Livraison, territoires: Sequence[str], auteur=None) -> None:
    """Choose which territories of its files this source is about, for this file and the next ones.

    Raises:
        PublicationRefusee: the delivery is closed, or a name is not in the file.
    """
    if etat_de(livraison) != Etat.CONTROLEE:
        raise _fermee(livraison)
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


def publier(*, livraison: Livraison, auteur=None) -> Livraison:
    """Make a checked delivery visible, in the place of those it covers entirely.

    Raises:
        PublicationRefusee: blocking anomalies, nothing kept, closed, or partial overlap.
    """
    publier_ensemble(livraisons=[livraison], auteur=auteur)
    return livraison


def publier_ensemble(*, livraisons: Iterable[Livraison], auteur=None) -> None:
    """Publish several deliveries of one council as one new visible state (one compaction).

    Later deliveries of the list replace earlier ones that they cover.
    """
    livraisons = list(livraisons)
    if not livraisons:
        return
    conseil = livraisons[0].source.conseil
    if any(li.source.conseil_id != conseil.pk for li in livraisons):
        raise ValueError("une publication porte sur un conseil")
    for _ in range(5):
        try:
            _publier(conseil, livraisons, auteur)
        except catalogue.PublicationConcurrente:
            continue
        return
    raise PublicationRefusee(
        "La publication n’a pas abouti.",
        "D’autres publications du même conseil se sont succédé pendant ce temps.",
        "Attendez une minute et publiez à nouveau\u202f: rien n’a été perdu.",
    )


def _publier(conseil, livraisons: list[Livraison], auteur) -> None:
    visibles = {
        li.pk: li
        for li in Livraison.objects.publiees().filter(source__conseil=conseil).select_related("source")
    }
    remplacees: dict[Livraison, Livraison] = {}
    for livraison in livraisons:
        _publiable(livraison)
        for ancienne in recouvrements(livraison, list(visibles.values())):
            remplacees[ancienne] = livraison
            del visibles[ancienne.pk]
        visibles[livraison.pk] = livraison
    vue, manifeste = catalogue.compacter(conseil, visibles.values())
    with transaction.atomic():
        version = catalogue.rendre_visible(conseil, vue, manifeste, visibles.values())
        for livraison in livraisons:
            _inchangee(livraison)
            _evenement(livraison, Etat.PUBLIEE, auteur=auteur, details={"version": version})
            douteuses.oublier_les_textes(livraison=livraison)
        for ancienne, par in remplacees.items():
            _evenement(
                ancienne, Etat.REMPLACEE, auteur=auteur, raison=f"Remplacée par «\u202f{par.nom}\u202f»."
            )
            ancienne.remplacee_par = par
            ancienne.save(update_fields=["remplacee_par"])


def _inchangee(livraison: Livraison) -> None:
    lecture = Livraison.objects.values_list("lecture", flat=True).get(pk=livraison.pk)
    if lecture.get("scelle") != livraison.lecture.get("scelle"):
        livraison.lecture = lecture
        raise catalogue.PublicationConcurrente


def _publiable(livraison: Livraison) -> None:
    if etat_de(livraison) != Etat.CONTROLEE:
        raise _fermee(livraison)
    bloquantes = livraison.anomalies.filter(gravite=Gravite.BLOQUANTE)
    if n := bloquantes.count():
        raise PublicationRefusee(
            f"«\u202f{livraison.nom}\u202f» n’est pas publiable en l’état.",
            f"{nombre(n)} anomalie(s) empêchent de s’y fier, dont celle-ci\u202f: {bloquantes[0].message}",
            "Corrigez le fichier avec le partenaire et déposez-le à nouveau, ou rejetez cette livraison.",
        )


def _fermee(livraison: Livraison) -> PublicationRefusee:
    etat = Etat(etat_de(livraison))
    return PublicationRefusee(
        f"«\u202f{livraison.nom}\u202f» est {etat.label}.",
        "Une livraison n’est publiée ou réglée qu’une fois contrôlée, et ne change plus ensuite.",
        "Déposez le fichier à nouveau si le partenaire en a envoyé un autre.",
    )


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
        raise _fermee(livraison)
    _evenement(livraison, Etat.REJETEE, auteur=auteur, raison=raison.strip())
    douteuses.oublier_les_textes(livraison=livraison)


def importer(
    *, source: Source, fichier: Path, nom: str | None = None, auteur=None, publier: bool = False
) -> Livraison:
    """Deposit and read; publish at once when asked."""
    livraison = lire(livraison=deposer(source=source, fichier=fichier, nom=nom, auteur=auteur), auteur=auteur)
    if publier:
        publier_ensemble(livraisons=[livraison], auteur=auteur)
    return livraison


__all__ = [
    "DepotRefuse",
    "PublicationRefusee",
    "creer_source",
    "deposer",
    "importer",
    "lire",
    "publier",
    "publier_ensemble",
    "regler_source",
    "rejeter",
    "retenir_territoires",
]
