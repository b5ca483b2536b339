"""The templates and the static files, read as text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

import pupitre.api
import pupitre.web
from pupitre.web.icones import TRACES

WEB, API = Path(pupitre.web.__file__).parent, Path(pupitre.api.__file__).parent
GABARITS = sorted(g for etage in (WEB, API) for g in (etage / "templates").rglob("*.html"))
# named by Django or by a setting, never by us
_NOMMES_AILLEURS = {
    "403_csrf.html",
    "compte/verrou.html",
    "fragments/formulaire.html",
    "fragments/champ.html",
}
# help written by us, drawings written by `documents.graphiques`, which escapes what it is given
_SANS_ECHAPPEMENT = {
    "field.help_text", "c.courbe", "f.svg", "d.svg", "dessin.svg", "carte.svg", "p.graphique", "p.carte", "p.barres",
}  # fmt: skip


# What is not text: tags of the template, of the page, and what is shown as typed.
_BALISES = re.compile(r"\{#.*?#\}|\{%.*?%\}|<(code|pre|script|style)\b.*?</\1>|<[^<>]*>", re.DOTALL)
# French puts a narrow no-break space there: a plain one leaves the sign alone at the head of a line.
_MAL_ESPACE = re.compile(r"[^\s]* (?:[;!?%»]|:(?!//))|«[ \u00a0].{0,20}")


def _nom(gabarit: Path) -> str:
    return gabarit.as_posix().partition("/templates/")[2]


@pytest.mark.parametrize("gabarit", GABARITS, ids=_nom)
def test_aucun_code_ni_style_dans_un_gabarit(gabarit):
    source = gabarit.read_text("utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=|javascript:", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)
    assert set(re.findall(r"([\w.]+)\|safe", source)) <= _SANS_ECHAPPEMENT


@pytest.mark.parametrize("gabarit", GABARITS, ids=_nom)
def test_les_signes_doubles_tiennent_a_leur_mot(gabarit):
    texte = _BALISES.sub("", re.sub(r"\{\{.*?\}\}", "x", gabarit.read_text("utf-8"), flags=re.DOTALL))
    assert not [m[0] for m in _MAL_ESPACE.finditer(texte)]


def test_chaque_gabarit_sert():
    sources = [p.read_text("utf-8") for p in [*GABARITS, *WEB.rglob("*.py"), *API.rglob("*.py")]]
    inutiles = {
        _nom(g) for g in GABARITS if not any(f'"{_nom(g)}"' in s or f"'{_nom(g)}'" in s for s in sources)
    }
    assert inutiles <= _NOMMES_AILLEURS


def test_les_icones_demandees_existent():
    demandees = {i for g in GABARITS for i in re.findall(r'{% icone "(\w+)"', g.read_text("utf-8"))}
    assert len(demandees) > 10
    assert demandees <= set(TRACES)


def test_les_classes_des_feuilles_de_style_tiennent_en_couches():
    """A rule outside a layer would win over all of them."""
    for feuille in (WEB / "static" / "pupitre" / "css").glob("*.css"):
        source = re.sub(r"/\*.*?\*/", "", feuille.read_text("utf-8"), flags=re.DOTALL)
        profondeur, dehors = 0, []
        for morceau in re.split(r"([{};])", source):
            if profondeur == 0 and morceau.strip() and morceau not in "{};":
                dehors.append(morceau.strip())
            profondeur += {"{": 1, "}": -1}.get(morceau, 0)
        assert profondeur == 0, feuille
        assert all(d.startswith(("@layer", "@font-face")) for d in dehors), (feuille, dehors)


@pytest.mark.parametrize(
    "nom",
    [
        "police/source-sans-3.ttf",
        "graphiques/graphiques.css",
        "django_htmx/htmx-2.min.js",
        "pupitre/css/jetons.css",
    ],
)
def test_les_fichiers_d_ailleurs_sont_trouves(nom):
    assert Path(finders.find(nom)).is_file()


@pytest.mark.parametrize(
    "nom", ["graphiques/__init__.py", "graphiques/", "police/../settings.py", "police/LICENSE"]
)
def test_rien_d_autre_de_ces_dossiers_n_est_servi(nom):
    assert not finders.find(nom)


def test_les_statiques_se_rassemblent_haches_et_resolus(settings, tmp_path):
    """As in production: a `url()` that leads nowhere would stop here."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    jetons = next((tmp_path / "pupitre" / "css").glob("jetons.????????????.css")).read_text("utf-8")
    police = re.search(r'url\("\.\./\.\./(police/source-sans-3\.\w{12}\.ttf)"\)', jetons).group(1)
    assert (tmp_path / police).is_file()
    assert (tmp_path / f"{police}.gz").is_file()
