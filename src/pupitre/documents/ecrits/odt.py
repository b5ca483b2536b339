"""A text as ODT: named styles, tagged tables, alternative texts."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from struct import unpack

from odfdo import (
    TOC,
    Cell,
    Document,
    Element,
    Frame,
    Header,
    List,
    ListItem,
    Paragraph,
    Row,
    Span,
    Style,
    Table,
)

from pupitre.documents.ecrits import odt_styles
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


def en_odt(ecrit: Ecrit) -> bytes:
    document = Document("text")
    document.body.clear()
    odt_styles.poser(document, ecrit)
    _proprietes(document, ecrit)
    corps = document.body
    mention = " · ".join(t for t in (ecrit.mention, "Données fictives" if ecrit.fictif else "") if t)
    haut = " — ".join(t for t in (nu(ecrit.surtitre), mention) if t)
    if haut:
        corps.append(Paragraph(haut, style="Pupitre_20_surtitre"))
    corps.append(Paragraph(nu(ecrit.titre), style="Title"))
    if ecrit.sous_titre:
        corps.append(Paragraph(nu(ecrit.sous_titre), style="Subtitle"))
    if ecrit.couverture:
        corps.append(Paragraph(nu(ecrit.emetteur)))
    for ligne in ecrit.lignes_de_tete:
        corps.append(Paragraph(nu(ligne), style="Pupitre_20_petit"))
    if ecrit.couverture:
        corps.append(Paragraph("", style="Pupitre_20_saut"))
    titres = [b for b in ecrit.blocs if isinstance(b, Titre)]
    for rang, bloc in enumerate(ecrit.blocs):
        for element in _elements(document, bloc, rang, titres):
            corps.append(element)
    sortie = BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def _proprietes(document: Document, ecrit: Ecrit) -> None:
    document.meta.title = nu(ecrit.titre)
    document.meta.initial_creator = nu(ecrit.emetteur)
    document.meta.creator = nu(ecrit.emetteur)
    document.meta.language = "fr-FR"
    minuit = datetime.combine(ecrit.jour, datetime.min.time())
    document.meta.creation_date = document.meta.date = minuit


def _elements(document: Document, bloc: Bloc, rang: int, titres: list[Titre]) -> list[Element]:
    match bloc:
        case Titre(niveau, titre):
            entete = Header(niveau, nu(titre))
            entete.set_attribute("text:style-name", f"Heading_20_{niveau}")
            return [entete]
        case Paragraphe(texte, registre):
            style = {
                Registre.COURANT: "Standard",
                Registre.PETIT: "Pupitre_20_petit",
                Registre.ACCROCHE: "Pupitre_20_accroche",
            }[registre]
            return [_paragraphe(texte, style)]
        case Liste(items, numerotee):
            return [_liste(items, numerotee)]
        case Grille():
            return _grille(document, bloc, rang)
        case Figure():
            return [
                Paragraph(legende(bloc), style="Pupitre_20_legende"),
                _image(document, bloc),
            ]
        case Encadre(entete, textes):
            return [_paragraphe(t, "Pupitre_20_encadre") for t in (f"**{entete}**", *textes)]
        case ACompleter(consigne):
            return [_paragraphe(f"**[À compléter]** {consigne}", "Pupitre_20_a_20_completer")]
        case Signature(qualite, signataire, fait):
            lignes = [*([fait] if fait else []), qualite, "", "", "", f"**{signataire}**"]
            return [_paragraphe(t, "Pupitre_20_signature") for t in lignes]
        case Sommaire(profondeur):
            return [_sommaire(profondeur, titres)]
        case Saut():
            return [Paragraph("", style="Pupitre_20_saut")]


def _sommaire(profondeur: int, titres: list[Titre]) -> TOC:
    """An index that the word processor updates; what stands in it meanwhile is the list of titles."""
    sommaire = TOC(title="Sommaire", outline_level=profondeur)
    corps = sommaire.get_element("text:index-body")
    for titre in titres:
        if titre.niveau <= profondeur:
            corps.append(Paragraph(nu(titre.titre), style=f"Contents_20_{titre.niveau}"))
    return sommaire


def _paragraphe(texte: str, style: str = "Standard") -> Paragraph:
    paragraphe = Paragraph("", style=style)
    for morceau, gras in fragments(texte):
        if gras:
            paragraphe.append(Span(morceau, style="Pupitre_20_gras"))
        else:
            paragraphe.append_plain_text(morceau)
    return paragraphe


def _liste(items: tuple[str, ...], numerotee: bool) -> List:
    liste = List(style="Numbering_20_1" if numerotee else "List_20_1")
    for item in items:
        element = ListItem()
        element.append(_paragraphe(f"\u2002{item}", "Pupitre_20_puce"))
        liste.append(element)
    return liste


def _grille(document: Document, grille: Grille, rang: int) -> list[Element]:
    table = Table(f"Tableau{rang}")
    parts = grille.largeurs or (1.0,) * len(grille.entetes)
    for i, part in enumerate(parts):
        colonne = Style("table-column", name=f"Tableau{rang}.{i}")
        largeur = f"{LARGEUR_MM * part / sum(parts):.1f}mm"
        colonne.set_properties(properties={"style:column-width": largeur}, area="table-column")
        document.insert_style(colonne, automatic=True)
        table.append(Element.from_tag(f'<table:table-column table:style-name="Tableau{rang}.{i}"/>'))
    entetes = Element.from_tag("<table:table-header-rows/>")
    entetes.append(_rangee(grille, grille.entetes, "Pupitre_20_entete"))
    table.append(entetes)
    for ligne in grille.lignes:
        table.append(_rangee(grille, ligne, "Pupitre_20_cellule"))
    elements: list[Element] = [Paragraph(nu(grille.legende), style="Pupitre_20_legende"), table]
    elements.append(Paragraph(nu(grille.note), style="Pupitre_20_petit"))
    return elements


def _rangee(grille: Grille, ligne: tuple[str, ...], style: str) -> Row:
    rangee = Row()
    for i, texte in enumerate(ligne):
        cellule = Cell(style="PupitreTitre" if style == "Pupitre_20_entete" else "PupitreCellule")
        cellule.append(_paragraphe(texte, f"{style}_20_droite" if i in grille.a_droite else style))
        rangee.append_cell(cellule)
    return rangee


def _image(document: Document, figure: Figure) -> Paragraph:
    octets = image(figure)
    largeur, hauteur = unpack(">II", octets[16:24])
    nom = document.add_file(BytesIO(octets))
    cadre = Frame.image_frame(
        nom,
        size=(f"{LARGEUR_MM}mm", f"{LARGEUR_MM * hauteur / largeur:.1f}mm"),
        anchor_type="as-char",
    )
    cadre.svg_title = legende(figure)
    cadre.svg_description = alternative(figure)
    paragraphe = Paragraph("")
    paragraphe.append(cadre)
    return paragraphe
