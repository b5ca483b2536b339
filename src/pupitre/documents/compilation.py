"""Typst: one warmed compiler per process, our own typeface only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from pupitre.documents.police import dossier_polices, tout_imprimable

if TYPE_CHECKING:
    import typst

# Templates import each other from this folder: `/bulletin/modele/charte.typ`.
RACINE = Path(__file__).parent
# A Typst compiler holds one world: two threads must not change its inputs at the same time.
_VERROU = Lock()


@cache
def _compilateur() -> typst.Compiler:
    import typst

    polices = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(dossier_polices())]
    )
    return typst.Compiler(
        str(RACINE / "bulletin" / "modele" / "bulletin.typ"), root=str(RACINE), font_paths=polices
    )


# Typst remembers its ten last compilations, 25 MB each for twelve pages, and nothing of one document serves the
# next. Eleven empty documents push them out: a process stays at 120 MB instead of 400, and is not slower.
_COMPILATIONS_RETENUES = 11


def _oublier() -> None:
    """Empty the compiler, then free it for the next document."""
    try:
        vide: dict[str, Any] = {"input": b" ", "format": "svg"}
        _compilateur().compile(**vide, sys_inputs={})
        # Given again, even empty, `sys_inputs` has the standard library built anew.
        for _ in range(_COMPILATIONS_RETENUES - 1):
            _compilateur().compile(**vide)
    finally:
        _VERROU.release()


def _oublier_ensuite() -> None:
    try:
        Thread(target=_oublier, name="typst-oubli").start()
    except RuntimeError:  # no thread left, or the process is ending
        _oublier()


def en_pdf(gabarit: Path, donnees: dict[str, Any], jour: date) -> bytes:
    """The PDF/UA-1 that a template makes of `donnees` (`sys.inputs.faits`).

    The same facts give the same bytes: the date inside is `jour`.
    """
    return en_pdfs(gabarit, [donnees], jour)[0]


def en_pdfs(gabarit: Path, lot: Sequence[dict[str, Any]], jour: date) -> list[bytes]:
    """As many documents of one template: a hundred letters, for which the compiler is not emptied each time."""
    minuit = datetime.combine(jour, datetime.min.time(), tzinfo=UTC)
    _VERROU.acquire()
    try:
        return [_compiler(gabarit, donnees, minuit) for donnees in lot]
    finally:
        _oublier_ensuite()


def _compiler(gabarit: Path, donnees: dict[str, Any], minuit: datetime) -> bytes:
    pdf = _compilateur().compile(
        input=str(gabarit),
        format="pdf",
        sys_inputs={"faits": _texte(donnees)},
        pdf_standards=["ua-1"],
        timestamp=minuit,
    )
    if not isinstance(pdf, bytes):
        raise TypeError("Typst n’a pas rendu de PDF")
    return pdf


def en_png(gabarit: Path, donnees: dict[str, Any], *, ppp: float = 200) -> bytes:
    """The single page that a template makes of `donnees`, as an image for a word processor."""
    with _VERROU:
        image = _compilateur().compile(
            input=str(gabarit), format="png", ppi=ppp, sys_inputs={"faits": _texte(donnees)}
        )
    if not isinstance(image, bytes):
        raise TypeError("une image a une seule page")
    return image


def _texte(donnees: dict[str, Any]) -> str:
    return json.dumps(tout_imprimable(donnees), ensure_ascii=False)
