"""Regular flat files, read by Arrow: all rows as wide, quotes only around whole cells of one line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from pupitre.moteur.sources import limites
from pupitre.moteur.sources.feuille import reduire
from pupitre.moteur.sources.regularite import Guillemet, Irreguliere, Regulier

# Encodings that Arrow knows, by its names; its pieces, larger than any row.
ENCODAGES = {"utf-8": "utf8", "utf-8-sig": "utf8", "cp1252": "cp1252"}
BLOC = limites.MEBIOCTET
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

    def lire(self, flux: Any, types: list[pa.DataType]) -> pa.Table:
        """Raises ArrowInvalid when rows are not all as wide."""
        import pyarrow.csv

        return pyarrow.csv.read_csv(
            flux,
            pyarrow.csv.ReadOptions(
                column_names=self.noms, encoding=ENCODAGES[self.encodage], block_size=BLOC
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
            ),
        )


def lire_regulier(
    ouvrir: Callable[[], BinaryIO], encodage: str, separateur: str
) -> tuple[pa.Array, ...] | None:
    """Columns as `Feuille.colonnes`; None when the file is not regular, or its encoding not one that Arrow knows."""
    if encodage not in ENCODAGES:
        return None
    with ouvrir() as flux:
        premiere = flux.readline(BLOC)
        tete = premiere + flux.read(BLOC)
    if not premiere.endswith(b"\n"):
        return None
    largeur = premiere.count(separateur.encode()) + 1
    try:
        try:
            lues = _lire(ouvrir, _Forme(encodage, separateur, largeur, b'"' in tete), tete)
        except Guillemet:
            lues = _lire(ouvrir, _Forme(encodage, separateur, largeur, True), tete)
    except (pa.ArrowInvalid, Irreguliere):
        return None
    colonnes = reduire(lues)
    if any((pc.max(pc.binary_length(distincts(c))).as_py() or 0) > csv.field_size_limit() for c in colonnes):
        return None
    return colonnes


def _lire(ouvrir: Callable[[], BinaryIO], forme: _Forme, tete: bytes) -> list[pa.ChunkedArray]:
    lignes = limites.CELLULES_MAX_TEXTE // forme.largeur
    with Regulier(ouvrir(), lignes, forme.separateur if forme.guillemets else "") as flux:
        lue = forme.lire(flux, _types(forme, tete[: tete.rfind(b"\n") + 1]))
    colonnes: list[pa.ChunkedArray] = lue.columns
    return colonnes


def _types(forme: _Forme, tete: bytes) -> list[pa.DataType]:
    """A column whose texts come back never holds them all; another would only be hashed twice."""
    textes = [pa.string()] * forme.largeur
    if tete.count(b"\n") < ASSEZ:
        return textes
    vues = forme.lire(io.BytesIO(tete), textes)
    return [
        pa.dictionary(pa.int32(), genre) if len(c.unique()) < PART_QUI_REVIENT * len(c) else genre
        for c, genre in zip(vues.columns, textes, strict=True)
    ]


def distincts(colonne: pa.Array) -> pa.Array:
    """The texts of a column, each once where it is a dictionary."""
    return colonne.dictionary if pa.types.is_dictionary(colonne.type) else colonne
