"""Every view that asks for a right has an address: what nobody can reach is not a feature."""

from __future__ import annotations

import ast
from pathlib import Path

from django.urls import get_resolver

import pupitre.web

WEB = Path(pupitre.web.__file__).parent
_GARDES = {"exige", "par_lien"}


def _gardees() -> set[tuple[str, str]]:
    """(module, function) of what `exige` or `par_lien` decorates."""
    trouvees = set()
    for chemin in WEB.rglob("*.py"):
        module = ".".join(("pupitre", "web", *chemin.relative_to(WEB).with_suffix("").parts))
        for noeud in ast.parse(chemin.read_text("utf-8")).body:
            if isinstance(noeud, ast.FunctionDef) and any(
                isinstance(d, ast.Call) and getattr(d.func, "id", "") in _GARDES for d in noeud.decorator_list
            ):
                trouvees.add((module, noeud.name))
    return trouvees


def _adressees(motifs) -> set[tuple[str, str]]:
    trouvees = set()
    for motif in motifs:
        if hasattr(motif, "url_patterns"):
            trouvees |= _adressees(motif.url_patterns)
            continue
        vue = motif.callback
        while hasattr(vue, "__wrapped__"):
            vue = vue.__wrapped__
        trouvees.add((vue.__module__, vue.__name__))
    return trouvees


def test_aucune_vue_n_est_sans_adresse():
    gardees = _gardees()
    assert len(gardees) > 100
    assert gardees - _adressees(get_resolver().url_patterns) == set()
