"""The one way out of a text."""

from __future__ import annotations

from collections.abc import Callable

from pupitre.documents.ecrits.modele import Ecrit


def _pdf(ecrit: Ecrit) -> bytes:
    from pupitre.documents.ecrits.pdf import en_pdf_ua

    return en_pdf_ua(ecrit)


def _docx(ecrit: Ecrit) -> bytes:
    from pupitre.documents.ecrits.docx import en_docx

    return en_docx(ecrit)


def _odt(ecrit: Ecrit) -> bytes:
    from pupitre.documents.ecrits.odt import en_odt

    return en_odt(ecrit)


FORMATS: dict[str, Callable[[Ecrit], bytes]] = {"pdf": _pdf, "docx": _docx, "odt": _odt}


def rendre(ecrit: Ecrit, format: str) -> bytes:
    """The file of that text. Raises KeyError on a format that is not in `FORMATS`."""
    return FORMATS[format](ecrit)
