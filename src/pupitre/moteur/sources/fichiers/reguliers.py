"""Regular flat files, read by Arrow: all rows as wide, quotes only around whole cells of one line."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from pupitre.moteur.sources.fichiers import limites
from pupitre.moteur.sources.fichiers.colonnes_plates import Colonne, Revenants, Textes
from pupitre.moteur.sources.fichiers.debord import rendre
from pupitre.moteur.sources.fichiers.regularite import Guillemet, Irreguliere, Regulier

# Encodings that Arrow knows, by its names; its pieces, larger than any row.
ENCODAGES = {"utf-8": "utf8", "utf-8-sig": "utf8", "cp1252": "cp1252"}
BLOC = 4 * limites.MEBIOCTET
# How many of them are read at once.
BLOCS = min(pa.cpu_count(), 4)
TETE = limites.MEBIOCTET
# Below that part of distinct texts in enough first rows, texts are numbered while they are read.
PART_QUI_REVIENT, ASSEZ = 0.2, 2_000


@dataclass(frozen=True)
class _Forme:
    encodage: str
    separateur: str
    largeur: int
    guillemets: bool

    @property
    def noms(self) -> list[str]:
        return [f"c{i}" for i in range(self.largeur)]

    def lire(self, octets: Any, types: list[pa.DataType]) -> pa.Table:
        """Raises ArrowInvalid when rows are not all as wide."""
        import pyarrow.csv

        return pyarrow.csv.read_csv(
            pa.BufferReader(octets),
            pyarrow.csv.ReadOptions(
                column_names=self.noms,
                encoding=ENCODAGES[self.encodage],
                block_size=max(len(octets), 1),
                use_threads=False,
            ),
            pyarrow.csv.ParseOptions(
                delimiter=self.separateur,
                quote_char='"' if self.guillemets else False,
                double_quote=False,
                ignore_empty_lines=False,
            ),
            pyarrow.csv.ConvertOptions(
                column_types=dict(zip(self.noms, types, strict=True)),
                null_values=[""],
                strings_can_be_null=True,
                # Each column checks its own: a text that comes back, once.
                check_utf8=False,
            ),
        )


def lire_regulier(
    ouvrir: Callable[[], BinaryIO], encodage: str, separateur: str, dossier: Path | None = None
) -> tuple[pa.Array, ...] | None:
    """Columns as `Feuille.colonnes`; None when the file is not regular, or its encoding not one that Arrow knows.

    `dossier`: where long columns may be laid (see `debord`).
    """
    if encodage not in ENCODAGES:
        return None
    with ouvrir() as flux:
        premiere = flux.readline(TETE)
        tete = premiere + flux.read(TETE)
    if not premiere.endswith(b"\n"):
        return None
    largeur = premiere.count(separateur.encode()) + 1
    try:
        try:
            return _lire(ouvrir, _Forme(encodage, separateur, largeur, b'"' in tete), tete, dossier)
        except Guillemet:
            return _lire(ouvrir, _Forme(encodage, separateur, largeur, True), tete, dossier)
    except (pa.ArrowInvalid, Irreguliere):
        return None


def _lire(
    ouvrir: Callable[[], BinaryIO], forme: _Forme, tete: bytes, dossier: Path | None
) -> tuple[pa.Array, ...]:
    types = _types(forme, tete[: tete.rfind(b"\n") + 1])
    colonnes: list[Colonne] = [
        Revenants(dossier) if pa.types.is_dictionary(genre) else Textes(dossier) for genre in types
    ]
    restent = limites.CELLULES_MAX_TEXTE // forme.largeur
    with Regulier(ouvrir(), forme.separateur if forme.guillemets else "") as flux:
        for lue in _lues(flux, forme, types):
            restent -= lue.num_rows
            if restent < 0:
                raise Irreguliere
            colonnes = [colonne.ajouter(lus) for colonne, lus in zip(colonnes, lue.columns, strict=True)]
    if any(colonne.plus_long > csv.field_size_limit() for colonne in colonnes):
        raise Irreguliere
    finies = tuple(colonne.finir() for colonne in colonnes)
    rendre()
    return finies


def _lues(flux: Regulier, forme: _Forme, types: list[pa.DataType]) -> Iterator[pa.Table]:
    """Pieces in order, each read on one core while others are, and while those before are laid."""
    with ThreadPoolExecutor(BLOCS) as fils:
        taches: deque[Future[pa.Table]] = deque()
        while morceau := flux.read(BLOC):
            taches.append(fils.submit(forme.lire, morceau, types))
            if len(taches) > BLOCS:
                yield taches.popleft().result()
        while taches:
            yield taches.popleft().result()


def _types(forme: _Forme, tete: bytes) -> list[pa.DataType]:
    """A column whose texts come back never holds them all; another would only be hashed twice."""
    textes = [pa.string()] * forme.largeur
    if tete.count(b"\n") < ASSEZ:
        return textes
    vues = forme.lire(tete, textes)
    return [
        pa.dictionary(pa.int32(), genre) if len(c.unique()) < PART_QUI_REVIENT * len(c) else genre
        for c, genre in zip(vues.columns, textes, strict=True)
    ]


def distincts(colonne: pa.Array) -> pa.Array:
    """The texts of a column, each once where it is a dictionary."""
    return colonne.dictionary if pa.types.is_dictionary(colonne.type) else colonne
