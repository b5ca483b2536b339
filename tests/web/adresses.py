"""The addresses of Pupitre, read from the URLconf itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver, reverse

from pupitre.acces.droits import Droit


@dataclass(frozen=True, slots=True)
class Adresse:
    """`acces`: "ouverte", "connectee", a right, "lien:<acte>", "jeton", "secret", or None: the view does not say."""

    nom: str
    parametres: tuple[str, ...]
    acces: str | Droit | None

    @property
    def du_conseil(self) -> bool:
        return "conseil" in self.parametres

    @property
    def par_lien(self) -> bool:
        return isinstance(self.acces, str) and self.acces.startswith("lien:")

    @property
    def par_jeton(self) -> bool:
        """A call of the API: an account opens nothing there."""
        return self.acces == "jeton"

    @property
    def par_secret(self) -> bool:
        """The address is the secret: an account opens nothing there either."""
        return self.acces == "secret"

    def chemin(self, valeurs: dict[str, Any]) -> str:
        return reverse(self.nom, kwargs={p: valeurs[p] for p in self.parametres})

    def __str__(self) -> str:
        return self.nom


def toutes() -> list[Adresse]:
    return list(_parcourir(get_resolver().url_patterns, ()))


def _parcourir(motifs, herites: tuple[str, ...]) -> Iterator[Adresse]:
    for motif in motifs:
        parametres = herites + tuple(motif.pattern.converters)
        if isinstance(motif, URLPattern):
            yield Adresse(
                motif.name or str(motif.pattern), parametres, getattr(motif.callback, "acces", None)
            )
        else:
            yield from _parcourir(motif.url_patterns, parametres)


def vider(reponse) -> None:
    """Read a streamed answer to its end, as a browser does: closing it by hand would close the database too."""
    if reponse.streaming:
        for _ in reponse.streaming_content:
            pass
