"""Preparing an installation, step by step; a step already done changes nothing and says so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Etape:
    """`fait`: something was written; False when all was there already."""

    nom: str
    fait: bool
    detail: str
