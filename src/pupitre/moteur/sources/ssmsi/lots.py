"""Rows of an SSMSI base by blocks, whatever the container: csv, csv.gz, Parquet or spreadsheet."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.erreurs import FichierRefuse
from pupitre.moteur.sources.fichiers import limites, refus
from pupitre.moteur.sources.fichiers.feuille import en_textes
from pupitre.moteur.sources.fichiers.ouverture import decoder, genre_de, ouvrir
from pupitre.moteur.sources.lecture.anomalies import Journal
from pupitre.moteur.sources.ssmsi.entetes import EnteteSsmsi, lire_entete

TETE = 65536


@dataclass(frozen=True)
class Source:
    """Header, blocks of string columns keyed as in `EnteteSsmsi`, file row of the first record, sample."""

    entete: EnteteSsmsi
    lots: Iterator[dict[str, pa.Array]]
    premiere_ligne: int
    extrait: tuple[tuple[str, ...], ...]


def entete_de(fichier: Path) -> EnteteSsmsi | None:
    """Header of the file when it is one of the SSMSI's bases, without reading its rows; None otherwise."""
    genre = genre_de(fichier)
    if genre == "parquet":
        return lire_entete(_parquet(fichier).schema_arrow.names)
    if genre == "classeur":
        feuille = ouvrir(fichier).feuille()
        return lire_entete([c or "" for c in feuille.rangee(0)])
    ligne, separateur, _ = _premiere_ligne(fichier, genre)
    return lire_entete(_couper(ligne, separateur))


def ouvrir_base(fichier: Path, journal: Journal) -> Source:
    """Opens a base. Raises FichierRefuse when it is not one, or when it is broken."""
    genre = genre_de(fichier)
    entete = entete_de(fichier)
    if entete is None:
        raise FichierRefuse(
            "Ce fichier n’est pas une base du SSMSI.",
            "Il y manque au moins une colonne parmi l’année, l’indicateur, le nombre et le code du territoire.",
            "Déposez le fichier tel que publié, sans renommer ses colonnes.",
        )
    if genre == "parquet":
        return _source_parquet(fichier, entete)
    if genre == "classeur":
        return _source_classeur(fichier, entete)
    return _source_csv(fichier, genre, entete, journal)


def _parquet(fichier: Path) -> Any:
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(fichier)
    except (pa.ArrowException, OSError) as erreur:
        raise refus.tronque() from erreur


def _en_texte(colonne: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(colonne.type):
        colonne = colonne.dictionary_decode()
    if pa.types.is_floating(colonne.type):
        # 12.0 must read as 12, and 12.5 must stay visible as a fault.
        entier = pc.equal(colonne, pc.floor(colonne))
        if pc.all(entier).as_py() in (True, None) and not pc.any(pc.greater(pc.abs(colonne), 1e15)).as_py():
            return colonne.cast(pa.int64()).cast(pa.string())
    return colonne.cast(pa.string())


def _source_parquet(fichier: Path, entete: EnteteSsmsi) -> Source:
    base = _parquet(fichier)
    noms = base.schema_arrow.names
    voulues = {nom: noms[rang] for nom, rang in entete.positions.items()}

    def lots() -> Iterator[dict[str, pa.Array]]:
        try:
            for lot in base.iter_batches(batch_size=200_000, columns=list(voulues.values())):
                yield {nom: _en_texte(lot.column(colonne)) for nom, colonne in voulues.items()}
        except (pa.ArrowException, OSError) as erreur:
            raise refus.tronque() from erreur

    return Source(entete, lots(), 1, (tuple(noms[: limites.EXTRAIT_COLONNES]),))


def _source_classeur(fichier: Path, entete: EnteteSsmsi) -> Source:
    feuille = ouvrir(fichier).feuille()
    lot = {nom: en_textes(feuille.colonnes[rang].slice(1)) for nom, rang in entete.positions.items()}
    return Source(entete, iter([lot]), 2, feuille.extrait())


def _tete(fichier: Path, genre: str) -> bytes:
    if genre != "gz":
        with fichier.open("rb") as flux:
            return flux.read(TETE)
    import gzip

    try:
        with gzip.open(fichier) as flux_gz:
            return flux_gz.read(TETE)
    except (OSError, EOFError, zlib.error) as erreur:
        raise refus.tronque() from erreur


def _premiere_ligne(fichier: Path, genre: str) -> tuple[str, str, str]:
    """Header line, its separator and the encoding."""
    tete = _tete(fichier, genre)
    # A block cut in the middle of a character is not a fault of the file.
    if tete.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        texte, encodage = tete[: len(tete) // 2 * 2].decode("utf-16", "ignore"), "utf-16"
    else:
        fin = tete.rfind(b"\n")
        texte, encodage = decoder(tete[: fin + 1] if fin >= 0 else tete)
    lignes = texte.splitlines()
    premiere = lignes[0] if lignes else ""
    return premiere, max((";", ",", "\t"), key=premiere.count), encodage


def _couper(ligne: str, separateur: str) -> list[str]:
    import csv

    try:
        return next(csv.reader([ligne], delimiter=separateur), [])
    except csv.Error:
        return []


def _source_csv(fichier: Path, genre: str, entete: EnteteSsmsi, journal: Journal) -> Source:
    import pyarrow.csv as pacsv

    ligne, separateur, encodage = _premiere_ligne(fichier, genre)
    noms = [f"c{i}" for i in range(len(_couper(ligne, separateur)))]
    voulues = {nom: noms[rang] for nom, rang in entete.positions.items()}

    def mal_coupee(rangee: Any) -> str:
        journal.bloquante(
            "ligne_mal_coupee",
            f"Cette ligne a {rangee.actual_columns} cellules au lieu de {rangee.expected_columns}.",
            ligne=rangee.number,
        )
        return "skip"

    def lots() -> Iterator[dict[str, pa.Array]]:
        flux = pa.input_stream(str(fichier), compression="gzip" if genre == "gz" else None)
        octets = 0
        try:
            lecteur = pacsv.open_csv(
                flux,
                read_options=pacsv.ReadOptions(
                    column_names=noms,
                    skip_rows=1,
                    encoding="utf8" if encodage.startswith("utf-8") else encodage,
                    use_threads=False,
                    block_size=8 * limites.MEBIOCTET,
                ),
                parse_options=pacsv.ParseOptions(delimiter=separateur, invalid_row_handler=mal_coupee),
                convert_options=pacsv.ConvertOptions(
                    column_types={c: pa.string() for c in noms},
                    include_columns=list(voulues.values()),
                    strings_can_be_null=True,
                    null_values=["", "NA", "NaN", "null"],
                ),
            )
            for lot in lecteur:
                octets += lot.nbytes
                refus.refuser_taille(octets, limites.TAILLE_MAX_GZ)
                yield {nom: lot.column(c) for nom, c in voulues.items()}
        except (pa.ArrowException, OSError, UnicodeError) as erreur:
            if "Empty CSV" in str(erreur):
                return
            raise refus.tronque() from erreur

    extrait = tuple(
        tuple(_couper(x, separateur)[: limites.EXTRAIT_COLONNES])
        for x in _tete(fichier, genre).decode("utf-8-sig", "replace").splitlines()[: limites.EXTRAIT_LIGNES]
    )
    return Source(entete, lots(), 2, extrait)
