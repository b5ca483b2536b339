"""Extracts of the BAN that a council holds, and the index that addresses are sought in."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from pupitre.moteur.entrepot import durable
from pupitre.moteur.erreurs import ErreurPupitre
from pupitre.moteur.sources import Role
from pupitre.observatoire.models import ExtraitBan, Source
from pupitre.socle import horloge
from pupitre.territoires.models import Commune, Conseil

if TYPE_CHECKING:
    import pyarrow as pa

    from pupitre.moteur.adresses import Index

DOSSIER = "adresses"
Nature = ExtraitBan.Nature


@dataclass(frozen=True, slots=True)
class Import:
    """What an import kept: one extract a commune, and what the file held besides."""

    extraits: tuple[ExtraitBan, ...]
    absentes: tuple[Commune, ...]
    ailleurs: int
    sans_point: int


def importer(
    *,
    conseil: Conseil,
    fichier: Path,
    nom: str,
    nature: str = Nature.ADRESSES,
    a_jour_au: date | None = None,
    auteur=None,
) -> Import:
    """Keep, of a file of the BAN or of a list of places, what is about the communes of the council.

    Raises:
        ErreurPupitre: the file is not one, holds none of the communes, or its date is to come.
    """
    from pupitre.moteur.adresses import lire_ban, lire_lieux

    jour = a_jour_au or horloge.aujourdhui()
    if jour > horloge.aujourdhui():
        raise ErreurPupitre(
            "La date du fichier est dans l’avenir.",
            "C’est celle à laquelle les adresses étaient à jour.",
            "Donnez le jour du téléchargement si vous n’en savez pas plus.",
        )
    communes = {c.code: c for c in conseil.communes_as_of()}
    lu = (lire_lieux if nature == Nature.LIEUX else lire_ban)(Path(fichier), sorted(communes))
    sha256 = durable.empreinte(Path(fichier))
    presentes = sorted(set(lu.table["commune"].to_pylist()))
    with transaction.atomic():
        extraits = tuple(
            _garder(
                conseil, communes[code], nature, lu.table, nom=nom, sha256=sha256, jour=jour, auteur=auteur
            )
            for code in presentes
        )
    absentes = tuple(c for code, c in communes.items() if code not in presentes)
    return Import(extraits, absentes, lu.ailleurs, lu.sans_point)


def _garder(
    conseil: Conseil,
    commune: Commune,
    nature: str,
    table: pa.Table,
    *,
    nom: str,
    sha256: str,
    jour: date,
    auteur,
) -> ExtraitBan:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    sienne = table.filter(pc.equal(table["commune"], commune.code))
    identifiant = uuid.uuid4()
    dossier = settings.CONFIGURATION.donnees / DOSSIER / conseil.slug
    chemin, _ = durable.ecrire(dossier, identifiant.hex, lambda partiel: pq.write_table(sienne, partiel))
    return ExtraitBan.objects.create(
        id=identifiant,
        conseil=conseil,
        commune=commune,
        nature=nature,
        nom_fichier=nom[-255:],
        sha256=sha256,
        a_jour_au=jour,
        lignes=sienne.num_rows,
        noms=len(pc.unique(sienne["nom" if nature == Nature.LIEUX else "voie"])),
        chemin=str(chemin.relative_to(settings.CONFIGURATION.donnees)),
        importe_par=auteur,
    )


def extraits_courants(conseil: Conseil) -> list[ExtraitBan]:
    """The latest extract of each kind, for each commune that is a member today."""
    membres = {c.code for c in conseil.communes_as_of()}
    courants: dict[tuple[str, str], ExtraitBan] = {}
    for extrait in conseil.extraits_ban.select_related("commune", "importe_par"):
        if extrait.commune_id in membres:
            courants.setdefault((extrait.commune_id, extrait.nature), extrait)
    return sorted(courants.values(), key=lambda e: (e.commune.nom, e.nature))


def etat_des_communes(conseil: Conseil) -> list[tuple[Commune, ExtraitBan | None, ExtraitBan | None]]:
    """Each commune with its addresses and its places, or None where nothing was imported."""
    courants = {(e.commune_id, e.nature): e for e in extraits_courants(conseil)}
    return [
        (c, courants.get((c.code, Nature.ADRESSES)), courants.get((c.code, Nature.LIEUX)))
        for c in conseil.communes_as_of()
    ]


def index_du_conseil(conseil: Conseil) -> Index | None:
    """The index of the council's latest extracts, built once a process; None when there is none.

    Building takes a few hundredths of a second a commune: it is not kept on disk.
    """
    courants = extraits_courants(conseil)
    if not courants:
        return None
    return _index(tuple((str(e.fichier), e.nature == Nature.LIEUX) for e in courants))


def reglages(source: Source) -> list[str]:
    """What decides where the addresses of a source are found; empty when its files have none.

    The same file, published before the addresses could be found, may then be received again.
    """
    if Role.ADRESSE not in source.description.get("roles", {}).values():
        return []
    reglees = source.adresses_reglees.order_by("pk").values_list("pk", "regle_le")
    return [str(e.pk) for e in extraits_courants(source.conseil)] + [f"{pk} {le}" for pk, le in reglees]


@lru_cache(maxsize=4)
def _index(fichiers: Sequence[tuple[str, bool]]) -> Index:
    import pyarrow.parquet as pq

    from pupitre.moteur.adresses import SCHEMA_BAN, SCHEMA_LIEUX, Index

    return Index(
        [pq.read_table(chemin, schema=SCHEMA_BAN) for chemin, lieux in fichiers if not lieux],
        [pq.read_table(chemin, schema=SCHEMA_LIEUX) for chemin, lieux in fichiers if lieux],
    )
