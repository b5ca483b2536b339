"""Where the files of a store are: a folder, or an address that several machines see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from pupitre.moteur.entrepot import durable


class Support(Protocol):
    """Files named relatively to a root, POSIX, written whole or not at all and never edited."""

    @property
    def racine(self) -> Path | str:
        """Root: a folder, or an address with its scheme."""

    def adresse(self, chemin: str) -> str:
        """What an engine opens."""

    def ecrire(self, dossier: str, radical: str, ecriture: Callable[[Path], object]) -> tuple[str, str, int]:
        """Keep what `ecriture` writes to a local file as `dossier/radical-<hash>.parquet`.

        Returns (path, sha256, bytes). Once it returns, the file stays through a power cut.
        """

    def poser(self, chemin: str, contenu: bytes) -> None:
        """Write `chemin` whole, in the place of what was there."""

    def lire(self, chemin: str) -> bytes:
        """Raises OSError when it is missing or cannot be read."""

    def octets(self, chemin: str) -> int | None:
        """Size, None when it is missing."""

    def empreinte(self, chemin: str) -> str:
        """sha256 of the content, in hexadecimal."""

    def lister(self, famille: str) -> Iterator[str]:
        """Files below `famille`, sorted."""

    def modifie(self, chemin: str) -> float:
        """Time of the last writing, in seconds since 1970."""

    def supprimer(self, chemin: str) -> None:
        """Nothing happens when it is missing."""

    def systeme(self) -> Any:
        """The fsspec file system that DuckDB needs to read here; None for a folder."""


class Dossier:
    """A folder of this machine, or one that it shares with others (NFS…)."""

    def __init__(self, racine: Path) -> None:
        self.racine = racine.resolve()
        self._prefixe = f"{self.racine}/"

    def adresse(self, chemin: str) -> str:
        return self._prefixe + chemin

    def ecrire(self, dossier: str, radical: str, ecriture: Callable[[Path], object]) -> tuple[str, str, int]:
        chemin, somme = durable.ecrire(self.racine / dossier, radical, ecriture)
        return chemin.relative_to(self.racine).as_posix(), somme, chemin.stat().st_size

    def poser(self, chemin: str, contenu: bytes) -> None:
        cible = self.racine / chemin
        durable.poser(cible.parent, cible.name, contenu)

    def lire(self, chemin: str) -> bytes:
        return (self.racine / chemin).read_bytes()

    def octets(self, chemin: str) -> int | None:
        fichier = self.racine / chemin
        return fichier.stat().st_size if fichier.is_file() else None

    def empreinte(self, chemin: str) -> str:
        return durable.empreinte(self.racine / chemin)

    def lister(self, famille: str) -> Iterator[str]:
        for fichier in sorted((self.racine / famille).rglob("*")):
            if fichier.is_file():
                yield fichier.relative_to(self.racine).as_posix()

    def modifie(self, chemin: str) -> float:
        return (self.racine / chemin).stat().st_mtime

    def supprimer(self, chemin: str) -> None:
        (self.racine / chemin).unlink(missing_ok=True)

    def systeme(self) -> Any:
        return None


def ouvrir(racine: Path | str) -> Support:
    """The support at a folder, at `file://…`, or at an address of fsspec (`s3://…`, `memory://…`)."""
    schema, separateur, reste = str(racine).partition("://")
    if not separateur or isinstance(racine, Path):
        return Dossier(Path(racine))
    if schema == "file":
        return Dossier(Path(reste))
    from pupitre.moteur.entrepot.distant import Distant

    return Distant(racine)
