"""Themes by which a territory is read: dated, over natures of every nomenclature. They put side by side, never add.

Ours (data file `thematiques.yaml`); a nature that no theme names goes to `AUTRES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pupitre.moteur.nomenclatures.fiche import Nature, lire_yaml

_PLAGE = re.compile(r"(\w+):(\d+)-(\d+)\Z")


@dataclass(frozen=True, slots=True)
class Thematique:
    """`natures`: codes, those under a heading included. Their units differ: a theme has no total."""

    code: str
    libelle: str
    definition: str
    natures: frozenset[str]


AUTRES = Thematique("autres", "Autres faits", "Ce que les autres thèmes ne nomment pas.", frozenset())


def thematiques(jour: date) -> tuple[Thematique, ...]:
    """Themes in force on that day, in reading order, `AUTRES` last.

    Raises ValueError before the first version.
    """
    depuis = [v["depuis"] for v in lire_yaml("thematiques.yaml")["versions"] if v["depuis"] <= jour]
    if not depuis:
        raise ValueError(f"no themes on {jour}")
    return _version(max(depuis))


def thematique_de(nature: str, jour: date) -> Thematique:
    """The theme of a nature on that day; `AUTRES` when none names it."""
    return _par_nature(thematiques(jour)).get(nature, AUTRES)


@lru_cache
def _par_nature(themes: tuple[Thematique, ...]) -> dict[str, Thematique]:
    return {n: t for t in themes for n in t.natures}


@lru_cache
def _version(depuis: date) -> tuple[Thematique, ...]:
    from pupitre.moteur.nomenclatures import natures

    connues = {n.code: n for n in natures()}
    brut = next(v for v in lire_yaml("thematiques.yaml")["versions"] if v["depuis"] == depuis)
    themes = tuple(
        Thematique(code, t["libelle"], t["definition"], frozenset(_developper(t["natures"], connues)))
        for code, t in brut["thematiques"].items()
    )
    vues: dict[str, str] = {}
    for theme in themes:
        for nature in theme.natures:
            if nature in vues:
                raise ValueError(f"{nature} has two themes: {vues[nature]} and {theme.code}")
            vues[nature] = theme.code
    return (*themes, AUTRES)


def _developper(ecrits: Iterable[str], connues: dict[str, Nature]) -> Iterator[str]:
    for ecrit in ecrits:
        plage = _PLAGE.match(ecrit)
        if plage:
            for n in range(int(plage[2]), int(plage[3]) + 1):
                yield f"{plage[1]}:{n}"
        elif ecrit.endswith(".*"):
            tete = ecrit.removesuffix(".*")
            if tete not in connues:
                raise ValueError(f"no such nature: {tete}")
            yield from (c for c in connues if _sous(c, tete, connues))
        elif ecrit in connues:
            yield ecrit
        else:
            raise ValueError(f"no such nature: {ecrit}")


def _sous(code: str, tete: str, connues: dict[str, Nature]) -> bool:
    while code:
        if code == tete:
            return True
        code = connues[code].parent if code in connues else ""
    return False
