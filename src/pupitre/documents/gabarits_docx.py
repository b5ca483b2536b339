"""A DOCX written by people, with `{{ champs }}`: read, and filled without running anything it may hold."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

# A document of twenty megabytes does not unpack into gigabytes.
DEPLIE_MAX = 200 * 1024 * 1024


class ModeleIllisible(Exception):
    """Not a DOCX, or fields that are not written as they should be."""


def _environnement() -> SandboxedEnvironment:
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def _ouvrir(contenu: bytes) -> DocxTemplate:
    try:
        with zipfile.ZipFile(BytesIO(contenu)) as archive:
            if sum(i.file_size for i in archive.infolist()) > DEPLIE_MAX:
                raise ModeleIllisible("Le document est trop volumineux une fois ouvert.")
            if "word/document.xml" not in archive.namelist():
                raise ModeleIllisible("Ce n’est pas un document DOCX.")
        modele = DocxTemplate(BytesIO(contenu))
        modele.init_docx()
    except (zipfile.BadZipFile, KeyError, ValueError) as erreur:
        raise ModeleIllisible("Ce n’est pas un document DOCX.") from erreur
    return modele


def champs(contenu: bytes) -> set[str]:
    """The fields that a template asks. Raises ModeleIllisible."""
    try:
        return set(_ouvrir(contenu).get_undeclared_template_variables(_environnement()))
    except TemplateError as erreur:
        raise ModeleIllisible(f"Un champ est mal écrit\u202f: {erreur}") from erreur


def remplir(contenu: bytes, valeurs: dict[str, Any]) -> bytes:
    """The DOCX with its fields filled. Raises ModeleIllisible."""
    modele = _ouvrir(contenu)
    try:
        modele.render(valeurs, _environnement(), autoescape=True)
    except (TemplateError, TypeError, ValueError, ArithmeticError) as erreur:
        raise ModeleIllisible(f"Le modèle ne peut pas être rempli\u202f: {erreur}") from erreur
    sortie = BytesIO()
    modele.save(sortie)
    return sortie.getvalue()


def ecrire(paragraphes: Sequence[str]) -> bytes:
    """A bare DOCX, one paragraph a line: what a template begins with."""
    document = Document()
    for texte in paragraphes:
        document.add_paragraph(texte)
    sortie = BytesIO()
    document.save(sortie)
    return sortie.getvalue()
