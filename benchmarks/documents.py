"""The bulletin and the charts: ratios measured in one run. `python benchmarks/documents.py`."""

from __future__ import annotations

import io
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(RACINE / "src"), str(RACINE)]

import pikepdf  # noqa: E402
import typst  # noqa: E402
from benchmarks._mesure import concurrents  # noqa: E402
from tests.documents.exemples import bulletin  # noqa: E402

from pupitre.documents import compilation, graphiques  # noqa: E402
from pupitre.documents.bulletin import FaitsBulletin, rendre_bulletin  # noqa: E402
from pupitre.documents.bulletin.composition import composer  # noqa: E402
from pupitre.documents.bulletin.rendu import GABARIT  # noqa: E402
from pupitre.documents.formes import Point, Serie  # noqa: E402
from pupitre.documents.police import dossier_polices  # noqa: E402
from pupitre.moteur.resultats import Absent  # noqa: E402


def varies(n: int) -> Iterator[FaitsBulletin]:
    """Bulletins whose every series differs, so that nothing can be remembered from one to the next."""
    modele = bulletin()

    def bouger(serie: Serie, k: int) -> Serie:
        return replace(serie, points=tuple(
            Point(p.debut, p.valeur if isinstance(p.valeur, Absent) else p.valeur + (i * 7 + k) % 11, p.bas, p.haut)
            for i, p in enumerate(serie.points)
        ))  # fmt: skip

    for k in range(n):
        themes = tuple(
            replace(t, serie=t.serie and bouger(t.serie, k), commentaires=(f"Édition {k}. ", *t.commentaires))
            for t in modele.themes
        )
        yield replace(modele, accroche=f"Édition {k}. {modele.accroche}", themes=themes)


def duree(geste: Callable[[], Any]) -> float:
    depart = time.perf_counter()
    geste()
    return time.perf_counter() - depart


def oubli() -> float:
    """Waits for the compiler, which is emptied once a document is made; how long that took."""

    def attendre() -> None:
        with compilation._VERROU:
            pass

    return duree(attendre)


def typst_brut(donnees: str) -> bytes:
    """What Typst alone costs: a new compiler, the fonts read again, the same template and data."""
    pdf = typst.compile(
        str(GABARIT), root=str(compilation.RACINE), font_paths=[str(dossier_polices())],
        ignore_system_fonts=True, format="pdf", sys_inputs={"faits": donnees}, pdf_standards=["ua-1"],
    )  # fmt: skip
    assert isinstance(pdf, bytes)
    return pdf


def main() -> None:
    concurrents()
    froid = duree(lambda: rendre_bulletin(bulletin()))
    editions = list(varies(9))
    brutes = [json.dumps(composer(f), ensure_ascii=False) for f in varies(18)][9:]
    rendre_bulletin(editions[0])
    oublis = [oubli()]
    tiedes = []
    for f in editions[1:]:
        tiedes.append(duree(lambda f=f: rendre_bulletin(f)))  # type: ignore[misc]
        oublis.append(oubli())
    memoire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    bruts = [duree(lambda d=d: typst_brut(d)) for d in brutes[:4]]  # type: ignore[misc]
    composition = statistics.median(duree(lambda f=f: composer(f)) for f in editions[1:])  # type: ignore[misc]
    tiede, brut = statistics.median(tiedes), statistics.median(bruts)
    with pikepdf.open(io.BytesIO(rendre_bulletin(editions[0]))) as pdf:
        pages = len(pdf.pages)
    print(
        f"bulletin de {pages} pages : {tiede:.2f} s tiède (pire {max(tiedes):.2f} s), {froid:.2f} s à froid"
    )
    print(
        f"  puis {statistics.median(oublis) * 1000:.0f} ms pour vider le compilateur, le document déjà rendu"
    )
    print(
        f"  tiède / Typst seul à froid : {tiede / brut:.2f} ; composition en Python : {composition / tiede:.0%}"
    )
    print(f"  mémoire du processus après {len(tiedes) + 2} bulletins : {memoire} Mo")

    weasyprint(tiede, statistics.median(oublis))

    theme = editions[0].themes[0]
    assert theme.serie
    assert theme.carte
    serie, carte = theme.serie, theme.carte
    courbe = statistics.median(duree(lambda: graphiques.serie_adaptative(serie)) for _ in range(50))
    plan = statistics.median(duree(lambda: graphiques.carte(carte)) for _ in range(50))
    print(f"graphiques : série {courbe * 1000:.1f} ms, carte {plan * 1000:.1f} ms", end="")
    vega = vega_ms(serie)
    print(f" ; série par vl-convert {vega:.0f} ms, soit {vega / 1000 / courbe:.0f} fois plus" if vega else "")


def weasyprint(tiede: float, vidage: float) -> None:
    """The same facts as a web page printed by WeasyPrint, tagged too; said to be absent when it is."""
    try:
        from weasyprint import HTML
        from weasyprint.text.fonts import FontConfiguration
    except (ImportError, OSError) as absent:
        print(f"  WeasyPrint ne se charge pas ici : {absent}")
        return
    from benchmarks._bulletin_html import en_html

    polices = FontConfiguration()

    def imprimer(faits: FaitsBulletin) -> bytes:
        page = en_html(faits, composer(faits))
        return HTML(string=page).write_pdf(font_config=polices, pdf_variant="pdf/ua-1")

    imprimer(bulletin())
    editions = list(varies(4))
    temps = statistics.median(duree(lambda f=f: imprimer(f)) for f in editions)  # type: ignore[misc]
    with pikepdf.open(io.BytesIO(imprimer(editions[0]))) as pdf:
        pages = len(pdf.pages)
    print(
        f"  le même par WeasyPrint, {pages} pages : {temps:.2f} s, soit {temps / tiede:.1f} fois plus (but ≥ 20) ;"
        f" {temps / (tiede + vidage):.1f} fois, le compilateur vidé"
    )


def vega_ms(serie: Serie) -> float:
    """Milliseconds of the same bars by Vega-Lite, warm; 0 when vl-convert is absent."""
    try:
        import vl_convert
    except ImportError:
        return 0.0
    valeurs = [
        {"m": p.debut.isoformat(), "n": None if isinstance(p.valeur, Absent) else p.valeur}
        for p in serie.points
    ]
    spec = {
        "data": {"values": valeurs}, "mark": "bar", "width": 720, "height": 260,
        "encoding": {"x": {"field": "m", "type": "ordinal"}, "y": {"field": "n", "type": "quantitative"}},
    }  # fmt: skip
    vl_convert.vegalite_to_svg(spec)
    return statistics.median(duree(lambda: vl_convert.vegalite_to_svg(spec)) for _ in range(5)) * 1000


if __name__ == "__main__":
    main()
