"""The bulletin as a page for WeasyPrint: the same sentences, tables and charts, set by a plain style sheet."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from pupitre.documents import graphiques
from pupitre.documents.bulletin import FaitsBulletin

STYLE = """
@page { size: A4; margin: 22mm 20mm; @bottom-right { content: counter(page) " / " counter(pages) } }
body { font: 10.5pt/1.45 "Source Sans 3", sans-serif } h1 { font-size: 26pt } h2 { break-before: page }
table { width: 100%; border-collapse: collapse; font-size: 9.5pt } td, th { border-bottom: .4pt solid #999 }
td + td { text-align: right } figure { margin: 6mm 0 } svg { width: 100%; max-height: 60mm } .absent { color: #777 }
"""


def en_html(faits: FaitsBulletin, composes: dict[str, Any]) -> str:
    """
    Args:
        composes: what the Typst template receives of the same facts.
    """
    corps = [*_garde(composes), *_chiffres(composes["chiffres"])]
    for theme, dit in zip(faits.themes, composes["themes"], strict=True):
        corps += _theme(theme, dit)
    for titre, nom in (("Sources", "sources"), ("Méthodes", "methodes"), ("Unités", "unites")):
        corps += [f"<h3>{titre}</h3>", *_dire(composes[nom])]
    titre = escape(composes["titre"])
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{titre}</title>'
        f"<style>{STYLE}</style></head><body>{''.join(corps)}</body></html>"
    )


def _garde(c: dict[str, Any]) -> Iterator[str]:
    yield f"<h1>{escape(c['titre'])}</h1>"
    for nom in ("conseil", "communes", "mention", "autorite", "redaction", "emis", "accroche", "chapo"):
        yield f"<p>{escape(c[nom])}</p>"
    yield from _dire(c["destinataires"])


def _chiffres(chiffres: list[dict[str, Any]]) -> Iterator[str]:
    yield "<h2>En une page</h2>"
    for c in chiffres:
        yield f"<h3>{escape(c['nom'])}</h3><p><b>{escape(c['valeur'])}</b> {escape(c['unite'])}</p>"
        yield f"<p>{escape(c['verdict'])} {escape(c['phrase'])} {escape(c['source'])}</p>"


def _theme(theme: Any, dit: dict[str, Any]) -> Iterator[str]:
    yield f"<h2>{escape(dit['titre'])}</h2><p><b>{escape(dit['accroche'])}</b></p>"
    yield from _dire([*dit["commentaires"], *dit["decisions"]])
    if theme.serie:
        yield f"<figure>{graphiques.serie_adaptative(theme.serie)}</figure>"
    if dit.get("tableau"):
        t = dit["tableau"]
        yield _table(
            [t["entete"], *map(str, t["colonnes"])],
            [[li["libelle"], *(_valeur(v) for v in li["valeurs"])] for li in t["lignes"]],
        )
    if dit.get("classement"):
        c = dit["classement"]
        rangs = [[r["libelle"], _valeur(r["valeur"]), _valeur(r["taux"])] for r in c["rangs"]]
        yield _table([c["entete"], c["unite"], c["taux"]], rangs)
    if theme.carte:
        yield f"<figure>{graphiques.carte(theme.carte)}</figure>"
    yield f"<p>{escape(dit['source'])}</p>"


def _valeur(v: Any) -> str:
    return str(v.get("t", "")) if isinstance(v, dict) else str(v or "")


def _table(entetes: list[str], lignes: list[list[str]]) -> str:
    tete = "".join(f'<th scope="col">{escape(e)}</th>' for e in entetes)
    corps = "".join("<tr>" + "".join(f"<td>{escape(v)}</td>" for v in li) + "</tr>" for li in lignes)
    return f"<table><thead><tr>{tete}</tr></thead><tbody>{corps}</tbody></table>"


def _dire(lus: Any) -> Iterator[str]:
    """Every text of a structure, one a line."""
    if isinstance(lus, str):
        yield f"<p>{escape(lus)}</p>" if lus else ""
    elif isinstance(lus, dict):
        for valeur in lus.values():
            yield from _dire(valeur)
    elif isinstance(lus, list | tuple):
        for valeur in lus:
            yield from _dire(valeur)
