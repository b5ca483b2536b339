"""A text as DOCX: real styles, so that whoever finishes it changes the look in one place."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from pupitre.documents.ecrits.dessins import LARGEUR_MM, alternative, image, legende
from pupitre.documents.ecrits.fragments import fragments, nu
from pupitre.documents.ecrits.modele import (
    ACompleter,
    Bloc,
    Ecrit,
    Encadre,
    Figure,
    Grille,
    Liste,
    Paragraphe,
    Registre,
    Saut,
    Signature,
    Sommaire,
    Titre,
)

POLICE = "Calibri"
ENCRE, GRIS, ACCENT = RGBColor(0x1B, 0x24, 0x2D), RGBColor(0x54, 0x60, 0x6C), RGBColor(0x0D, 0x5A, 0x6C)
_TAILLES = {"Title": 24, "Subtitle": 13, "Heading 1": 17, "Heading 2": 13, "Heading 3": 11}


def en_docx(ecrit: Ecrit) -> bytes:
    document = Document()
    _styles(document)
    _page(document, ecrit)
    _proprietes(document, ecrit)
    _tete(document, ecrit)
    titres = [b for b in ecrit.blocs if isinstance(b, Titre)]
    for bloc in ecrit.blocs:
        _ecrire(document, bloc, titres)
    sortie = BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def _styles(document: Any) -> None:
    styles = document.styles
    normal = styles["Normal"]
    normal.font.name, normal.font.size = POLICE, Pt(11)
    normal.paragraph_format.space_after = Pt(6)
    # French everywhere: the spelling checker of the reader reads this one attribute.
    langue = OxmlElement("w:lang")
    langue.set(qn("w:val"), "fr-FR")
    normal.element.get_or_add_rPr().append(langue)
    for nom, taille in _TAILLES.items():
        style = styles[nom]
        style.font.size, style.font.bold = Pt(taille), nom != "Subtitle"
        style.font.color.rgb = GRIS if nom == "Subtitle" else ENCRE
        polices = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribut in list(polices.attrib):
            del polices.attrib[attribut]
        style.font.name = POLICE
        if nom == "Title" and (bord := style.element.pPr.find(qn("w:pBdr"))) is not None:
            style.element.pPr.remove(bord)
    legende_ = styles["Caption"]
    legende_.font.size, legende_.font.bold, legende_.font.color.rgb = Pt(10), True, ENCRE
    legende_.paragraph_format.keep_with_next = True


def _page(document: Any, ecrit: Ecrit) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    section.different_first_page_header_footer = ecrit.couverture
    mention = " · ".join(t for t in (ecrit.mention, "Données fictives" if ecrit.fictif else "") if t)
    if ecrit.bandeau:
        _petit(section.header.paragraphs[0], nu(ecrit.bandeau))
        if ecrit.couverture:
            _petit(section.first_page_header.paragraphs[0], nu(ecrit.bandeau))
    pied = section.footer.paragraphs[0]
    pied.paragraph_format.tab_stops.add_tab_stop(Mm(LARGEUR_MM), WD_ALIGN_PARAGRAPH.RIGHT)
    _petit(pied, nu(f"{ecrit.emetteur}{' — ' + mention if mention else ''}") + "\t")
    _champ(pied, "PAGE")
    _petit(pied, " / ")
    _champ(pied, "NUMPAGES")


def _proprietes(document: Any, ecrit: Ecrit) -> None:
    coeur = document.core_properties
    coeur.title, coeur.author, coeur.language = nu(ecrit.titre), nu(ecrit.emetteur), "fr-FR"
    coeur.comments = "Données fictives" if ecrit.fictif else ""
    minuit = datetime.combine(ecrit.jour, datetime.min.time(), tzinfo=UTC)
    coeur.created = coeur.modified = minuit


def _tete(document: Any, ecrit: Ecrit) -> None:
    mention = " · ".join(t for t in (ecrit.mention, "Données fictives" if ecrit.fictif else "") if t)
    haut = document.add_paragraph()
    _fragments(haut, nu(ecrit.surtitre), couleur=ACCENT)
    if mention:
        haut.add_run(f"{' — ' if ecrit.surtitre else ''}{mention}").bold = True
    document.add_paragraph(nu(ecrit.titre), style="Title")
    if ecrit.sous_titre:
        document.add_paragraph(nu(ecrit.sous_titre), style="Subtitle")
    if ecrit.couverture:
        document.add_paragraph(nu(ecrit.emetteur))
    for ligne in ecrit.lignes_de_tete:
        _petit(document.add_paragraph(), nu(ligne))
    if ecrit.couverture:
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _ecrire(document: Any, bloc: Bloc, titres: list[Titre]) -> None:
    match bloc:
        case Titre(niveau, titre):
            document.add_heading(nu(titre), niveau)
        case Paragraphe(texte, registre):
            _paragraphe(document, texte, registre)
        case Liste(items, numerotee):
            for item in items:
                _fragments(document.add_paragraph(style="List Number" if numerotee else "List Bullet"), item)
        case Grille():
            _grille(document, bloc)
        case Figure():
            _figure(document, bloc)
        case Encadre(entete, textes):
            _encadre(document, entete, textes)
        case ACompleter(consigne):
            _a_completer(document, consigne)
        case Signature():
            _signature(document, bloc)
        case Sommaire(profondeur):
            _sommaire(document, profondeur, titres)
        case Saut():
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _paragraphe(document: Any, texte: str, registre: Registre) -> None:
    paragraphe = document.add_paragraph(style="Intense Quote" if registre is Registre.ACCROCHE else None)
    if registre is Registre.PETIT:
        _petit(paragraphe, nu(texte))
        return
    if registre is Registre.ACCROCHE:
        paragraphe.paragraph_format.left_indent = paragraphe.paragraph_format.right_indent = Mm(4)
    for morceau, gras in fragments(texte):
        trace = paragraphe.add_run(morceau)
        trace.bold = gras
        if registre is Registre.ACCROCHE:
            trace.italic, trace.font.color.rgb = False, ENCRE


def _fragments(paragraphe: Any, texte: str, couleur: RGBColor | None = None) -> None:
    for morceau, gras in fragments(texte):
        trace = paragraphe.add_run(morceau)
        trace.bold = gras
        if couleur is not None:
            trace.font.color.rgb = couleur


def _petit(paragraphe: Any, texte: str) -> None:
    trace = paragraphe.add_run(texte)
    trace.font.size, trace.font.color.rgb = Pt(9), GRIS


def _grille(document: Any, grille: Grille) -> None:
    document.add_paragraph(nu(grille.legende), style="Caption")
    table = document.add_table(rows=1, cols=len(grille.entetes), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    parts = grille.largeurs or (1.0,) * len(grille.entetes)
    largeurs = [Mm(LARGEUR_MM * p / sum(parts)) for p in parts]
    # Word reads the width of cells, LibreOffice that of columns.
    for colonne, largeur in zip(table.columns, largeurs, strict=True):
        colonne.width = largeur
    _filets(table)
    rangee = table.rows[0]
    # Repeated on each page, and announced as the header row to who does not see the table.
    entete = OxmlElement("w:tblHeader")
    entete.set(qn("w:val"), "true")
    rangee._tr.get_or_add_trPr().append(entete)
    for ligne, gras in [(grille.entetes, True), *((li, False) for li in grille.lignes)]:
        cellules = (rangee if gras else table.add_row()).cells
        for i, (cellule, texte) in enumerate(zip(cellules, ligne, strict=True)):
            cellule.width = largeurs[i]
            paragraphe = cellule.paragraphs[0]
            paragraphe.paragraph_format.space_after = Pt(1)
            if i in grille.a_droite:
                paragraphe.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            for morceau, fort in fragments(texte):
                trace = paragraphe.add_run(morceau)
                trace.bold, trace.font.size = gras or fort, Pt(9.5)
    note = document.add_paragraph()
    if grille.note:
        _petit(note, nu(grille.note))


def _filets(table: Any) -> None:
    """Lines between rows only, as the PDF has them: columns are held by their alignment."""
    bords = OxmlElement("w:tblBorders")
    for cote, epais in (
        ("top", "8"),
        ("bottom", "8"),
        ("insideH", "4"),
        ("left", ""),
        ("right", ""),
        ("insideV", ""),
    ):
        trait = OxmlElement(f"w:{cote}")
        trait.set(qn("w:val"), "single" if epais else "nil")
        if epais:
            trait.set(qn("w:sz"), epais)
            trait.set(qn("w:color"), "54606C" if epais == "8" else "C6CDD2")
        bords.append(trait)
    table._tbl.tblPr.append(bords)


def _figure(document: Any, figure: Figure) -> None:
    document.add_paragraph(legende(figure), style="Caption")
    paragraphe = document.add_paragraph()
    dessin = paragraphe.add_run().add_picture(BytesIO(image(figure)), width=Mm(LARGEUR_MM))
    dessin._inline.docPr.set("descr", alternative(figure))
    dessin._inline.docPr.set("title", legende(figure))


def _encadre(document: Any, entete: str, textes: tuple[str, ...]) -> None:
    cellule = document.add_table(rows=1, cols=1, style="Table Grid").rows[0].cells[0]
    titre = cellule.paragraphs[0].add_run(nu(entete))
    titre.bold, titre.font.color.rgb = True, ACCENT
    for texte in textes:
        _fragments(cellule.add_paragraph(), texte)
    document.add_paragraph()


def _a_completer(document: Any, consigne: str) -> None:
    paragraphe = document.add_paragraph()
    debut = paragraphe.add_run("[À compléter] ")
    debut.bold = True
    suite = paragraphe.add_run(nu(consigne))
    suite.italic = True
    for trace in (debut, suite):
        trace.font.color.rgb = GRIS
    document.add_paragraph()


def _signature(document: Any, bloc: Signature) -> None:
    for texte, avant in ((bloc.fait, 18), (bloc.qualite, 0), (bloc.signataire, 54)):
        if texte:
            paragraphe = document.add_paragraph(nu(texte))
            paragraphe.paragraph_format.left_indent = Mm(95)
            paragraphe.paragraph_format.space_before = Pt(avant)
            paragraphe.paragraph_format.keep_with_next = texte != bloc.signataire


def _sommaire(document: Any, profondeur: int, titres: list[Titre]) -> None:
    """A field that the word processor fills; what stands in it meanwhile is the list of titles."""
    _fragments(document.add_paragraph(), "**Sommaire**")
    lignes = [t for t in titres if t.niveau <= profondeur]
    paragraphe = document.add_paragraph()
    _champ(paragraphe, f'TOC \\o "1-{profondeur}" \\h \\z \\u', ouvrir=True)
    for i, titre in enumerate(lignes):
        if i:
            paragraphe = document.add_paragraph()
        paragraphe.paragraph_format.left_indent = Mm(6 * (titre.niveau - 1))
        paragraphe.paragraph_format.space_after = Pt(2)
        paragraphe.add_run(nu(titre.titre))
    _borne(paragraphe, "end")


def _champ(paragraphe: Any, code: str, ouvrir: bool = False) -> None:
    _borne(paragraphe, "begin", sale=ouvrir)
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = code
    paragraphe.add_run()._r.append(instruction)
    _borne(paragraphe, "separate")
    if not ouvrir:
        _petit(paragraphe, "1")
        _borne(paragraphe, "end")


def _borne(paragraphe: Any, genre: str, sale: bool = False) -> None:
    borne = OxmlElement("w:fldChar")
    borne.set(qn("w:fldCharType"), genre)
    if sale:
        borne.set(qn("w:dirty"), "true")
    paragraphe.add_run()._r.append(borne)
