"""Texts that people finish: the same content as PDF/UA, DOCX and ODT, opened with real readers."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from xml.etree import ElementTree

import pikepdf
import pytest
from docx import Document as Docx
from docx.oxml.ns import qn
from odfdo import Document as Odt

from pupitre.documents.ecrits import (
    FORMATS,
    ACompleter,
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
    rendre,
)
from pupitre.documents.formes import Carte, Point, Serie, Zone
from tests.conftest import manque
from tests.documents import texte_pdf

_CARRE = ((2.4, 48.7), (2.5, 48.7), (2.5, 48.8), (2.4, 48.8), (2.4, 48.7))
ECRIT = Ecrit(
    titre="Étude semestrielle",
    sous_titre="de janvier à juin 2026",
    surtitre="Observatoire de la délinquance",
    emetteur="CISPD « Plaine centrale »",
    jour=date(2026, 7, 15),
    mention="Diffusion restreinte",
    lignes_de_tete=("Rédigée par l’observatoire.",),
    couverture=True,
    fictif=True,
    blocs=(
        Sommaire(),
        Titre(1, "Les phénomènes"),
        Paragraphe("**Hausse significative.** 63 contre 40.", Registre.ACCROCHE),
        Paragraphe("Du texte, avec un mot **en gras** ; et la suite."),
        Titre(2, "Cambriolages"),
        Figure(
            Serie("Cambriolages, par mois", "fait", tuple(Point(date(2026, m, 1), 7 + m) for m in range(1, 7)))
        ),
        Figure(Carte("Taux par secteur", "fait", (Zone("A", "Gare", (_CARRE,), 3.5),), 1)),
        Liste(("Bailleurs", "Transporteurs")),
        Liste(("D’abord", "Ensuite"), numerotee=True),
        Grille("Les secteurs", ("Secteur", "Faits"), (("Gare", "12"), ("Mèches", "n. d.")), (3, 1), (1,)),
        Encadre("À dire en réunion", ("« Rien ne bouge. »",)),
        ACompleter("Votre lecture du semestre."),
        Saut(),
        Signature("La présidente", "Camille Martin", "Fait à Créteil"),
        Paragraphe("Source : police nationale.", Registre.PETIT),
    ),
)  # fmt: skip
_MOTS = (
    "Étude semestrielle",
    "Les phénomènes",
    "Hausse significative.",
    "en gras",
    "Mèches",
    "Camille Martin",
)


def test_un_ecrit_gele_est_relu_tel_quel():
    assert Ecrit.from_dict(json.loads(json.dumps(ECRIT.to_dict()))) == ECRIT


def test_une_version_inconnue_est_refusee():
    with pytest.raises(ValueError, match="version"):
        Ecrit.from_dict({"version": 99})


@pytest.mark.parametrize("format", FORMATS)
def test_les_memes_faits_donnent_le_meme_texte(format):
    assert _texte(format, rendre(ECRIT, format)) == _texte(format, rendre(ECRIT, format))
    lu = _texte(format, rendre(ECRIT, format))
    for mot in _MOTS:
        assert mot in lu


def _sans_coupure(texte: str) -> str:
    return re.sub(r"\s+", " ", texte)


def _texte(format: str, octets: bytes) -> str:
    if format == "pdf":
        return _sans_coupure(" ".join(texte_pdf.texte(octets)))
    if format == "docx":
        return "".join(t.text or "" for t in Docx(BytesIO(octets)).element.body.iter(qn("w:t")))
    with zipfile.ZipFile(BytesIO(octets)) as archive:
        return "".join(ElementTree.fromstring(archive.read("content.xml")).itertext())


def test_le_pdf_est_balise_et_en_francais():
    with pikepdf.open(BytesIO(rendre(ECRIT, "pdf"))) as pdf:
        assert str(pdf.Root.Lang).startswith("fr")
        assert pdf.Root.MarkInfo.Marked
        assert pdf.docinfo["/Title"] == "Étude semestrielle"


def test_le_docx_a_de_vrais_styles_et_des_images_decrites():
    document = Docx(BytesIO(rendre(ECRIT, "docx")))
    styles = {p.text: p.style.name for p in document.paragraphs}
    assert styles["Cambriolages"] == "Heading 2"
    assert document.core_properties.language == "fr-FR"
    decrites = [d.get("descr") for d in document.element.body.iter(qn("wp:docPr"))]
    assert len(decrites) == 2
    assert all(decrites)
    entete = document.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader"))
    assert entete is not None


def test_l_odt_a_de_vrais_titres_et_des_images_decrites():
    document = Odt(BytesIO(rendre(ECRIT, "odt")))
    titres = [(h.get_attribute("text:outline-level"), h.get_attribute("text:style-name")) for h in
              document.body.headers]  # fmt: skip
    assert ("2", "Heading_20_2") in titres
    cadres = document.body.get_frames()
    assert len(cadres) == 2
    assert all(c.svg_description and c.svg_title for c in cadres)


def test_les_colonnes_du_docx_ont_les_largeurs_demandees_pour_tous_les_traitements_de_texte():
    table = Docx(BytesIO(rendre(ECRIT, "docx"))).tables[0]
    for largeurs in ([c.width for c in table.columns], [c.width for c in table.rows[1].cells]):
        assert largeurs[0] / largeurs[1] == pytest.approx(3, rel=0.01)


def test_les_titres_de_l_odt_ne_se_numerotent_pas_seuls():
    niveaux = (
        Odt(BytesIO(rendre(ECRIT, "odt"))).get_part("styles.xml").get_elements("//text:outline-level-style")
    )
    assert niveaux
    for niveau in niveaux:
        assert not niveau.get_attribute("style:num-format")
        assert "num-suffix" not in niveau.serialize()
        assert "list-format" not in niveau.serialize()


@pytest.mark.parametrize("format", ["docx", "odt"])
def test_libreoffice_l_ouvre(format, tmp_path):
    soffice = shutil.which("soffice")
    if soffice is None:
        manque("LibreOffice est absent : .ci/run l’installe.")
    chemin = tmp_path / f"etude.{format}"
    chemin.write_bytes(rendre(ECRIT, format))
    subprocess.run(
        [soffice, f"-env:UserInstallation=file://{tmp_path}/profil", "--headless",
         "--convert-to", "txt:Text (encoded):UTF8",
         "--outdir", str(tmp_path), str(chemin)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    lu = _sans_coupure((tmp_path / "etude.txt").read_text("utf-8"))
    for mot in ("Les phénomènes", "Camille Martin"):
        assert mot in lu


def test_une_grille_bancale_ou_un_titre_trop_profond_sont_refuses():
    with pytest.raises(ValueError, match="cellules"):
        Grille("X", ("a", "b"), (("1",),))
    with pytest.raises(ValueError, match="niveau"):
        Titre(4, "trop")


RESERVE = "Réserves\u202f: les chiffres de mars sont provisoires, ne pas les citer."
RESERVE_LONGUE = RESERVE + " Le bailleur a changé de logiciel." * 20


def test_un_bandeau_est_en_haut_de_chaque_page_du_pdf():
    for texte in (RESERVE, RESERVE_LONGUE):
        pages = texte_pdf.texte(rendre(replace(ECRIT, bandeau=texte), "pdf"))
        assert len(pages) > 2
        assert all("ne pas les citer" in " ".join(p.split()) for p in pages)


def test_un_bandeau_suit_le_texte_dans_les_traitements_de_texte():
    document = Docx(BytesIO(rendre(replace(ECRIT, bandeau=RESERVE), "docx")))
    section = document.sections[0]
    for haut in (section.header, section.first_page_header):
        assert "ne pas les citer" in haut.paragraphs[0].text
    with zipfile.ZipFile(BytesIO(rendre(replace(ECRIT, bandeau=RESERVE), "odt"))) as archive:
        styles = archive.read("styles.xml").decode()
    assert "ne pas les citer" in styles.partition("<style:header>")[2].partition("</style:header>")[0]
