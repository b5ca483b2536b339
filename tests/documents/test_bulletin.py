"""The PDF itself: PDF/UA-1 structure, French, alternatives, and every figure that was given."""

import io
import re
import shutil
from collections import Counter
from dataclasses import replace

import pikepdf
import pytest
import typst
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pupitre.documents import compilation
from pupitre.documents.bulletin import rendre_bulletin
from pupitre.documents.bulletin.composition import composer
from pupitre.documents.compilation import RACINE
from pupitre.documents.graphiques.resumes import ecrire
from pupitre.documents.police import dossier_polices, imprimable
from pupitre.moteur.resultats import Absent
from tests.documents.exemples import EXTREMES, NON_LIVRE, bulletin, vide
from tests.documents.texte_pdf import texte


@pytest.fixture(scope="module")
def pdfs():
    return {nom: rendre_bulletin(fabrique()) for nom, fabrique in EXTREMES.items()}


def elements(pdf):
    """Every structure element, in reading order."""

    def parcourir(noeud):
        if isinstance(noeud, pikepdf.Array):
            for enfant in noeud:
                yield from parcourir(enfant)
        elif isinstance(noeud, pikepdf.Dictionary):
            if "/S" in noeud:
                yield noeud
            if "/K" in noeud:
                yield from parcourir(noeud.K)

    return parcourir(pdf.Root.StructTreeRoot.K)


@pytest.mark.parametrize("nom", EXTREMES)
def test_every_bulletin_is_pdf_ua(pdfs, nom):
    with pikepdf.open(io.BytesIO(pdfs[nom])) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("fr")
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as meta:
            assert meta["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
            assert "Bulletin de l’observatoire" in meta["dc:title"]
        arbre = list(elements(pdf))
        genres = Counter(str(e.S) for e in arbre)
        assert genres["/Title"] == 1
        assert genres["/H1"] >= 2
        figures = [e for e in arbre if e.S == "/Figure"]
        assert all(len(str(f.get("/Alt", ""))) > 10 for f in figures)
        liens = [a for page in pdf.pages for a in page.get("/Annots", [])]
        assert all("/Contents" in a for a in liens)
        polices = {
            str(f.BaseFont).split("+")[-1]
            for page in pdf.pages
            for f in page.get("/Resources", {}).get("/Font", {}).values()
        }
        assert polices <= {"SourceSans3-Roman", "SourceSans3-Italic"}


def test_twelve_pages_for_nine_themes_each_on_its_own(pdfs):
    faits = bulletin()
    with pikepdf.open(io.BytesIO(pdfs["ordinaire"])) as pdf:
        assert len(pdf.pages) == 12
        with pdf.open_outline() as plan:
            assert [e.title for e in plan.root] == [
                "Octobre 2026 en une page",
                *(t.titre for t in faits.themes),
                "Sources, unités et méthodes",
            ]
        # Six sparklines, a chart and a map by theme, the territory: each one is told.
        assert sum(e.S == "/Figure" for e in elements(pdf)) == 6 + 2 * 9 + 1


def test_every_value_given_is_printed(pdfs):
    faits = bulletin()
    pages = texte(pdfs["ordinaire"])
    for chiffre in faits.chiffres:
        assert (ecrire(chiffre.valeur) if not isinstance(chiffre.valeur, Absent) else "non livré") in pages[1]
    for page, theme in zip(pages[2:], faits.themes, strict=False):
        mots = Counter(re.split(r"[ \n]", page))
        attendus = [v for ligne in theme.tableau.lignes for v in ligne.valeurs]
        attendus += [v for r in theme.classement.rangs for v in (r.valeur, r.taux)]
        for valeur in attendus:
            if not isinstance(valeur, Absent):
                assert mots[ecrire(valeur, 1 if isinstance(valeur, float) else None)], (theme.titre, valeur)


def test_a_missing_value_is_never_zero(pdfs):
    themes = texte(pdfs["rien_de_livre"])[2:6]
    for page in themes:
        assert page.replace("\u00a0", " ").count("non livré") >= 34
        assert "Aucun chiffre pour cette période." in page
        assert not re.search(r"(?<!\d)0(?!\d)", page)


def test_headings_of_figures_stand_on_two_lines(pdfs):
    lignes = texte(pdfs["ordinaire"])[2].split("\n")
    assert "Cumul" in lignes
    assert not any(li.startswith("Cumul 2026") for li in lignes)


def test_text_is_never_read_as_markup(pdfs):
    entier = " ".join(texte(pdfs["bavard"]))
    for morceau in ("#let", "*1*", "$y$", "_ainsi_", "@cela", "<là>"):
        assert morceau in entier


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters()))
@example("👍🏽 \x00\ufeff\ud83d 中文 مرحبا ☎ e\u0301 \u202e")
@example("x" * 300)
def test_whatever_is_typed_the_bulletin_comes_out(tape):
    faits = replace(
        vide(), accroche=tape, chapo=tape, conseil=tape, communes=(tape,), manquants=(tape,), mention=tape
    )
    with pikepdf.open(io.BytesIO(rendre_bulletin(faits))) as pdf:
        assert len(pdf.pages) >= 2


def test_what_the_typeface_lacks_is_shown_as_a_square_or_left_out():
    assert imprimable("Créteil → Orly, œuvre n° 2 ≥ 3") == "Créteil → Orly, œuvre n° 2 ≥ 3"
    assert imprimable("e\u0301quipe") == "e\u0301quipe"
    assert imprimable("中 ①👍") == "□ 1"
    assert imprimable("a\x00\ufeffb\nc\td") == "ab\nc d"


def test_fictitious_data_is_marked_on_every_page():
    pages = texte(rendre_bulletin(bulletin(2)))
    assert all("Données fictives" in p for p in pages)
    reel = bulletin(2)
    reel = replace(
        reel, sources=tuple(replace(s, fictif=False) for s in reel.sources),
        themes=tuple(replace(t, fictif=False) for t in reel.themes),
    )  # fmt: skip
    assert not any("fictives" in p for p in texte(rendre_bulletin(reel)))


def test_the_same_facts_give_the_same_bytes():
    assert rendre_bulletin(bulletin(2)) == rendre_bulletin(bulletin(2))


def colonnes_trop_larges():
    faits = bulletin(1)
    (theme,) = faits.themes
    ligne = replace(theme.tableau.lignes[0], valeurs=("vingt-sept mille au moins",) * 5)
    return replace(faits, themes=(replace(theme, tableau=replace(theme.tableau, lignes=(ligne,))),))


def ligne_plus_haute_que_la_page():
    faits = bulletin(1)
    (theme,) = faits.themes
    ligne = replace(theme.tableau.lignes[0], libelle="vols et dégradations " * 120)
    return replace(faits, themes=(replace(theme, tableau=replace(theme.tableau, lignes=(ligne,) * 2)),))


@pytest.mark.parametrize("fabrique", [*EXTREMES.values(), colonnes_trop_larges, ligne_plus_haute_que_la_page])
def test_tables_given_lengths_are_those_that_typst_would_lay_out(fabrique, tmp_path, monkeypatch):
    faits = fabrique()
    attendu = rendre_bulletin(faits)
    shutil.copytree(RACINE, tmp_path / "documents")
    mesures = tmp_path / "documents" / "bulletin" / "modele" / "mesures.typ"
    assert mesures.read_text().count("if libre < 12mm {") == 1
    mesures.write_text(mesures.read_text().replace("if libre < 12mm {", "if true {"))
    compilateur = typst.Compiler(
        str(mesures),
        root=str(tmp_path / "documents"),
        font_paths=[str(dossier_polices())],
        ignore_system_fonts=True,
    )
    monkeypatch.setattr(compilation, "_compilateur", lambda: compilateur)
    gabarit = mesures.with_name("bulletin.typ")
    assert compilation.en_pdf(gabarit, composer(faits), faits.emis_le) == attendu


def test_one_missing_bar_is_hatched_and_told():
    faits = bulletin(1)
    theme = faits.themes[0]
    points = (*theme.serie.points[:-1], replace(theme.serie.points[-1], valeur=NON_LIVRE))
    faits = replace(faits, themes=(replace(theme, serie=replace(theme.serie, points=points)),))
    with pikepdf.open(io.BytesIO(rendre_bulletin(faits))) as pdf:
        alternatives = [str(e.Alt) for e in elements(pdf) if e.S == "/Figure"]
    assert any("Non\u00a0livré\u202f: oct.\u00a02026" in a for a in alternatives)
