"""What the catalogue keeps: sealed deliveries, and the list of files that a set of them compacts to."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import cached_property
from typing import Any

VERSION = 1
_IDENTIFIANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,99}")


def identifiant(valeur: str, quoi: str) -> str:
    """`valeur` unchanged when it can name a file. Raises ValueError otherwise (no separator, no leading dot)."""
    if not _IDENTIFIANT.fullmatch(valeur) or ".." in valeur:
        raise ValueError(f"{quoi} ne peut pas nommer un fichier : {valeur!r}")
    return valeur


# What a later delivery has corrected of this one: kind of period ("mois", "annee"… for counts, "mois:faits" or
# "semaine:faits" for dated facts), first day, place ("" for facts).
Retrait = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Scelle:
    """One delivery sealed in one Parquet file, never edited.

    Attributes:
        chemin: relative to the root of the store, POSIX.
        sha256: of the Parquet file.
        annees: calendar years in which its observations begin.
        debut, fin: first and last day observed, None when it holds no observation.
        retraits: what a partial correction supersedes, sorted: these observations are no longer visible.
    """

    conseil: str
    source: str
    livraison: str
    chemin: str
    sha256: str
    lignes: int
    octets: int
    annees: tuple[int, ...]
    debut: date | None
    fin: date | None
    retraits: tuple[Retrait, ...] = ()

    @property
    def cite(self) -> str:
        """Identity of what it makes visible: the same file with other withdrawals is another state."""
        if not self.retraits:
            return f"{self.livraison}:{self.sha256}"
        empreinte = hashlib.sha256(json.dumps(self.retraits).encode()).hexdigest()[:16]
        return f"{self.livraison}:{self.sha256}:{empreinte}"

    def sans(self, retraits: Iterable[Retrait]) -> Scelle:
        """Same file, these withdrawals and no other."""
        return replace(self, retraits=tuple(sorted(set(retraits))))

    def to_dict(self) -> dict[str, Any]:
        brut = asdict(self)
        brut["annees"] = list(self.annees)
        brut["retraits"] = [list(r) for r in self.retraits]
        brut["debut"] = self.debut.isoformat() if self.debut else None
        brut["fin"] = self.fin.isoformat() if self.fin else None
        return brut

    @classmethod
    def from_dict(cls, brut: Mapping[str, Any]) -> Scelle:
        """Inverse of `to_dict`. Raises KeyError or TypeError when a field is missing."""
        valeurs = {f.name: brut[f.name] for f in fields(cls) if f.name != "retraits"}
        valeurs["retraits"] = tuple((g, d, lieu) for g, d, lieu in brut.get("retraits", ()))
        valeurs["annees"] = tuple(int(a) for a in brut["annees"])
        for cle in ("debut", "fin"):
            valeurs[cle] = date.fromisoformat(brut[cle]) if brut[cle] else None
        return cls(**valeurs)


@dataclass(frozen=True, slots=True)
class Fichier:
    """A compacted file. `livraisons`: "identifier:sha256" of each delivery it holds, sorted."""

    chemin: str
    sha256: str
    lignes: int
    octets: int
    livraisons: tuple[str, ...]


@dataclass(frozen=True)
class Manifeste:
    """The files that make one council's visible state. The catalogue stores it in its own transaction.

    Attributes:
        communal: the cube summed by commune, for questions that tell no smaller place apart; None when the cube tells
            none either, and for states published before it existed.
    """

    conseil: str
    livraisons: tuple[Scelle, ...] = ()
    annees: tuple[tuple[int, Fichier], ...] = ()
    cube: Fichier | None = None
    communal: Fichier | None = None

    def chemins(self) -> frozenset[str]:
        """Relative paths of the compacted files (not of the sealed deliveries)."""
        cubes = {f.chemin for f in (self.cube, self.communal) if f is not None}
        return frozenset({f.chemin for _, f in self.annees} | cubes)

    def fichiers(self, debut: date | None = None, fin: date | None = None) -> tuple[str, ...]:
        """Yearly files holding the observations that begin within [debut, fin], by name alone."""
        return tuple(
            f.chemin
            for annee, f in self.annees
            if (debut is None or annee >= debut.year) and (fin is None or annee <= fin.year)
        )

    @cached_property
    def empreinte(self) -> str:
        """sha256 of the canonical JSON: equal manifests show equal figures."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def empreinte_de(self, source: str) -> str:
        """sha256 of what this source has published: equal ones give the same rows of the cube."""
        if source not in self._empreintes:
            cites = sorted(s.cite for s in self.livraisons if s.source == source)
            corps = json.dumps([self.conseil, source, cites])
            self._empreintes[source] = hashlib.sha256(corps.encode()).hexdigest()
        return self._empreintes[source]

    @cached_property
    def _empreintes(self) -> dict[str, str]:
        return {}

    def to_json(self) -> str:
        corps: dict[str, Any] = {
            "version": VERSION,
            "conseil": self.conseil,
            "livraisons": [s.to_dict() for s in self.livraisons],
            "annees": [{"annee": a, **_fichier(f)} for a, f in self.annees],
            "cube": _fichier(self.cube) if self.cube else None,
        }
        # Said only where it exists, so that a state published before it keeps its fingerprint.
        if self.communal:
            corps["communal"] = _fichier(self.communal)
        return json.dumps(corps, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, texte: str) -> Manifeste:
        """Inverse of `to_json`. Raises ValueError on an unknown version."""
        brut = json.loads(texte)
        if brut.get("version") != VERSION:
            raise ValueError(f"version de manifeste inconnue : {brut.get('version')!r}")
        return cls(
            conseil=brut["conseil"],
            livraisons=tuple(Scelle.from_dict(s) for s in brut["livraisons"]),
            annees=tuple((int(a["annee"]), _lu(a)) for a in brut["annees"]),
            cube=_lu(brut["cube"]) if brut["cube"] else None,
            communal=_lu(brut["communal"]) if brut.get("communal") else None,
        )


def _fichier(f: Fichier) -> dict[str, Any]:
    return {**asdict(f), "livraisons": list(f.livraisons)}


def _lu(brut: Mapping[str, Any]) -> Fichier:
    valeurs = {f.name: brut[f.name] for f in fields(Fichier)}
    valeurs["livraisons"] = tuple(brut["livraisons"])
    return Fichier(**valeurs)
