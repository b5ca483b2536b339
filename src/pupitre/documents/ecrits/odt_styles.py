"""The named styles of our ODT: whoever finishes the text changes them in the word processor."""

from __future__ import annotations

from odfdo import Document, Element, Paragraph, Style

from pupitre.documents.ecrits.fragments import nu
from pupitre.documents.ecrits.modele import Ecrit

ENCRE, GRIS, ACCENT = "#1b242d", "#54606c", "#0d5a6c"
_GRAS = {"fo:font-weight": "bold"}
_SUITE = {"fo:keep-with-next": "always"}
# name, parent, text, paragraph
_PARAGRAPHES: tuple[tuple[str, str, dict[str, str], dict[str, str]], ...] = (
    (
        "Standard",
        "",
        {
            "fo:font-family": "Calibri, Carlito, sans-serif",
            "fo:font-size": "11pt",
            "fo:color": ENCRE,
            "fo:language": "fr",
            "fo:country": "FR",
        },
        {"fo:margin-bottom": "0.2cm"},
    ),
    ("Title", "Standard", {"fo:font-size": "24pt", **_GRAS}, {"fo:margin-bottom": "0.2cm"}),
    ("Subtitle", "Standard", {"fo:font-size": "13pt", "fo:color": GRIS}, {"fo:margin-bottom": "0.4cm"}),
    ("Heading 1", "Standard", {"fo:font-size": "17pt", **_GRAS}, {"fo:margin-top": "0.7cm", **_SUITE}),
    ("Heading 2", "Standard", {"fo:font-size": "13pt", **_GRAS}, {"fo:margin-top": "0.5cm", **_SUITE}),
    ("Heading 3", "Standard", {"fo:font-size": "11pt", **_GRAS}, {"fo:margin-top": "0.4cm", **_SUITE}),
    ("Pupitre puce", "Standard", {}, {"fo:margin-left": "0.6cm", "fo:text-indent": "-0.4cm"}),
    ("Pupitre surtitre", "Standard", {"fo:color": ACCENT, **_GRAS}, {}),
    ("Pupitre petit", "Standard", {"fo:font-size": "9pt", "fo:color": GRIS}, {}),
    (
        "Pupitre accroche",
        "Standard",
        {"fo:font-size": "12pt"},
        {"fo:background-color": "#eaf2f3", "fo:padding": "0.35cm"},
    ),
    ("Pupitre legende", "Standard", {"fo:font-size": "10pt", **_GRAS}, {"fo:margin-top": "0.3cm", **_SUITE}),
    ("Pupitre cellule", "Standard", {"fo:font-size": "9.5pt"}, {"fo:margin-bottom": "0.02cm"}),
    ("Pupitre cellule droite", "Pupitre cellule", {}, {"fo:text-align": "end"}),
    ("Pupitre entete", "Pupitre cellule", _GRAS, {}),
    ("Pupitre entete droite", "Pupitre entete", {}, {"fo:text-align": "end"}),
    (
        "Pupitre encadre",
        "Standard",
        {},
        {"fo:border-left": f"0.09cm solid {ACCENT}", "fo:padding-left": "0.35cm"},
    ),
    (
        "Pupitre a completer",
        "Standard",
        {"fo:font-style": "italic", "fo:color": GRIS},
        {"fo:border": f"0.02cm dashed {GRIS}", "fo:padding": "0.3cm"},
    ),
    ("Pupitre signature", "Standard", {}, {"fo:margin-left": "9.5cm", **_SUITE}),
    ("Pupitre saut", "Standard", {}, {"fo:break-before": "page"}),
)


def nom_interne(nom: str) -> str:
    """OpenDocument writes the spaces of a style's name as `_20_`."""
    return nom.replace(" ", "_20_")


def poser(document: Document, ecrit: Ecrit) -> None:
    for nom, parent, texte, paragraphe in _PARAGRAPHES:
        style = Style(
            "paragraph",
            name=nom_interne(nom),
            display_name=nom,
            parent_style=nom_interne(parent) if parent else None,
        )
        for zone, proprietes in (("paragraph", paragraphe), ("text", texte)):
            if proprietes:
                style.set_properties(properties=proprietes, area=zone)
        ancien = document.get_style("paragraph", nom_interne(nom))
        if ancien is not None:
            ancien.parent.delete(ancien)
        document.insert_style(style)
    gras = Style("text", name=nom_interne("Pupitre gras"), display_name="Pupitre gras")
    gras.set_properties(properties=_GRAS, area="text")
    document.insert_style(gras)
    # Lines between rows only, as the PDF has them: columns are held by their alignment.
    for nom, filet in (("PupitreCellule", "0.02cm solid #c6cdd2"), ("PupitreTitre", "0.03cm solid #54606c")):
        bord = Style("table-cell", name=nom)
        bord.set_properties(
            properties={
                "fo:border-bottom": filet,
                "fo:border-left": "none",
                "fo:border-right": "none",
                "fo:border-top": filet if nom == "PupitreTitre" else "none",
                "fo:padding": "0.08cm",
                "fo:padding-right": "0.2cm",
            },
            area="table-cell",
        )
        document.insert_style(bord, automatic=True)
    _sans_numeros(document)
    _page(document, ecrit)


def _sans_numeros(document: Document) -> None:
    """The library's blank document numbers headings, which the other formats do not."""
    for niveau in document.get_part("styles.xml").get_elements("//text:outline-level-style"):
        niveau.set_attribute("style:num-format", "")
        for attribut in ("style:num-suffix", "loext:num-list-format"):
            niveau.del_attribute(attribut)
        niveau.set_attribute("text:display-levels", "1")


def _page(document: Document, ecrit: Ecrit) -> None:
    textes = (nu(ecrit.emetteur), nu(ecrit.mention), "Données fictives" if ecrit.fictif else "")
    pied = Paragraph(" · ".join(t for t in textes if t) + " · page ", style=nom_interne("Pupitre petit"))
    pied.append(Element.from_tag("<text:page-number text:select-page='current'/>"))
    maitresse = document.get_style("master-page", "Standard")
    maitresse.set_page_footer(pied)
    if ecrit.bandeau:
        maitresse.set_page_header(Paragraph(nu(ecrit.bandeau), style=nom_interne("Pupitre petit")))
    mise_en_page = document.get_style("page-layout", maitresse.get_attribute("style:page-layout-name"))
    marges = {"left": "2cm", "right": "2cm", "top": "2cm", "bottom": "1.6cm"}
    mise_en_page.set_properties(
        properties={
            "fo:page-width": "21cm",
            "fo:page-height": "29.7cm",
            **{f"fo:margin-{cote}": valeur for cote, valeur in marges.items()},
        },
        area="page-layout",
    )
