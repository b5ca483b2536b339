"""A store at an address of fsspec: an object store that every host and every executor sees."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from pupitre.moteur.entrepot import durable


class Distant:
    """Files are written aside on this machine, then sent whole: an object appears at once or not at all.

    Args:
        adresse: scheme and root (`s3://bucket/pupitre`); keys and endpoints are fsspec's own configuration.
    """

    def __init__(self, adresse: str) -> None:
        self.racine = adresse.rstrip("/")

    @cached_property
    def _fs(self) -> Any:
        import fsspec

        # Nothing listed is kept: other hosts write here too.
        return fsspec.filesystem(self.racine.partition("://")[0], use_listings_cache=False)

    @cached_property
    def _base(self) -> str:
        return str(self._fs._strip_protocol(self.racine)).rstrip("/")

    def adresse(self, chemin: str) -> str:
        return f"{self.racine}/{chemin}"

    def ecrire(self, dossier: str, radical: str, ecriture: Callable[[Path], object]) -> tuple[str, str, int]:
        with tempfile.TemporaryDirectory(prefix="pupitre-") as temporaire:
            local = Path(temporaire, "fichier.parquet")
            ecriture(local)
            somme, octets = durable.empreinte(local), local.stat().st_size
            chemin = f"{dossier}/{durable.nom_de(radical, somme)}"
            # The name holds the hash: what is already there is the same.
            if self.octets(chemin) != octets:
                self._parents(chemin)
                self._fs.put_file(str(local), self._chez_lui(chemin))
        return chemin, somme, octets

    def poser(self, chemin: str, contenu: bytes) -> None:
        self._parents(chemin)
        self._fs.pipe_file(self._chez_lui(chemin), contenu)

    def lire(self, chemin: str) -> bytes:
        lu: bytes = self._fs.cat_file(self._chez_lui(chemin))
        return lu

    def octets(self, chemin: str) -> int | None:
        try:
            return int(self._fs.info(self._chez_lui(chemin))["size"])
        except FileNotFoundError:
            return None

    def empreinte(self, chemin: str) -> str:
        import hashlib

        with self._fs.open(self._chez_lui(chemin), "rb") as f:
            return hashlib.file_digest(f, "sha256").hexdigest()

    def lister(self, famille: str) -> Iterator[str]:
        try:
            trouves = self._fs.find(self._chez_lui(famille))
        except FileNotFoundError:
            return
        for nom in sorted(trouves):
            yield str(nom).removeprefix(f"{self._base}/")

    def modifie(self, chemin: str) -> float:
        lu: datetime = self._fs.modified(self._chez_lui(chemin))
        return (lu if lu.tzinfo else lu.replace(tzinfo=UTC)).timestamp()

    def supprimer(self, chemin: str) -> None:
        try:
            self._fs.rm_file(self._chez_lui(chemin))
        except FileNotFoundError:
            return

    def systeme(self) -> Any:
        return self._fs

    def _chez_lui(self, chemin: str) -> str:
        return f"{self._base}/{chemin}"

    def _parents(self, chemin: str) -> None:
        self._fs.makedirs(self._chez_lui(chemin).rpartition("/")[0], exist_ok=True)
