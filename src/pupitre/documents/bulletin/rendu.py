"""Typst: one warmed compiler per process, PDF/UA-1, our own typeface only."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from pupitre.documents.bulletin.composition import composer
from pupitre.documents.bulletin.faits import FaitsBulletin

if TYPE_CHECKING:
    import typst

MODELE = Path(str(files("pupitre.documents.bulletin"))) / "modele"
# A Typst compiler holds one world: two threads must not change its inputs at the same time.
_VERROU = Lock()


def dossier_polices() -> Path:
    """Folder of Source Sans 3, upright and italic, variable."""
    import fontpkg_source_sans_3

    return fontpkg_source_sans_3.ROOT / "files"


@cache
def _compilateur() -> typst.Compiler:
    import typst

    polices = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(dossier_polices())]
    )
    return typst.Compiler(str(MODELE / "bulletin.typ"), root=str(MODELE), font_paths=polices)


def rendre_bulletin(faits: FaitsBulletin) -> bytes:
    """The PDF/UA-1 of a bulletin. The same facts give the same bytes: the date inside is the date of issue."""
    donnees = json.dumps(composer(faits), ensure_ascii=False)
    minuit = datetime.combine(faits.emis_le, datetime.min.time(), tzinfo=UTC)
    with _VERROU:
        pdf = _compilateur().compile(
            format="pdf", sys_inputs={"faits": donnees}, pdf_standards=["ua-1"], timestamp=minuit
        )
    if not isinstance(pdf, bytes):
        raise TypeError("Typst n’a pas rendu de PDF")
    return pdf
