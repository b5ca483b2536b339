"""What an appearance may change: the dark one colours alone, a narrow screen everything but colours.

The browser tests rely on it: they look for contrasts in the light and in the dark, for the rest in the light and
at 360 px.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pupitre

pytestmark = pytest.mark.une_fois
SOURCES = Path(pupitre.__file__).parent
FEUILLES = sorted(SOURCES.rglob("*.css"))
_COMMENTAIRE = re.compile(r"/\*.*?\*/", re.S)
_COULEUR = re.compile(r"(?<![\w-])(?:color|background(?:-color|-image)?|fill|opacity|filter)\s*:")
# The column of the rail, no longer at the side; the menu, closed until it is asked for; words that CSS writes.
_CONNUES = {
    ".cadre",
    ".rail-menu[popover]",
    ".rail-menu::backdrop",
    ".empile td[data-titre]::before",
    ".calendrier td[data-mois]::before",
}
_CLAIR_SOMBRE = re.compile(
    r"light-dark\(\s*(?:#[0-9a-f]{3,8}|rgb\([^)]*\))\s*,\s*(?:#[0-9a-f]{3,8}|rgb\([^)]*\))\s*\)"
)


def _lire(feuille: Path) -> str:
    return _COMMENTAIRE.sub("", feuille.read_text("utf-8"))


def _blocs(source: str, tete: str) -> Iterator[str]:
    """What the braces of each at-rule that begins so hold."""
    for debut in re.finditer(tete + r"[^{]*\{", source):
        profondeur, fin = 1, debut.end()
        while profondeur:
            profondeur += {"{": 1, "}": -1}.get(source[fin], 0)
            fin += 1
        yield source[debut.end() : fin - 1]


def _colorees(source: str) -> set[str]:
    """Selectors that change a colour with the width of the screen."""
    return {
        regle[1].strip()
        for bloc in _blocs(source, r"@media[^{]*width")
        for regle in re.finditer(r"([^{}]+)\{([^{}]*)\}", bloc)
        if _COULEUR.search(regle[2])
    }


def _au_dela_des_couleurs(source: str) -> list[str]:
    """Where the scheme changes something else than a colour."""
    autres = re.findall(r"prefers-color-scheme[^{]*", source)
    autres += [
        f"{s} {d}"
        for s, d in re.findall(r"([^{}]*data-apparence[^{}]*)\{([^{}]*)\}", source)
        if not re.fullmatch(r"\s*color-scheme:\s*\w+;?\s*", d)
    ]
    return autres + re.findall(r"light-dark\([^;]*", _CLAIR_SOMBRE.sub("", source))


@pytest.mark.parametrize("feuille", FEUILLES, ids=lambda f: f.name)
def test_le_sombre_ne_change_que_des_couleurs(feuille):
    assert _au_dela_des_couleurs(_lire(feuille)) == []


def test_aucun_script_ne_demande_l_apparence():
    scripts = sorted((SOURCES / "web" / "static" / "pupitre" / "js").glob("*.js"))
    assert scripts
    assert [s.name for s in scripts if re.search(r"prefers-color|colorScheme", s.read_text("utf-8"))] == []


@pytest.mark.parametrize("feuille", FEUILLES, ids=lambda f: f.name)
def test_la_largeur_ne_change_aucune_couleur(feuille):
    assert _colorees(_lire(feuille)) <= _CONNUES


def test_ces_regles_voient_ce_qu_elles_cherchent():
    assert _colorees("@media (max-width: 40rem) { .a { color: red; } .b { padding: 0; } }") == {".a"}
    for faute in (
        "@media (prefers-color-scheme: dark) { .a { display: none; } }",
        ':root[data-apparence="sombre"] { display: none; }',
        ".a { background: light-dark(url(a.png), url(b.png)); }",
    ):
        assert _au_dela_des_couleurs(faute)
