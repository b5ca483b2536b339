"""Tables that leave: one place that turns a `Resultat` or a plain table into a file to download."""

from __future__ import annotations

from django.http import Http404, HttpResponse

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ics": "text/calendar; charset=utf-8",
    "vcf": "text/vcard; charset=utf-8",
    "odt": "application/vnd.oasis.opendocument.text",
}


def envoyer(contenu: bytes, format: str, nom: str, *, joint: bool = True) -> HttpResponse:
    reponse = HttpResponse(contenu, content_type=TYPES[format])
    disposition = "attachment" if joint else "inline"
    reponse["Content-Disposition"] = f'{disposition}; filename="{nom}.{format}"'
    return reponse


def resultats_en(format: str, nom: str, resultats) -> HttpResponse:
    """One or several `Resultat`, as CSV or XLSX. Raises Http404 on another format."""
    from pupitre.documents import tableaux

    if format == "csv":
        return envoyer(tableaux.vers_csv(*resultats), format, nom)
    if format == "xlsx":
        return envoyer(tableaux.vers_xlsx(*resultats), format, nom)
    raise Http404


def figure_en(format: str, nom: str, figure) -> HttpResponse:
    """A chart on its own (`observatoire.chiffres.figures.Figure`), as SVG or PNG. Raises Http404 on another format."""
    if format not in ("svg", "png"):
        raise Http404
    return envoyer(figure.en(format), format, nom)


def tableau_en(format: str, nom: str, table) -> HttpResponse:
    """A plain table (`documents.tableaux.Table`), as CSV or XLSX. Raises Http404 on another format."""
    from pupitre.documents import tableaux

    if format == "csv":
        return envoyer(tableaux.table_csv(table), format, nom)
    if format == "xlsx":
        return envoyer(tableaux.table_xlsx(table), format, nom)
    raise Http404
