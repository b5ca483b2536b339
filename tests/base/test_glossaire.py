"""docs/glossaire.md: one word for one thing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from django.apps import apps

GLOSSAIRE = Path(__file__).parents[2] / "docs" / "glossaire.md"


class Ligne(NamedTuple):
    mot: str
    code: str
    sens: str
    eviter: tuple[str, ...]


def lire_glossaire(texte: str) -> dict[str, Ligne]:
    """First table of the page, by name in the code."""
    section = texte.split("## ")[1]
    lignes = {}
    for rang in section.splitlines():
        cellules = [c.strip() for c in rang.strip("|").split("|")]
        if rang.startswith("| ") and len(cellules) == 4 and cellules[1].startswith("`"):
            code = cellules[1].strip("`")
            eviter = tuple(m.strip() for m in cellules[3].split(",") if m.strip())
            assert code not in lignes, f"{code} a deux lignes"
            lignes[code] = Ligne(cellules[0], code, cellules[2], eviter)
    return lignes


LIGNES = lire_glossaire(GLOSSAIRE.read_text("utf-8"))
MODELES = [m for m in apps.get_models() if m.__module__.startswith("pupitre.")]


def torts(modeles: dict[str, str], lignes: dict[str, Ligne]) -> list[str]:
    """What separates models (name → label) from the glossary, in both directions."""
    trouves = [f"{nom} n’est pas dans le glossaire" for nom in modeles if nom not in lignes]
    trouves += [f"{nom} n’existe plus" for nom in lignes if nom not in modeles]
    for nom, libelle in modeles.items():
        if nom in lignes and lignes[nom].mot != libelle:
            trouves.append(f"{nom} s’appelle « {libelle} », le glossaire dit « {lignes[nom].mot} »")
    mots = [ligne.mot for ligne in lignes.values()]
    trouves += [f"« {mot} » désigne deux choses" for mot in set(mots) if mots.count(mot) > 1]
    return trouves


def test_each_model_has_its_word():
    modeles = {m.__name__: str(m._meta.verbose_name) for m in MODELES}
    assert len(modeles) == len(MODELES), "deux modèles portent le même nom"
    assert not torts(modeles, LIGNES)


@pytest.mark.parametrize(
    ("modeles", "lignes"),
    [
        ({"Conseil": "conseil"}, {}),
        ({}, {"Conseil": Ligne("conseil", "Conseil", "", ())}),
        ({"Conseil": "comité"}, {"Conseil": Ligne("conseil", "Conseil", "", ())}),
        (
            {"A": "mot", "B": "mot"},
            {"A": Ligne("mot", "A", "", ()), "B": Ligne("mot", "B", "", ())},
        ),
    ],
)
def test_the_check_sees_what_is_wrong(modeles, lignes):
    assert torts(modeles, lignes)


def test_words_to_avoid_are_in_no_name_or_label():
    evites = {mot for ligne in LIGNES.values() for mot in ligne.eviter}
    assert evites
    libelles = [
        (f"{m.__name__}.{f.name}", str(getattr(f, "verbose_name", "")))
        for m in MODELES
        for f in m._meta.get_fields()
        if getattr(f, "concrete", False)
    ]
    libelles += [(m.__name__, f"{m._meta.verbose_name} {m._meta.verbose_name_plural}") for m in MODELES]
    motif = re.compile(rf"\b({'|'.join(map(re.escape, sorted(evites)))})s?\b", re.IGNORECASE)
    assert not [(ou, libelle) for ou, libelle in libelles if motif.search(libelle)]


def test_each_definition_is_a_sentence():
    courtes = [li.mot for li in LIGNES.values() if len(li.sens) < 20 or not li.sens.endswith(".")]
    assert not courtes
