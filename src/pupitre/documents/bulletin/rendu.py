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
from pupitre.documents.police import dossier_polices, tout_imprimable

if TYPE_CHECKING:
    import typst

MODELE = Path(str(files("pupitre.documents.bulletin"))) / "modele"
# A Typst compiler holds one world: two threads must not change its inputs at the same time.
_VERROU = Lock()


@cache
def _compilateur() -> typst.Compiler:
    import typst

    polices = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(dossier_polices())]
    )
    return typst.Compiler(str(MODELE / "bulletin.typ"), root=str(MODELE), font_paths=polices)


# Typst remembers its ten last compilations, 60 MB each for twelve pages, and nothing of one bulletin serves the
# next. Eleven empty documents push them out: a process stays at 170 MB instead of 850, and is not slower.
_COMPILATIONS_RETENUES = 11


def _oublier() -> None:
    for _ in range(_COMPILATIONS_RETENUES):
        _compilateur().compile(input=b" ", format="pdf", sys_inputs={})


def rendre_bulletin(faits: FaitsBulletin) -> bytes:
    """The PDF/UA-1 of a bulletin. The same facts give the same bytes: the date inside is the date of issue."""
    donnees = json.dumps(tout_imprimable(composer(faits)), ensure_ascii=False)
    minuit = datetime.combine(faits.emis_le, datetime.min.time(), tzinfo=UTC)
    with _VERROU:
        try:
            pdf = _compilateur().compile(
                input=str(MODELE / "bulletin.typ"),
                format="pdf",
                sys_inputs={"faits": donnees},
                pdf_standards=["ua-1"],
                timestamp=minuit,
            )
        finally:
            _oublier()
    if not isinstance(pdf, bytes):
        raise TypeError("Typst n’a pas rendu de PDF")
    return pdf
