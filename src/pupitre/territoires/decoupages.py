"""Divisions of a council's territory: a file received, examined, then confirmed, each from its own day."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from pupitre.moteur.erreurs import ErreurPupitre, FichierRefuse
from pupitre.socle.texte import date_longue
from pupitre.territoires.models import Commune, Conseil, ContoursRecus, Decoupage, Secteur
from pupitre.territoires.reference import contours_des_communes

if TYPE_CHECKING:
    from pupitre.moteur.geographie.cartes import ContourDeCarte
    from pupitre.moteur.geographie.constats import Constat

Fichier = Path | bytes | IO[bytes]


class DecoupageRefuse(ErreurPupitre):
    """Outlines that cannot become the territory's division. `constats` lists what is to be corrected."""

    def __init__(self, quoi: str, pourquoi: str, que_faire: str, constats: Sequence[Constat] = ()) -> None:
        super().__init__(quoi, pourquoi, que_faire)
        self.constats = tuple(constats)


@dataclass(frozen=True, slots=True)
class SecteurPropose:
    """What one feature would become. `commune`: INSEE code, None when nothing tells."""

    rang: int
    code: str
    nom: str
    commune: str | None
    wkb: bytes
    corrige: bool
    population: int | None = None
    logements: int | None = None


@dataclass(frozen=True, slots=True)
class Examen:
    """The report shown before anything takes effect."""

    projection: str
    champs: tuple[str, ...]
    champ_code: str | None
    champ_nom: str | None
    secteurs: tuple[SecteurPropose, ...]
    constats: tuple[Constat, ...]
    a_corriger: tuple[int, ...]

    @property
    def bloque(self) -> bool:
        return any(c.gravite == "bloquante" for c in self.constats)


def examiner(
    contenu: bytes, conseil: Conseil, jour: date, champ_code: str | None = None, champ_nom: str | None = None
) -> Examen:
    """Read and check outlines for that council, as it will be on `jour`. Writes nothing.

    Raises:
        FichierRefuse: the file cannot be read, or a chosen property is absent.
    """
    import shapely

    from pupitre.moteur.geographie import champs
    from pupitre.moteur.geographie.constats import Constat
    from pupitre.moteur.geographie.controle import Piece, controler
    from pupitre.moteur.geographie.lecture import lire_geojson
    from pupitre.moteur.observations import Gravite

    lus = lire_geojson(contenu)
    constats = list(lus.constats)
    champ_nom = champ_nom or champs.deviner_nom(lus)
    champ_code = champ_code or champs.deviner_code(lus)
    noms = champs.valeurs(lus, champ_nom) if champ_nom else [""] * len(lus.entites)
    if champ_code:
        codes = champs.valeurs(lus, champ_code)
    else:
        codes = [str(e.rang) for e in lus.entites]
        message = (
            "Aucune propriété ne distingue les secteurs\u202f: leur rang dans le fichier leur sert de code."
        )
        constats.append(Constat("codes_inventes", Gravite.AVERTISSEMENT, message))
    pieces = [
        Piece(e.rang, code, (nom or code or f"entité n°\u202f{e.rang}")[:120], e.contour)
        for e, code, nom in zip(lus.entites, codes, noms, strict=True)
    ]
    noms_des_membres = {c.code: c.nom for c in conseil.communes_as_of(jour)}
    membres = list(noms_des_membres)
    fonds = {c: shapely.geometry.shape(g) for c, g in contours_des_communes(membres).items()}
    complets = bool(membres) and len(fonds) == len(membres)
    controle = controler(pieces, fonds if complets else None, noms_des_membres)
    constats += controle.constats
    if not complets:
        message = (
            "Les contours des communes ne sont pas tenus par cette installation\u202f: "
            "la couverture des communes n’a pas été contrôlée."
        )
        constats.append(Constat("communes_sans_contour", Gravite.INFORMATION, message))
    rattachees = _communes_annoncees(lus, membres) or controle.communes
    populations = champs.effectifs(lus, champs.POPULATIONS)
    logements = champs.effectifs(lus, champs.LOGEMENTS)
    return Examen(
        projection=lus.projection,
        champs=lus.champs,
        champ_code=champ_code,
        champ_nom=champ_nom,
        secteurs=tuple(
            SecteurPropose(
                p.rang,
                p.code,
                p.nom,
                membres[0] if len(membres) == 1 else commune,
                shapely.to_wkb(contour),
                p.rang in controle.corriges,
                population,
                n_logements,
            )
            for p, contour, commune, population, n_logements in zip(
                pieces, controle.contours, rattachees, populations, logements, strict=True
            )
        ),
        constats=tuple(constats),
        a_corriger=controle.corriges,
    )


def _communes_annoncees(lus, membres: list[str]) -> list[str] | None:
    from pupitre.moteur.geographie import champs

    champ = champs.deviner_commune(lus, set(membres))
    return [v.zfill(5) for v in champs.valeurs(lus, champ)] if champ else None


@transaction.atomic
def importer_decoupage(
    *,
    conseil: Conseil,
    fichier: Fichier,
    nom: str,
    debut: date,
    origine: str,
    champ_code: str | None = None,
    champ_nom: str | None = None,
    fictif: bool = False,
    corriger: bool = False,
) -> Decoupage:
    """A new division from `debut` on; the one in force until then ends the day before.

    Args:
        corriger: accept the proposed outline wherever the drawn one is not valid.
    Raises:
        FichierRefuse: the file cannot be read.
        DecoupageRefuse: something forbids the import, or a later division exists.
    """
    contenu = _octets(fichier)
    conseil = Conseil.objects.select_for_update(of=("self",)).get(pk=conseil.pk)
    examen = examiner(contenu, conseil, debut, champ_code, champ_nom)
    _refuser(conseil, debut, examen, corriger)
    sha256 = hashlib.sha256(contenu).hexdigest()
    ancien = conseil.decoupages.as_of(debut).first()
    if ancien is not None:
        ancien.fin = debut - timedelta(days=1)
        ancien.save(update_fields=["fin"])
    decoupage = Decoupage(
        conseil=conseil,
        nom=nom,
        debut=debut,
        origine=origine,
        projection=examen.projection,
        fichier=_garder(contenu, conseil, sha256),
        fichier_sha256=sha256,
        constats=[c.as_dict() for c in examen.constats],
        fictif=fictif,
    )
    decoupage.full_clean()
    decoupage.save()
    connues = set(
        Commune.objects.filter(code__in={s.commune for s in examen.secteurs if s.commune}).values_list(
            "code", flat=True
        )
    )
    Secteur.objects.bulk_create(
        [
            Secteur(
                decoupage=decoupage,
                code=s.code,
                nom=s.nom,
                commune_id=s.commune if s.commune in connues else None,
                contour=s.wkb,
                population=s.population,
                logements=s.logements,
            )
            for s in examen.secteurs
        ]
    )
    return decoupage


def _refuser(conseil: Conseil, debut: date, examen: Examen, corriger: bool) -> None:
    verifier_la_date(conseil, debut)
    bloquants = [c for c in examen.constats if c.gravite == "bloquante"]
    if bloquants:
        raise DecoupageRefuse(
            "Le découpage n’a pas été importé.",
            " ".join(c.message for c in bloquants[:5]),
            "Corrigez le fichier, puis déposez-le à nouveau.",
            bloquants,
        )
    if examen.a_corriger and not corriger:
        fautifs = [c for c in examen.constats if c.code == "contour_a_corriger"]
        raise DecoupageRefuse(
            "Le découpage n’a pas été importé.",
            " ".join(c.message for c in fautifs[:5]),
            "Acceptez les corrections proposées, ou corrigez le fichier puis déposez-le à nouveau.",
            fautifs,
        )


def verifier_la_date(conseil: Conseil, debut: date) -> None:
    """The past keeps its own division: a new one begins after all the others.

    Raises:
        DecoupageRefuse: one begins on that day or later.
    """
    dernier = conseil.decoupages.filter(debut__gte=debut).first()
    if dernier is not None:
        raise DecoupageRefuse(
            "La date du nouveau découpage ne convient pas.",
            f"«\u202f{dernier.nom}\u202f» est déjà en vigueur depuis le {date_longue(dernier.debut)}, "
            "et les dates passées gardent leur découpage.",
            "Choisissez une date plus tardive.",
        )


@transaction.atomic
def recevoir_contours(
    *,
    conseil: Conseil,
    fichier: Fichier,
    nom_fichier: str,
    nom: str,
    debut: date,
    origine: str,
    champ_code: str = "",
    champ_nom: str = "",
) -> ContoursRecus:
    """Keep a readable file aside until its report is confirmed. It replaces the one that was waiting.

    Raises:
        FichierRefuse, DecoupageRefuse: unreadable file, absent property, date that does not suit.
    """
    contenu = _octets(fichier)
    verifier_la_date(conseil, debut)
    examiner(contenu, conseil, debut, champ_code or None, champ_nom or None)
    sha256 = hashlib.sha256(contenu).hexdigest()
    conseil.contours_recus.all().delete()
    return ContoursRecus.objects.create(
        conseil=conseil,
        nom_fichier=nom_fichier[:200],
        fichier=_garder(contenu, conseil, sha256),
        sha256=sha256,
        nom=nom,
        debut=debut,
        origine=origine,
        champ_code=champ_code,
        champ_nom=champ_nom,
    )


def contenu_recu(recus: ContoursRecus) -> bytes:
    """The bytes as received.

    Raises:
        FichierRefuse: the file is gone from the data folder, or was altered.
    """
    contenu = b""
    if default_storage.exists(recus.fichier):
        with default_storage.open(recus.fichier) as ouvert:
            contenu = ouvert.read()
    if hashlib.sha256(contenu).hexdigest() != recus.sha256:
        raise FichierRefuse(
            f"Le fichier «\u202f{recus.nom_fichier}\u202f» n’est plus tel qu’il a été reçu.",
            "Il a été déplacé ou modifié dans le dossier des données.",
            "Déposez-le à nouveau.",
        )
    return contenu


def examiner_recus(recus: ContoursRecus) -> Examen:
    return examiner(
        contenu_recu(recus), recus.conseil, recus.debut, recus.champ_code or None, recus.champ_nom or None
    )


@transaction.atomic
def confirmer(*, recus: ContoursRecus, corriger: bool = False) -> Decoupage:
    """The report was read: the division takes effect from its day on."""
    decoupage = importer_decoupage(
        conseil=recus.conseil,
        fichier=contenu_recu(recus),
        nom=recus.nom,
        debut=recus.debut,
        origine=recus.origine,
        champ_code=recus.champ_code or None,
        champ_nom=recus.champ_nom or None,
        corriger=corriger,
    )
    recus.delete()
    return decoupage


@transaction.atomic
def abandonner(*, recus: ContoursRecus) -> None:
    recus.delete()


def _garder(contenu: bytes, conseil: Conseil, sha256: str) -> str:
    """Named by its own fingerprint: the same file twice is kept once, and nothing is overwritten."""
    chemin = f"contours/{conseil.pk}/{sha256}.geojson"
    if default_storage.exists(chemin):
        return chemin
    return default_storage.save(chemin, ContentFile(contenu))


def _octets(fichier: Fichier) -> bytes:
    from pupitre.moteur.geographie.lecture import TAILLE_MAXIMALE, trop_lourd

    if isinstance(fichier, bytes):
        return fichier
    taille = fichier.stat().st_size if isinstance(fichier, Path) else getattr(fichier, "size", 0)
    if taille and taille > TAILLE_MAXIMALE:
        raise trop_lourd(taille)
    return fichier.read_bytes() if isinstance(fichier, Path) else fichier.read()


def contours(decoupage: Decoupage) -> tuple[ContourDeCarte, ...]:
    """Simplified outlines in metres for maps, by code. A division never changes, so they are kept."""
    return _contours(decoupage.pk, decoupage.fichier_sha256, decoupage.cree_le)


@lru_cache(maxsize=32)
def _contours(pk: int, *_identite: object) -> tuple[ContourDeCarte, ...]:
    from pupitre.moteur.geographie.cartes import contours_de_carte

    codes, noms, formes = _lire_contours(pk)
    return contours_de_carte(codes, noms, formes)


def localiser_secteurs(decoupage: Decoupage, lon, lat):
    """Codes of secteurs by index, and for each point that index or -1 (see `moteur.geographie.localisation`)."""
    codes, trouver = localisateur(decoupage)
    return codes, trouver(lon, lat)


def localisateur(decoupage: Decoupage):
    """Codes of secteurs by index, and what finds that index of points: for those who have them by lots."""
    from pupitre.moteur.geographie.localisation import localiser

    codes, _, formes = _lire_contours(decoupage.pk)
    return codes, partial(localiser, contours=formes)


def contours_proposes(examen: Examen) -> tuple[ContourDeCarte, ...]:
    """The map of a report, before anything takes effect; in the order of the file."""
    import shapely

    from pupitre.moteur.geographie.cartes import contours_de_carte

    formes = shapely.from_wkb([s.wkb for s in examen.secteurs])
    gardes = [
        (s.code, s.nom, forme)
        for s, forme in zip(examen.secteurs, formes, strict=True)
        if not shapely.is_empty(forme)
    ]
    return contours_de_carte(*zip(*gardes, strict=True)) if gardes else ()


def _lire_contours(pk: int) -> tuple[list[str], list[str], list]:
    import shapely

    lignes = list(
        Secteur.objects.filter(decoupage_id=pk).order_by("code").values_list("code", "nom", "contour")
    )
    formes = shapely.from_wkb([bytes(contour) for _, _, contour in lignes])
    return [code for code, _, _ in lignes], [nom for _, nom, _ in lignes], list(formes)
