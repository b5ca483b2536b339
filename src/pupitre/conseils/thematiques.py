"""The themes of items and decisions: those by which the observatory sorts its figures."""

from __future__ import annotations

from pupitre.moteur.nomenclatures import thematiques
from pupitre.socle import horloge


def themes() -> list[tuple[str, str]]:
    return [("", "Sans thème"), *((t.code, t.libelle) for t in thematiques.thematiques(horloge.aujourdhui()))]


def nom_du_theme(code: str) -> str:
    return dict(themes()).get(code, code) if code else ""
